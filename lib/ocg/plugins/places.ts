/**
 * Where everything about plugins is, below the state directory: `ocg/plugins/`.
 *
 * @module
 */
import { encodeName } from "../../store/names.ts";

/** The folder of all plugins, below the state directory. */
export const PLUGINS = "ocg/plugins";

/** The folder of the records of what is installed. */
export const INSTALLED = `${PLUGINS}/installed`;

/**
 * The folder that one version of OpenClaw is installed in, once for all plugins that use it.
 *
 * @param root The state directory.
 * @param version OpenClaw's version.
 * @returns The folder with its `node_modules`.
 */
export function openclawFolder(root: string, version: string): string {
  return `${root}/${PLUGINS}/openclaw/${version}`;
}

/**
 * The folder that a plugin is installed in. It is below OpenClaw's, so that the plugin finds that as every
 * package finds others: in a `node_modules` of a folder above.
 *
 * @param root The state directory.
 * @param plugin The package, with the version of OpenClaw that it uses.
 * @param plugin.package The package's name.
 * @param plugin.version Its version.
 * @param plugin.openclaw OpenClaw's version.
 * @returns The folder with its `node_modules`.
 */
export function packageFolder(
  root: string,
  plugin: { readonly package: string; readonly version: string; readonly openclaw: string },
): string {
  // Names of packages have no "+", and plugins get along with it in paths, as they do not with "%".
  const name = `${plugin.package.replace("/", "+")}@${plugin.version}`;
  return `${openclawFolder(root, plugin.openclaw)}/packages/${name}`;
}

/**
 * The folder that is an account's own: what its host and its plugin keep.
 *
 * @param root The state directory.
 * @param channel The channel's id.
 * @param account The account's name.
 * @returns The folder.
 */
export function accountFolder(root: string, channel: string, account: string): string {
  return `${root}/${PLUGINS}/state/${encodeName(channel)}/${encodeName(account)}`;
}

/**
 * The folder that Node is installed in where the machine has none that serves.
 *
 * @param root The state directory.
 * @returns The folder with its `node_modules`.
 */
export function nodeFolder(root: string): string {
  return `${root}/${PLUGINS}/node`;
}
