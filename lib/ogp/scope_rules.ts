/**
 * What a grant allows: pure functions of a grant, an intent, a topic and the time. The sentences of
 * refusals are those of OGP 0.7.2, which programs out there may look for.
 *
 * @module
 */

import {
  DEFAULT_INTENTS,
  DEFAULT_RATE,
  isScopeName,
  type RateLimit,
  type Scope,
  SCOPE_LIMITS,
  type ScopeGrants,
  SCOPES_VERSION,
} from "./scope_types.ts";

/** What a peer may do that was approved without any grant, as OGP 0.1 did it. */
export const V01_GRANTS: ScopeGrants = {
  version: "0.1.0",
  grantedAt: new Date(0).toISOString(),
  scopes: ["message", "task-request", "status-update"].map(scopeFor),
};

/** Whether something is allowed, and then how often, or else why not. */
export type Allowance =
  | { readonly ok: true; readonly rate: RateLimit }
  | { readonly ok: false; readonly reason: string };

/** Longest piece of a peer's text in a sentence, in UTF-16 units. */
const LONGEST_QUOTE = 100;

/**
 * Whether a peer may use an intent about a topic. Of the scopes for the intent that are enabled and not
 * expired, the first that covers the topic counts, and its rate applies.
 *
 * @param grants What the owner granted; `undefined` or `null` for a v0.1 peer: {@link V01_GRANTS}.
 * @param intent The intent as received.
 * @param topic The topic as received, if there is one.
 * @param now The present.
 * @returns The rate, or a sentence that says why not.
 *
 * @example
 * ```ts
 * import { allowed } from "./scope_rules.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(allowed(undefined, "message", undefined, new Date()), {
 *   ok: true,
 *   rate: { requests: 100, windowSeconds: 3600 },
 * });
 * assertEquals(allowed(undefined, "deploy", undefined, new Date()), {
 *   ok: false,
 *   reason: "Intent 'deploy' not in granted scope",
 * });
 * ```
 */
export function allowed(
  grants: ScopeGrants | null | undefined,
  intent: string,
  topic: string | undefined,
  now: Date,
): Allowance {
  let granted = false;
  for (const scope of (grants ?? V01_GRANTS).scopes) {
    if (scope.intent !== intent || !counts(scope, now)) continue;
    if (coversTopic(scope.topics, topic)) {
      return { ok: true, rate: scope.rateLimit ?? DEFAULT_RATE };
    }
    granted = true;
  }
  return { ok: false, reason: reasonFor(granted, intent, topic) };
}

/**
 * Whether a list of granted topics covers a topic. A grant `t` covers `t` and everything below `t/`.
 *
 * @param granted The topics; `undefined` for all there are.
 * @param topic The topic; `undefined` is covered only where topics are not restricted.
 * @returns Whether it does.
 *
 * @example
 * ```ts
 * import { coversTopic } from "./scope_rules.ts";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(coversTopic(["ops"], "ops/disk"));
 * assertFalse(coversTopic(["ops"], "opsec"));
 * assertFalse(coversTopic(["ops"], undefined));
 * assert(coversTopic(undefined, undefined));
 * ```
 */
export function coversTopic(
  granted: readonly string[] | undefined,
  topic: string | undefined,
): boolean {
  if (granted === undefined) return true;
  if (topic === undefined) return false;
  return granted.some((grant) => topic === grant || topic.startsWith(`${grant}/`));
}

/**
 * Whether a scope is enabled and not expired.
 *
 * @param scope The scope.
 * @param now The present.
 * @returns `false` from the very moment at which it expires, or if that moment cannot be read.
 */
export function counts(scope: Scope, now: Date): boolean {
  if (!scope.enabled) return false;
  return scope.expiresAt === undefined || now.getTime() < Date.parse(scope.expiresAt);
}

/**
 * What an approval grants when its owner says nothing about it: what the peer itself offered, else the
 * usual intents, each at {@link DEFAULT_RATE}.
 *
 * @param offeredIntents What the peer offers, as received: names that cannot be are left out, and all
 * after the hundredth.
 * @param now The present.
 * @returns The grants.
 */
export function defaultGrants(
  offeredIntents: readonly string[] | undefined,
  now: Date,
): ScopeGrants {
  const offered = [...new Set(offeredIntents ?? [])].filter(isScopeName)
    .slice(0, SCOPE_LIMITS.scopes);
  const intents = offered.length > 0 ? offered : DEFAULT_INTENTS;
  return {
    version: SCOPES_VERSION,
    grantedAt: now.toISOString(),
    scopes: intents.map(scopeFor),
  };
}

/**
 * A scope for an intent, about anything, at the default rate.
 *
 * @param intent The intent.
 * @returns The scope.
 */
export function scopeFor(intent: string): Scope {
  return { intent, enabled: true, rateLimit: DEFAULT_RATE };
}

/**
 * A peer's text as it may stand in a sentence: cut, and without what would move a cursor.
 *
 * @param text Any text.
 * @returns The text in single quotes, as OGP quotes.
 */
export function quoted(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return `'${short.toWellFormed().replace(/\p{C}/gu, "\ufffd")}'`;
}

function reasonFor(granted: boolean, intent: string, topic: string | undefined): string {
  if (!granted) return `Intent ${quoted(intent)} not in granted scope`;
  return topic === undefined
    ? `Intent ${quoted(intent)} scope check failed: a topic is required`
    : `Topic ${quoted(topic)} not allowed for intent ${quoted(intent)}`;
}
