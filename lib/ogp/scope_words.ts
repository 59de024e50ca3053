/**
 * Scopes in words, for the owner's terminal.
 *
 * @module
 */

import { quoteAscii } from "../signing/quote.ts";
import { DEFAULT_RATE, type RateLimit, type Scope } from "./scope_types.ts";

const PERIODS = new Map([[1, "second"], [60, "minute"], [3600, "hour"], [86_400, "day"]]);

/**
 * A scope as one line: what, how often, about what, until when.
 *
 * @param scope The scope; names that a peer chose are made safe to show.
 * @param now The present, to tell what has expired.
 * @returns The line, without a line break.
 *
 * @example
 * ```ts
 * import { describeScope } from "./scope_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rateLimit = { requests: 100, windowSeconds: 3600 };
 * const scope = { intent: "agent-comms", enabled: true, rateLimit, topics: ["ops", "memory"] };
 * assertEquals(describeScope(scope, new Date()), "agent-comms, 100 an hour, topics: ops, memory");
 * ```
 */
export function describeScope(scope: Scope, now: Date): string {
  const { intent, enabled, rateLimit = DEFAULT_RATE, topics, personas, expiresAt } = scope;
  const parts = [shown(intent), describeRate(rateLimit)];
  if (topics !== undefined) parts.push(`topics: ${list(topics)}`);
  if (personas !== undefined) parts.push(`personas: ${list(personas)}`);
  if (expiresAt !== undefined) {
    const over = !(now.getTime() < Date.parse(expiresAt));
    parts.push(`${over ? "expired" : "until"} ${shown(expiresAt)}`);
  }
  if (!enabled) parts.push("disabled");
  return parts.join(", ");
}

/**
 * A rate in words.
 *
 * @param rate The rate.
 * @returns Such as `100 an hour` or `10 in 90 s`.
 */
export function describeRate({ requests, windowSeconds }: RateLimit): string {
  const period = PERIODS.get(windowSeconds);
  if (period === undefined) return `${requests} in ${windowSeconds} s`;
  return `${requests} ${period === "hour" ? "an" : "a"} ${period}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map(shown).join(", ");
}

function shown(text: string): string {
  return /^[!-~]+$/.test(text) ? text : quoteAscii(text);
}
