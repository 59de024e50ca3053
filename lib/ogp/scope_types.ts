/**
 * What a scope grant is, exactly as it travels in approvals and as it is stored with a peer.
 * Source: the Open Gateway Protocol, versions 0.2 and 0.7; the limits are ours.
 *
 * @module
 */

/** How often: at most so many requests in any window of so many seconds. */
export interface RateLimit {
  /** Requests, 1 to 1,000,000. */
  readonly requests: number;
  /** The window's length in seconds, 1 to 2,678,400 (31 days). */
  readonly windowSeconds: number;
}

/** One intent that a peer may use. */
export interface Scope {
  /** The intent's name, compared letter by letter. */
  readonly intent: string;
  /** Whether this scope counts. */
  readonly enabled: boolean;
  /** How often; {@link DEFAULT_RATE} if it is missing. */
  readonly rateLimit?: RateLimit | undefined;
  /** About what: each covers itself and what is below it. Missing: about anything. Empty: nothing. */
  readonly topics?: readonly string[] | undefined;
  /** For which of the receiver's agents; carried along, and nothing is decided by it. */
  readonly personas?: readonly string[] | undefined;
  /** From when on it does not count any more, ISO 8601. */
  readonly expiresAt?: string | undefined;
}

/** All that a gateway grants a peer. */
export interface ScopeGrants {
  /** The version of this form, `0.2.0`. */
  readonly version: string;
  /** When it was granted, ISO 8601. */
  readonly grantedAt: string;
  /** The scopes, at most 100. Of several for one intent, the first that counts and covers the topic does. */
  readonly scopes: readonly Scope[];
}

/** The version that both dialects write. */
export const SCOPES_VERSION = "0.2.0";

/** How often, where nobody said it. */
export const DEFAULT_RATE: RateLimit = { requests: 100, windowSeconds: 3600 };

/** The intent that topics belong to. */
export const AGENT_COMMS = "agent-comms";

/** What is granted to a peer that offers no intents itself. */
export const DEFAULT_INTENTS: readonly string[] = [
  "message",
  AGENT_COMMS,
  "project.join",
  "project.contribute",
  "project.query",
  "project.status",
];

/** The bounds of a grant. */
export const SCOPE_LIMITS = {
  scopes: 100,
  topics: 100,
  nameLength: 200,
  requests: 1_000_000,
  windowSeconds: 31 * 24 * 3600,
} as const;

/**
 * Whether a text can be the name of an intent, a topic or a persona.
 *
 * @param text Any text.
 * @returns Whether it has 1 to 200 characters, none of which is a control character or half of one.
 */
export function isScopeName(text: string): boolean {
  return text !== "" && text.length <= SCOPE_LIMITS.nameLength && text.isWellFormed() &&
    !/\p{Cc}/u.test(text);
}
