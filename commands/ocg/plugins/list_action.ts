/** What `mesh ocg plugins list` does. @module */
import { installedPlugins } from "../../../lib/ocg/plugins/registry.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { stateDirectory } from "../../state_directory.ts";
import { ago } from "../../text.ts";
import { pluginDocument } from "./plugin_document.ts";

/**
 * Lists the plugins.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (
  { terminal, env }: ActionContext,
  flags: CommonFlags,
): Promise<void> {
  const plugins = await installedPlugins(stateDirectory(flags, env));
  terminal.document(plugins.map(pluginDocument));
  if (plugins.length === 0) {
    terminal.line("No plugin is installed.");
    if (!terminal.json) terminal.note("next: mesh ocg plugins install <package>");
    return;
  }
  terminal.table(
    ["CHANNEL", "PACKAGE", "VERSION", "OPENCLAW", "INSTALLED"].map((title) => ({ title })),
    plugins.map((plugin) => [
      plugin.channel,
      plugin.package,
      plugin.version,
      plugin.openclaw.version,
      ago(new Date(plugin.installedAt)),
    ]),
  );
}
