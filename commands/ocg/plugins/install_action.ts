/** What `mesh ocg plugins install` does. @module */
import { installPlugin } from "../../../lib/ocg/plugins/install.ts";
import type { InstalledPlugin } from "../../../lib/ocg/plugins/installed.ts";
import type { ActionContext } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { interruption } from "../../interrupt.ts";
import { stateDirectory } from "../../state_directory.ts";
import { safeText } from "../../terminal.ts";
import { pluginDocument } from "./plugin_document.ts";

/**
 * Installs a plugin.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param spec The package.
 */
export default async function (
  { terminal, env }: ActionContext,
  flags: CommonFlags,
  spec: string,
): Promise<void> {
  const root = stateDirectory(flags, env);
  using asked = interruption();
  const { plugin, before } = await installPlugin(root, spec, {
    env,
    signal: asked.signal,
    onStep: (step) => terminal.note(`${step} …`),
  });
  terminal.document({ ok: true, ...pluginDocument(plugin), before: before ?? null });
  const { channel, label, version } = plugin;
  const was = before === undefined || before === version ? "" : ` in place of ${before}`;
  const shown = label === channel ? "" : ` (${safeText(label)})`;
  terminal.line(
    `Installed ${plugin.package} ${version}${was}: it brings the channel "${channel}"${shown}`,
  );
  if (!terminal.json) terminal.note(`next: ${nextStep(plugin, before !== undefined)}`);
}

/** What has to be done before anybody can talk. */
function nextStep({ channel, qrLogin }: InstalledPlugin, again: boolean): string {
  if (again) return `mesh ocg channels restart --channel ${channel}`;
  const way = qrLogin ? "login" : "add";
  return `mesh ocg channels ${way} --channel ${channel}${qrLogin ? "" : " --token -"}`;
}
