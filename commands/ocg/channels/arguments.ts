/**
 * Flags that several of these commands take.
 *
 * @module
 */
import type { CommonFlags } from "../../flags.ts";

/** Flags that name a channel, and perhaps one of its accounts. */
export interface ChannelFlags extends CommonFlags {
  readonly channel: string;
  readonly account?: string;
}

/** Flags that may name a channel. */
export interface MaybeChannelFlags extends CommonFlags {
  readonly channel?: string;
}

/** Which channel is meant. */
export const CHANNEL = {
  kind: "parsed",
  parse: String,
  placeholder: "channel",
  brief: "The channel, such as telegram",
} as const;

/** Which of its accounts. */
export const ACCOUNT = {
  kind: "parsed",
  parse: String,
  placeholder: "account",
  brief: "One of its accounts; all of them without it",
  optional: true,
} as const;

/**
 * A flag that is on or off.
 *
 * @param brief What it does.
 * @returns The declaration.
 */
export function switchFlag(
  brief: string,
): { kind: "boolean"; brief: string; default: false; withNegated: false } {
  return { kind: "boolean", brief, default: false, withNegated: false };
}
