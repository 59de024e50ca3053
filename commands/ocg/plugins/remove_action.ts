/** What `mesh ocg plugins remove` does. @module */
import { removePlugin } from "../../../lib/ocg/plugins/remove.ts";
import type { ActionContext } from "../../define.ts";
import { stateDirectory } from "../../state_directory.ts";
import { pluginDocument } from "./plugin_document.ts";
import type { RemoveFlags } from "./routes.ts";

/**
 * Removes a plugin.
 *
 * @param context The terminal.
 * @param flags What goes with it.
 * @param name The package or its channel.
 */
export default async function (
  { terminal, env }: ActionContext,
  flags: RemoveFlags,
  name: string,
): Promise<void> {
  const plugin = await removePlugin(stateDirectory(flags, env), name, { purge: flags.purge });
  terminal.document({ ok: true, removed: pluginDocument(plugin), purged: flags.purge });
  terminal.line(`Removed ${plugin.package} ${plugin.version}`);
  if (terminal.json) return;
  const { channel } = plugin;
  if (!flags.purge) terminal.note(`What its accounts keep stays: ocg/plugins/state/${channel}`);
  terminal.note(`If it is configured: mesh ocg channels remove --channel ${channel}`);
}
