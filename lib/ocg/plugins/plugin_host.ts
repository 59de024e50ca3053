/**
 * One run of a plugin's host: from its start, through the loading and connecting, to its end.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import type { Environment } from "../config_file.ts";
import { hostEnvironment } from "./environment.ts";
import type { News, Opened, PluginOrder } from "./host/wire.ts";
import { HostProcess } from "./host_process.ts";
import { hostProgram } from "./host_program.ts";
import { type InstalledPlugin, packagesOf } from "./installed.ts";
import { accountFolder } from "./places.ts";
import { findRuntime, type HostRuntime } from "./runtime.ts";

/** Which plugin, and for which account. */
export interface PluginHostOptions {
  /** The state directory. */
  readonly root: string;
  /** The plugin. */
  readonly plugin: Pick<InstalledPlugin, "channel" | "package" | "version" | "openclaw">;
  /** The account's name. */
  readonly account: string;
  /** The account's settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Reads our environment. */
  readonly env: Environment;
  /** The account's folder, if not the usual one. */
  readonly state?: string | undefined;
  /** The folders of the packages, if not the usual ones. */
  readonly packages?: ReturnType<typeof packagesOf> | undefined;
  /** What runs it, if it is not to be looked for. */
  readonly runtime?: HostRuntime | undefined;
  /** Told of what it says unasked. */
  readonly onNews: (news: News) => void;
  /** Told of each line that it prints. */
  readonly onLog: (line: string) => void;
}

/** Milliseconds that a plugin may take to load: the largest need 5 s on a small machine. */
const OPEN_MS = 120_000;

/**
 * Starts a host and loads its plugin.
 *
 * @param options Which one.
 * @param signal Gives up.
 * @returns The host, and what the plugin turned out to be.
 * @throws {MeshError} `unavailable` if nothing can run it or it ended, `refused` if the plugin cannot be
 * used.
 */
export async function openHost(
  options: PluginHostOptions,
  signal?: AbortSignal,
): Promise<{ readonly host: HostProcess; readonly opened: Opened }> {
  const { root, plugin, account, settings, env, onNews, onLog } = options;
  const { state = accountFolder(root, plugin.channel, account) } = options;
  const { packages = packagesOf(root, plugin) } = options;
  await checkPackages(plugin, Object.values(packages));
  await Deno.mkdir(state, { recursive: true, mode: 0o700 });
  const main = await hostProgram(root);
  const { node } = plugin.openclaw;
  const runtime = options.runtime ?? await findRuntime(root, { node, path: env("PATH") });
  signal?.throwIfAborted();
  const host = new HostProcess({
    runtime,
    main,
    env: hostEnvironment(env, state),
    cwd: state,
    onNews,
    onLog,
  });
  const order: PluginOrder = {
    ...packages,
    channel: plugin.channel,
    account,
    settings,
    state,
  };
  try {
    const opened = await host.order({ do: "open", plugin: order }, OPEN_MS, signal) as Opened;
    return { host, opened };
  } catch (error) {
    host.kill();
    await host.ended;
    if (!(error instanceof MeshError) || error.code !== "unavailable") throw error;
    throw new MeshError("unavailable", `The plugin cannot be loaded: ${error.message}`, {
      cause: error,
      hint: `mesh ocg plugins install ${plugin.package}`,
    });
  }
}

/** Somebody may have made room on the disk. */
async function checkPackages(
  { package: name }: PluginHostOptions["plugin"],
  folders: readonly string[],
): Promise<void> {
  for (const folder of folders) {
    const isThere = await Deno.stat(`${folder}/package.json`).then(() => true, () => false);
    if (isThere) continue;
    throw new MeshError("refused", `The plugin "${name}" is not in its place any more`, {
      hint: `mesh ocg plugins install ${name}`,
    });
  }
}
