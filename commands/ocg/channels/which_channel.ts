/**
 * Whether there is a channel of a name, and what to do if not.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { KNOWN_CHANNELS, knownChannel } from "../../../lib/ocg/channel_names.ts";
import { installedPlugins } from "../../../lib/ocg/plugins/registry.ts";
import { nearest } from "../../../lib/config/nearest.ts";

/** Where a channel comes from. */
export type ChannelSource =
  | { readonly kind: "built-in" }
  | { readonly kind: "plugin"; readonly package: string }
  /** A plugin that is known and not installed. */
  | { readonly kind: "missing"; readonly package: string };

/**
 * Finds out where a channel comes from.
 *
 * @param root The state directory.
 * @param channel Its id.
 * @returns Its source.
 * @throws {MeshError} `not_found` if nobody knows it.
 */
export async function channelSource(root: string, channel: string): Promise<ChannelSource> {
  const plugins = await installedPlugins(root);
  const plugin = plugins.find((one) => one.channel === channel);
  if (plugin) return { kind: "plugin", package: plugin.package };
  const known = knownChannel(channel);
  if (known?.plugin !== undefined) return { kind: "missing", package: known.plugin };
  if (known) return { kind: "built-in" };
  const meant = meantBy(channel, plugins.map((one) => one.channel));
  throw new MeshError("not_found", `There is no channel "${channel.slice(0, 64)}"`, {
    hint: meant === undefined
      ? "mesh ocg channels list --all, or: mesh ocg plugins install PACKAGE"
      : `did you mean "${meant}"?`,
  });
}

/** The id that was meant by another name, or by one with a slip in it. */
function meantBy(typed: string, installed: readonly string[]): string | undefined {
  const names = new Map(installed.map((id) => [id, id]));
  for (const { id, names: others = [] } of KNOWN_CHANNELS) {
    for (const name of [id, ...others]) names.set(name, id);
  }
  const found = nearest(typed, [...names.keys()]);
  return found === undefined ? undefined : names.get(found);
}
