/**
 * The flags of the commands that read received messages.
 *
 * @module
 */
import { type CommonFlags, parseCount, parseSince } from "./flags.ts";

/** Which messages are read, and for how long. */
export interface InboxFlags extends CommonFlags {
  /** Only of this sender. */
  readonly from?: string;
  /** Only what was stored since. */
  readonly since?: Date;
  /** Only the newest so many. */
  readonly limit?: number;
  /** Go on with new ones. */
  readonly follow: boolean;
}

/** How many messages people are shown unless they ask for more. */
export const SHOWN = 20;

/**
 * Declares the flags.
 *
 * @param sender What a sender is here, such as `peer`.
 * @param brief What names one.
 * @returns The declarations of {@link InboxFlags}.
 */
export function inboxFlags(sender: string, brief: string): Record<string, unknown> {
  return {
    from: { kind: "parsed", parse: String, placeholder: sender, brief, optional: true },
    since: {
      kind: "parsed",
      parse: (input: string) => parseSince(input),
      placeholder: "time",
      brief: "Only since then: 2h, 3d, 2026-01-31",
      optional: true,
    },
    limit: {
      kind: "parsed",
      parse: parseCount,
      placeholder: "n",
      brief: "Only the newest n",
      optional: true,
    },
    follow: { kind: "boolean", brief: "Go on with new ones", default: false, withNegated: false },
  };
}

/** The one-letter names of {@link inboxFlags}. */
export const INBOX_ALIASES = { f: "follow", n: "limit" } as const;
