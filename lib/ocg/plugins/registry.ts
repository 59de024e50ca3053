/**
 * The plugins of a state directory, as channels that the gateway can start.
 *
 * @module
 */
import type { ChannelFactory } from "../gateway.ts";
import type { Environment } from "../config_file.ts";
import { type InstalledPlugin, installedRecords } from "./installed.ts";
import { PluginChannel } from "./plugin_channel.ts";
import type { HostRuntime } from "./runtime.ts";

export type { InstalledPlugin } from "./installed.ts";
export { pluginLogin, type PluginLoginOptions } from "./login.ts";

/** What a plugin said, for the log. */
export interface PluginEvent {
  /** Always `plugin`. */
  readonly type: "plugin";
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
  /** A line that the plugin or its host printed, without the account's secrets. */
  readonly line: string;
}

/** What plugins' channels need. */
export interface PluginFactoriesOptions {
  /** Reads our environment. */
  readonly env: Environment;
  /** Told of what plugins say. */
  readonly onEvent?: ((event: PluginEvent) => void) | undefined;
  /** What runs them, if it is not to be looked for. */
  readonly runtime?: HostRuntime | undefined;
}

/**
 * The plugins that are installed.
 *
 * @param root The state directory.
 * @returns The plugins, by channel.
 * @throws {MeshError} `io` if they cannot be read.
 */
export async function installedPlugins(root: string): Promise<InstalledPlugin[]> {
  const { entries } = await installedRecords(root).list();
  return entries.map(({ value }) => value).sort((a, b) => a.channel < b.channel ? -1 : 1);
}

/**
 * What makes the channels of the plugins that are installed. Nothing runs before a channel is started.
 *
 * @param root The state directory.
 * @param options What they need.
 * @returns A factory by channel.
 * @throws {MeshError} `io` if the plugins cannot be read.
 */
export async function pluginFactories(
  root: string,
  options: PluginFactoriesOptions,
): Promise<Readonly<Record<string, ChannelFactory>>> {
  const { env, onEvent, runtime } = options;
  const plugins = await installedPlugins(root);
  return Object.fromEntries(plugins.map((plugin) => {
    const factory: ChannelFactory = ({ account, settings: { plugin: _ours, ...settings } }) => {
      const { channel } = plugin;
      const onLog = (line: string) => onEvent?.({ type: "plugin", channel, account, line });
      return new PluginChannel({ root, plugin, account, settings, env, runtime, onLog });
    };
    return [plugin.channel, factory];
  }));
}
