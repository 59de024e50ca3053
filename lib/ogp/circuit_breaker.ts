/**
 * When a gateway that does not answer is left alone: after five failures within ten minutes for half an
 * hour; then one attempt decides. Pure functions of the record of its health.
 *
 * @module
 */
import type { PeerHealth } from "./records.ts";

/** How many failures open the breaker. */
const FAILURES = 5;

/** Milliseconds within which they have to be. */
const WITHIN = 10 * 60_000;

/** Milliseconds for which it stays open. */
const OPEN_FOR = 30 * 60_000;

/** Milliseconds after which a success is written down though nothing has changed. */
const STALE = 5 * 60_000;

/** `closed`: send; `open`: do not; `probe`: one attempt may find out. */
export type BreakerState = "closed" | "open" | "probe";

/**
 * The state of a peer's breaker.
 *
 * @param health Its record, if there is one.
 * @param now The present.
 * @returns The state.
 *
 * @example
 * ```ts
 * import { afterFailure, breakerState } from "./circuit_breaker.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const now = new Date();
 * let health = afterFailure(undefined, now, "silence");
 * for (let i = 0; i < 4; i++) health = afterFailure(health, now, "silence");
 * assertEquals(breakerState(health, now), "open");
 * assertEquals(breakerState(health, new Date(now.getTime() + 30 * 60_000)), "probe");
 * ```
 */
export function breakerState(health: PeerHealth | undefined, now: Date): BreakerState {
  if (health?.openUntil === undefined) return "closed";
  const left = Date.parse(health.openUntil) - now.getTime();
  // A clock that was set back must not keep a peer out for longer than was meant.
  return left > 0 && left <= OPEN_FOR ? "open" : "probe";
}

/**
 * The record after the peer answered.
 *
 * @param health The record before.
 * @param now The present.
 * @returns The record, or `undefined` if it tells nothing new, so that a peer that is up costs no writing.
 */
export function afterSuccess(health: PeerHealth | undefined, now: Date): PeerHealth | undefined {
  const at = now.toISOString();
  const fresh = { lastSeenAt: at, lastCheckedAt: at, failures: [] };
  if (!health || health.openUntil || health.lastError || health.failures.length > 0) return fresh;
  const age = now.getTime() - Date.parse(health.lastSeenAt ?? "");
  return age >= 0 && age < STALE ? undefined : fresh;
}

/**
 * The record after the peer did not answer.
 *
 * @param health The record before.
 * @param now The present.
 * @param reason Why, as one sentence.
 * @returns The record.
 */
export function afterFailure(
  health: PeerHealth | undefined,
  now: Date,
  reason: string,
): PeerHealth {
  const time = now.getTime();
  const recent = (health?.failures ?? []).filter((at) => Math.abs(time - Date.parse(at)) < WITHIN);
  const failures = [...recent, now.toISOString()].slice(-FAILURES);
  const state = breakerState(health, now);
  const opens = state === "probe" || failures.length >= FAILURES;
  const openUntil = state === "open"
    ? health?.openUntil
    : opens
    ? new Date(time + OPEN_FOR).toISOString()
    : undefined;
  return {
    ...(health?.lastSeenAt === undefined ? {} : { lastSeenAt: health.lastSeenAt }),
    lastCheckedAt: now.toISOString(),
    lastError: reason,
    failures,
    ...(openUntil === undefined ? {} : { openUntil }),
  };
}
