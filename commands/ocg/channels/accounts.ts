/**
 * The accounts of channels as the owner sees them: what is configured, and how it is at the gateway that runs.
 *
 * @module
 */
import { chatAccounts } from "../../../lib/ocg/accounts.ts";
import { type LoadedConfig, readOcgConfig } from "../../../lib/ocg/config_file.ts";
import { ocgDaemons, ocgOrder } from "../../../lib/ocg/order_client.ts";
import type { AccountReport } from "../../../lib/ocg/orders.ts";
import { pauseFor } from "../../../lib/ocg/pause_for.ts";
import { shownUrl } from "../../../lib/ocg/shown_url.ts";
import type { ActionContext } from "../../define.ts";

/** An account; `status` and `waiting` are known where a gateway runs it. */
export interface SeenAccount extends Omit<AccountReport, "status" | "waiting"> {
  /** How its channel is. */
  readonly status?: AccountReport["status"];
  /** How many messages wait or are worked at. */
  readonly waiting?: number;
}

/** All accounts of a root. */
export interface SeenChannels {
  /** The accounts, in the file's order. */
  readonly accounts: readonly SeenAccount[];
  /** Whether a gateway runs. */
  readonly isRunning: boolean;
  /** The configuration. */
  readonly loaded: LoadedConfig;
}

/** Milliseconds that a gateway gets to say how it is. */
const PATIENCE = 10_000;
/** Milliseconds that a channel gets to connect before its owner is told that it is still at it. */
const CONNECTING = 6_000;
/** Milliseconds between looks at it. */
const LOOK_EVERY = 200;

/**
 * Looks at the file, and at the gateway if one runs.
 *
 * @param context The terminal, for warnings.
 * @param root The state directory.
 * @returns The accounts.
 * @throws {MeshError} `config_invalid`, `io`, or `unavailable` if the gateway does not answer.
 */
export async function seeChannels(context: ActionContext, root: string): Promise<SeenChannels> {
  const loaded = await readOcgConfig(root, context.env);
  for (const warning of loaded.warnings) context.terminal.warn(warning);
  const configured = chatAccounts(loaded.config, context.env);
  const isRunning = (await ocgDaemons(root)).length > 0;
  const reports = isRunning
    ? (await ocgOrder(root, { do: "status" }, { patienceMs: PATIENCE })).accounts
    : [];
  const known = new Map(reports.map((one) => [nameOf(one), one]));
  const accounts = configured.map((one): SeenAccount => {
    const { channel, account, enabled, agent: { type, url, model } } = one;
    const report = known.get(nameOf(one));
    known.delete(nameOf(one));
    return report ?? { channel, account, enabled, agent: { type, url: shownUrl(url), model } };
  });
  // What runs and is not in the file: the page of a machine without any, or what was taken out by hand.
  return { accounts: [...accounts, ...known.values()], isRunning, loaded };
}

/**
 * Waits a little until accounts have connected or failed.
 *
 * @param root The state directory.
 * @param channel The channel's id; all of them if it is left out.
 * @param account The account's name; all of them if it is left out.
 * @returns How they are then.
 * @throws {MeshError} As giving an order does.
 */
export async function settledAccounts(
  root: string,
  channel?: string,
  account?: string,
): Promise<AccountReport[]> {
  const end = performance.now() + CONNECTING;
  while (true) {
    const { accounts } = await ocgOrder(root, { do: "status" }, { patienceMs: PATIENCE });
    const meant = accounts.filter((one) =>
      (channel === undefined || one.channel === channel) &&
      (account === undefined || one.account === account)
    );
    const isMoving = meant.some(({ status }) =>
      status.state === "connecting" && status.error === undefined
    );
    if (!isMoving || performance.now() > end) return meant;
    await pauseFor(LOOK_EVERY, new AbortController().signal);
  }
}

/**
 * The name that people know an account by.
 *
 * @param one Channel and account.
 * @returns `<channel>/<account>`.
 */
export function nameOf(one: { readonly channel: string; readonly account: string }): string {
  return `${one.channel}/${one.account}`;
}
