/**
 * Adding accounts to the value of `ocg.json` and taking them out again, so that what holds for the others,
 * as `chatAccounts` understands it, stays what it was.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** One account of one channel. */
export interface AccountName {
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
}

/** The only account of a channel whose keys are right at the channel. */
export const DEFAULT_ACCOUNT = "default";

type Values = Record<string, unknown>;

/**
 * Keys of a channel that go on to hold for all of its accounts when a second one comes: what chats talk to.
 * Not among them is who may talk, so that nobody is let in by a new account whom its owner did not name.
 */
const SHARED: ReadonlySet<string> = new Set(
  [
    ...["agentUrl", "model", "apiKey", "agentType", "acp", "async", "historyTurns"],
    "dailyMessages",
  ],
);

/** Keys that make no account: a channel that has nothing else is not set up yet. */
const GENERAL: ReadonlySet<string> = new Set(
  [...SHARED, "accounts", "enabled", "allowFrom", "allowChats", "pairing"],
);

/**
 * Puts an account into the file. The first one of a channel has its keys right at the channel; when a second
 * one comes, the first moves to `accounts.default`.
 *
 * @param file The file's value, changed in place.
 * @param name Which account.
 * @param settings Its keys.
 * @param isForced Whether the keys may be laid over those of an account that is there.
 * @throws {MeshError} `exists` if the account is there; it is not changed then.
 *
 * @example
 * ```ts
 * import { putAccount } from "./account_edit.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file: { channels: Record<string, unknown> } = {
 *   channels: { discord: { token: "a", model: "m" } },
 * };
 * putAccount(file, { channel: "discord", account: "ops" }, { token: "b" });
 * assertEquals(file.channels.discord, {
 *   model: "m",
 *   accounts: { default: { token: "a" }, ops: { token: "b" } },
 * });
 * ```
 */
export function putAccount(
  file: Values,
  name: AccountName,
  settings: Readonly<Values>,
  isForced = false,
): void {
  const channels = own(file, "channels") ?? {};
  const channel = own(channels, name.channel);
  const known = channel && findIn(channel, name.account);
  // An account without any key of its channel's, such as one that only names an agent, is completed.
  const isEmpty = Object.keys(known ?? {}).every((key) => GENERAL.has(key));
  const completes = isEmpty && Object.keys(settings).some((key) => !GENERAL.has(key));
  if (known && !isForced && !completes) {
    throw new MeshError(
      "exists",
      `Channel "${name.channel}" has an account "${name.account}" already`,
      { hint: "--force changes it, --account NAME adds another one" },
    );
  }
  file.channels = { ...channels, [name.channel]: withAccount(channel, name.account, settings) };
}

/**
 * Takes an account out of the file; a channel without any goes as a whole.
 *
 * @param file The file's value, changed in place.
 * @param channel The channel's id.
 * @param account The account's name; all of the channel's if it is left out.
 * @throws {MeshError} `not_found` if there is none; then nothing is changed.
 */
export function dropAccount(file: Values, channel: string, account?: string): void {
  const channels = own(file, "channels") ?? {};
  const values = own(channels, channel);
  if (!values || (account !== undefined && !findIn(values, account))) {
    const what = account === undefined ? "" : ` with an account "${account}"`;
    throw new MeshError("not_found", `There is no channel "${channel}"${what}`, {
      hint: "mesh ocg channels list",
    });
  }
  const { [account ?? ""]: _gone, ...left } = own(values, "accounts") ?? {};
  if (account !== undefined && Object.keys(left).length > 0) {
    file.channels = { ...channels, [channel]: { ...values, accounts: left } };
    return;
  }
  const { [channel]: _channel, ...others } = channels;
  file.channels = others;
}

function withAccount(
  channel: Values | undefined,
  account: string,
  settings: Readonly<Values>,
): Values {
  if (!channel) {
    return account === DEFAULT_ACCOUNT ? { ...settings } : { accounts: { [account]: settings } };
  }
  const accounts = own(channel, "accounts");
  if (accounts) {
    const known = own(accounts, account) ?? {};
    return { ...channel, accounts: { ...accounts, [account]: { ...known, ...settings } } };
  }
  if (account === DEFAULT_ACCOUNT) return { ...channel, ...settings };
  const keys = Object.entries(channel);
  const shared = Object.fromEntries(keys.filter(([key]) => SHARED.has(key)));
  const first = Object.fromEntries(keys.filter(([key]) => !SHARED.has(key)));
  return { ...shared, accounts: { [DEFAULT_ACCOUNT]: first, [account]: { ...settings } } };
}

/** The keys of an account: a channel without accounts is one itself. */
function findIn(channel: Values, account: string): Values | undefined {
  const accounts = own(channel, "accounts");
  if (accounts) return own(accounts, account);
  return account === DEFAULT_ACCOUNT ? channel : undefined;
}

/** An object's own object: names come from the command line, and `constructor` is none of ours. */
function own(values: Values, key: string): Values | undefined {
  return Object.hasOwn(values, key) ? values[key] as Values | undefined : undefined;
}
