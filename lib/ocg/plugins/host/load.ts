/**
 * Loads a plugin out of its package. There are two forms of entry: one that hands its channel out when it is
 * asked, and one that registers it.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fields, method, text, type Unknown } from "./any.ts";
import { HostError } from "./failure.ts";
import { readJson } from "./small_file.ts";
import type { PluginOrder } from "./wire.ts";

/** A plugin that is loaded. */
export interface LoadedPlugin {
  /** Its channel. */
  readonly channel: Unknown;
  /** Gives it its runtime, if it wants one. */
  setRuntime(runtime: Unknown): void;
}

/**
 * Modules beside an entry that it loads without waiting. Not every runtime can load a module that way unless
 * it has been loaded before.
 */
const SIBLINGS = ["channel-plugin-api.js", "runtime-api.js", "runtime-setter-api.js"];

/**
 * Loads a plugin.
 *
 * @param plugin Which one.
 * @param runtime What it finds itself in when it registers.
 * @returns The plugin with the channel that was asked for.
 * @throws {HostError} `plugin` if it cannot be loaded or has no such channel.
 */
export async function loadPlugin(plugin: PluginOrder, runtime: Unknown): Promise<LoadedPlugin> {
  const found: string[] = [];
  for (const entry of entriesOf(plugin.folder)) {
    const loaded = await loadEntry(entry, runtime);
    if (loaded.channel.id === plugin.channel) return loaded;
    found.push(String(loaded.channel.id));
  }
  const what = found.length === 0 ? "no channel" : `the channel "${found.join('", "')}"`;
  throw new HostError("plugin", `The package brings ${what}, not "${plugin.channel}"`);
}

function entriesOf(folder: string): string[] {
  const manifest = fields(readJson(`${folder}/package.json`));
  const { runtimeExtensions, extensions } = fields(manifest.openclaw);
  const named = [runtimeExtensions, extensions, [manifest.main], ["./dist/index.js", "./index.js"]]
    .map((list) => Array.isArray(list) ? list.filter((one) => typeof one === "string") : [])
    .map((list) => list.map((one) => resolve(folder, one)).filter((path) => existsSync(path)));
  return named.find((list) => list.length > 0) ?? [];
}

async function loadEntry(path: string, runtime: Unknown): Promise<LoadedPlugin> {
  const folder = dirname(path);
  for (const name of SIBLINGS) {
    const sibling = `${folder}/${name}`;
    if (existsSync(sibling)) await import(pathToFileURL(sibling).href);
  }
  const module = fields(await import(pathToFileURL(path).href));
  const entry = module.default ?? module;
  const load = method(entry, "loadChannelPlugin");
  if (load) {
    const channel = fields(await load());
    const setRuntime = method(entry, "setChannelRuntime");
    return { channel, setRuntime: (given) => void setRuntime?.(given) };
  }
  const register = method(entry, "register");
  if (!register) throw new HostError("plugin", "The package's entry is not one of a plugin");
  const channels: Unknown[] = [];
  await register(registration(entry, runtime, (channel) => channels.push(channel)));
  return { channel: channels[0] ?? {}, setRuntime() {} };
}

/** What an entry registers with. What it has beside a channel, such as tools for agents, is of no use here. */
function registration(entry: unknown, runtime: Unknown, take: (channel: Unknown) => void): Unknown {
  const { id, name } = fields(entry);
  const known: Unknown = {
    id: text(id),
    name: text(name),
    registrationMode: "full",
    runtime,
    config: {},
    pluginConfig: {},
    logger: { info() {}, warn() {}, error() {}, debug() {} },
    registerChannel: (given: unknown) => take(fields(fields(given).plugin ?? given)),
  };
  return new Proxy(known, {
    get: (target, key) =>
      Reflect.get(target, key) ?? (typeof key === "string" ? () => {} : undefined),
  });
}
