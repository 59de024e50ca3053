/**
 * Logs an account of a plugin in by a QR code, in a host of its own; no daemon is needed.
 *
 * @module
 */
import { MeshError, messageOf } from "../../error.ts";
import type { Environment } from "../config_file.ts";
import type { LoginBegun, LoginEnd } from "./host/wire.ts";
import { installedRecords } from "./installed.ts";
import { limited } from "./log_limit.ts";
import { openHost } from "./plugin_host.ts";
import type { HostRuntime } from "./runtime.ts";

/** How to log in. */
export interface PluginLoginOptions {
  /** The account's name. Default `default`. */
  readonly account?: string | undefined;
  /** Shows a QR code with this text in it, usually a URL. */
  readonly onQr: (text: string) => void;
  /** Shows what the plugin says meanwhile. */
  readonly onStatus?: ((text: string) => void) | undefined;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
  /** Reads our environment. Default: the real one. */
  readonly env?: Environment | undefined;
  /** Milliseconds to wait for the scan. Default eight minutes. */
  readonly timeoutMs?: number | undefined;
  /** What runs the host, if it is not to be looked for. */
  readonly runtime?: HostRuntime | undefined;
}

const BEGIN_MS = 90_000;
const SCAN_MS = 8 * 60_000;
/** Milliseconds that an answer may take beyond the time that the plugin was given. */
const BEYOND_MS = 10_000;

/**
 * Logs in.
 *
 * @param root The state directory.
 * @param channel The channel's id.
 * @param options How.
 * @returns What the plugin said at the end.
 * @throws {MeshError} `not_found` if no plugin brings the channel, `config_invalid` if it has no such login,
 * `refused` if the login was not confirmed, `timeout`, `unavailable`, or `interrupted`.
 */
export async function pluginLogin(
  root: string,
  channel: string,
  options: PluginLoginOptions,
): Promise<{ readonly text: string }> {
  const { account = "default", onQr, onStatus = () => {}, signal, runtime } = options;
  const { env = (name: string) => Deno.env.get(name), timeoutMs = SCAN_MS } = options;
  const plugin = await installedRecords(root).get(channel);
  if (!plugin) {
    throw new MeshError("not_found", `No plugin brings the channel "${channel}"`, {
      hint: "mesh ocg plugins install <package>",
    });
  }
  const say = limited(onStatus);
  const { host } = await openHost({
    root,
    plugin,
    account,
    settings: {},
    env,
    runtime,
    onLog: say,
    onNews: (news) => news.say === "log" ? say(news.text) : undefined,
  }, signal);
  try {
    const begun = await host.order({ do: "login" }, BEGIN_MS, signal) as LoginBegun;
    if (begun.text !== "") say(begun.text);
    if (begun.qr !== undefined) onQr(begun.qr);
    const order = { do: "login_wait", session: begun.session, timeoutMs } as const;
    const end = await host.order(order, timeoutMs + BEYOND_MS, signal) as LoginEnd;
    if (end.connected) return { text: end.text };
    throw new MeshError("refused", `The login was not confirmed${end.text && `: ${end.text}`}`, {
      hint: `mesh ocg channels login --channel ${channel}`,
    });
  } catch (error) {
    if (signal?.aborted) throw new MeshError("interrupted", messageOf(error), { cause: error });
    throw error;
  } finally {
    await host.stop();
  }
}
