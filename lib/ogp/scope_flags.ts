/**
 * Scope grants as the owner types them: `--intents a,b --rate 100/3600 --topics x,y`.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { counts, scopeFor } from "./scope_rules.ts";
import {
  AGENT_COMMS,
  DEFAULT_INTENTS,
  isScopeName,
  type RateLimit,
  type Scope,
  SCOPE_LIMITS,
  type ScopeGrants,
  SCOPES_VERSION,
} from "./scope_types.ts";

/** The flags of `approve` and `grant`, as typed. */
export interface GrantFlags {
  /** Which intents, separated by commas: exactly these are granted. */
  readonly intents?: string | undefined;
  /** How often, each of them: requests, a slash, seconds. */
  readonly rate?: string | undefined;
  /** Topics of `agent-comms`, separated by commas. */
  readonly topics?: string | undefined;
}

/**
 * The grants that flags stand for. What is not said stays as it was: without `intents` the scopes of
 * `base`, else the usual ones; without `rate` or `topics` those that an intent had. An intent that is
 * named counts from now on, even if its scope was disabled or has expired.
 *
 * @param flags What was typed.
 * @param now The present.
 * @param base What was granted before, if anything.
 * @returns The new grants.
 * @throws {MeshError} `usage` if a flag cannot be read, or topics are given and `agent-comms` is not.
 *
 * @example
 * ```ts
 * import { grantsFrom } from "./scope_flags.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const flags = { intents: "message,agent-comms", rate: "10/60", topics: "memory" };
 * assertEquals(grantsFrom(flags, new Date(0)).scopes, [
 *   { intent: "message", enabled: true, rateLimit: { requests: 10, windowSeconds: 60 } },
 *   {
 *     intent: "agent-comms",
 *     enabled: true,
 *     rateLimit: { requests: 10, windowSeconds: 60 },
 *     topics: ["memory"],
 *   },
 * ]);
 * ```
 */
export function grantsFrom(flags: GrantFlags, now: Date, base?: ScopeGrants | null): ScopeGrants {
  const rateLimit = flags.rate === undefined ? undefined : parseRate(flags.rate);
  const topics = flags.topics === undefined ? undefined : topicList(flags.topics);
  const scopes = scopesBefore(flags.intents, now, base).map((scope): Scope => ({
    ...scope,
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(topics === undefined || scope.intent !== AGENT_COMMS ? {} : { topics }),
  }));
  if (topics !== undefined && !scopes.some(({ intent }) => intent === AGENT_COMMS)) {
    throw new MeshError("usage", `Topics belong to the intent "${AGENT_COMMS}", which is missing`, {
      hint: `add it: --intents ${AGENT_COMMS} --topics ${topics.join(",")}`,
    });
  }
  return { version: SCOPES_VERSION, grantedAt: now.toISOString(), scopes };
}

/**
 * Reads a rate.
 *
 * @param text Requests, a slash, seconds, such as `100/3600`.
 * @returns The rate.
 * @throws {MeshError} `usage` if it is none, or out of bounds.
 */
export function parseRate(text: string): RateLimit {
  const [, requests, windowSeconds] = /^\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*$/.exec(text) ?? [];
  const rate = { requests: Number(requests), windowSeconds: Number(windowSeconds) };
  const fits = rate.requests >= 1 && rate.requests <= SCOPE_LIMITS.requests &&
    rate.windowSeconds >= 1 && rate.windowSeconds <= SCOPE_LIMITS.windowSeconds;
  if (fits) return rate;
  throw new MeshError("usage", `Cannot read the rate "${text}": it is not requests/seconds`, {
    hint: `such as --rate 100/3600; at most ${SCOPE_LIMITS.requests} requests and ` +
      `${SCOPE_LIMITS.windowSeconds} seconds`,
  });
}

function scopesBefore(
  intents: string | undefined,
  now: Date,
  base: ScopeGrants | null | undefined,
): readonly Scope[] {
  if (intents === undefined) return base?.scopes ?? DEFAULT_INTENTS.map(scopeFor);
  return nameList("--intents", intents, "message,agent-comms").map((intent) => {
    const all = base?.scopes.filter((scope) => scope.intent === intent) ?? [];
    const before = all.find((scope) => counts(scope, now)) ?? all[0];
    if (before === undefined) return scopeFor(intent);
    if (counts(before, now)) return before;
    const { expiresAt, ...rest } = before;
    const lasts = expiresAt !== undefined && Date.parse(expiresAt) > now.getTime();
    return { ...rest, enabled: true, ...(lasts ? { expiresAt } : {}) };
  });
}

function topicList(text: string): string[] {
  const topics = nameList("--topics", text, "memory-management,planning");
  const wrong = topics.find((topic) => topic.startsWith("/") || topic.endsWith("/"));
  if (wrong === undefined) return topics;
  throw new MeshError("usage", `Topic "${wrong}" begins or ends with a slash`, {
    hint: 'a topic covers what is below it: "ops" covers "ops/disk"',
  });
}

function nameList(flag: string, text: string, example: string): string[] {
  const names = [...new Set(text.split(",").map((name) => name.trim()))].filter(Boolean);
  const hint = `such as ${flag} ${example}`;
  if (names.length === 0) throw new MeshError("usage", `${flag} names nothing`, { hint });
  if (names.length > SCOPE_LIMITS.topics) {
    throw new MeshError("usage", `${flag} names more than ${SCOPE_LIMITS.topics}`, { hint });
  }
  const wrong = names.find((name) => !isScopeName(name) || /\s/.test(name));
  if (wrong === undefined) return names;
  throw new MeshError("usage", `${flag} contains ${JSON.stringify(wrong)}, which is no name`, {
    hint,
  });
}
