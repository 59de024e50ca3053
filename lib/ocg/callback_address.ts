/**
 * Where answers by callback are taken: which address is bound, and which one agents are told.
 *
 * @module
 */
import type { ChatAccount } from "./accounts.ts";
import type { OcgConfig } from "./config_types.ts";

/** All addresses of this machine. */
const ALL = /^(?:0\.0\.0\.0|\[?::\]?)$/;

/** Only this machine. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[?::1\]?)$/i;

/** What of an account decides about it. */
type Accounts = readonly Pick<ChatAccount, "async">[];

/**
 * The address to bind. If the owner names none: all of this machine's where agents, which may be on other
 * machines, have something to bring, and else only that of this machine itself.
 *
 * @param config The configuration.
 * @param accounts Its accounts.
 * @returns The address.
 *
 * @example
 * ```ts
 * import { callbackHostOf } from "./callback_address.ts";
 * import { parseOcgConfig } from "./config.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = parseOcgConfig("{}");
 * assertEquals(callbackHostOf(config, [{ async: false }]), "127.0.0.1");
 * assertEquals(callbackHostOf(config, [{ async: true }]), "0.0.0.0");
 * ```
 */
export function callbackHostOf(config: OcgConfig, accounts: Accounts): string {
  const { callbackHost, sendSecret, callbackSecret } = config;
  if (callbackHost !== undefined) return callbackHost;
  const isCalled = accounts.some((one) => one.async) || sendSecret !== undefined ||
    callbackSecret !== undefined;
  return isCalled ? "0.0.0.0" : "127.0.0.1";
}

/**
 * The base URL that agents are told. An address that means all of this machine's is none to call back to.
 *
 * @param config The configuration.
 * @param accounts Its accounts.
 * @param port The port that is really bound.
 * @returns The URL, without a final slash.
 */
export function callbackBase(
  config: OcgConfig,
  accounts: Accounts,
  port: number = config.callbackPort,
): string {
  if (config.callbackUrl !== undefined) return config.callbackUrl.replace(/\/+$/, "");
  const bound = callbackHostOf(config, accounts);
  const host = ALL.test(bound) ? "127.0.0.1" : bound;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}

/**
 * Whether other machines may reach what is bound to an address.
 *
 * @param host The address.
 */
export function isOpenToOthers(host: string): boolean {
  return !LOOPBACK.test(host);
}
