/**
 * A plugin as `--json` prints it.
 *
 * @module
 */
import type { InstalledPlugin } from "../../../lib/ocg/plugins/installed.ts";

/**
 * A plugin for programs.
 *
 * @param plugin The plugin.
 * @returns Its fields, without what only hosts need.
 */
export function pluginDocument(plugin: InstalledPlugin): Readonly<Record<string, unknown>> {
  const { channel, label, version, integrity, openclaw, qrLogin, installedAt } = plugin;
  return {
    package: plugin.package,
    version,
    integrity,
    channel,
    label,
    openclaw: openclaw.version,
    qrLogin,
    installedAt,
  };
}
