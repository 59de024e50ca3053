/**
 * Removes plugins, and what only they used.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { encodeName } from "../../store/names.ts";
import { alone } from "./alone.ts";
import { dispose } from "./folders.ts";
import { type InstalledPlugin, installedRecords, placeOf } from "./installed.ts";
import { nodeFolder, openclawFolder, PLUGINS } from "./places.ts";
import { installedPlugins } from "./registry.ts";

/**
 * Removes a plugin. What its accounts keep, such as logins, stays unless it is to go as well.
 *
 * @param root The state directory.
 * @param name Its channel or its package.
 * @param options What goes with it.
 * @param options.purge Whether its accounts' files go too.
 * @returns What was removed.
 * @throws {MeshError} `not_found` if it is not installed, `locked` if somebody else installs.
 */
export async function removePlugin(
  root: string,
  name: string,
  { purge = false }: { readonly purge?: boolean } = {},
): Promise<InstalledPlugin> {
  const find = async () =>
    (await installedPlugins(root)).find((one) => one.channel === name || one.package === name);
  const missing = new MeshError("not_found", `No plugin "${name}" is installed`, {
    hint: "mesh ocg plugins list",
  });
  if (!await find()) throw missing;
  return await alone(root, async () => {
    const plugin = await find();
    if (!plugin) throw missing;
    await installedRecords(root).delete(plugin.channel);
    await dispose(placeOf(root, plugin));
    if (purge) await dispose(`${root}/${PLUGINS}/state/${encodeName(plugin.channel)}`);
    const left = await installedPlugins(root);
    const { version } = plugin.openclaw;
    if (left.every(({ openclaw }) => openclaw.version !== version)) {
      await dispose(openclawFolder(root, version));
    }
    if (left.length === 0) {
      await dispose(nodeFolder(root));
      await dispose(`${root}/${PLUGINS}/host`);
    }
    return plugin;
  });
}
