/**
 * When a delivery that failed is tried again: a pure function of what came of it and of the schedule.
 *
 * @module
 */
import type { Failure, OutboxEntry } from "./outbox.ts";
import type { RetryPolicy } from "./retry_policy.ts";

/** Milliseconds until an attempt that failed by our own network is made again. */
const OWN_FAULT_WAIT = 60_000;

/** Most that a `Retry-After` can hold a message back, in seconds. */
const MAX_RETRY_AFTER = 24 * 3600;

/** How the attempt was made. */
export interface AttemptMade {
  /** Whether it was made before it was due. */
  readonly early: boolean;
  /** The schedule. */
  readonly policy: RetryPolicy;
  /** The present. */
  readonly now: Date;
}

/**
 * When the next attempt is due.
 *
 * @param entry The entry, with this failure counted.
 * @param outcome What came of the attempt.
 * @param made How it was made.
 * @returns Milliseconds since 1970; `null` to give up.
 *
 * @example
 * ```ts
 * import { nextAttempt } from "./next_attempt.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const time = new Date(0).toISOString();
 * const entry = { id: "m", protocol: "p", to: "a", created_at: time, attempts: 1, next_attempt_at: time };
 * const made = { early: false, policy: () => 5000, now: new Date(1000) };
 * assertEquals(nextAttempt(entry, { kind: "retry", reason: "down" }, made), 6000);
 * assertEquals(nextAttempt(entry, { kind: "retry", reason: "down", retryAfter: 60 }, made), 61_000);
 * assertEquals(nextAttempt(entry, { kind: "refused", reason: "no" }, made), null);
 * ```
 */
export function nextAttempt(
  entry: OutboxEntry,
  outcome: Failure,
  { early, policy, now }: AttemptMade,
): number | null {
  if (outcome.kind === "refused") return null;
  const present = now.getTime();
  if (outcome.postponedTo !== undefined) {
    // A time that cannot be read must not be the end of the message.
    const until = Date.parse(outcome.postponedTo) || present + OWN_FAULT_WAIT;
    return Math.max(until, Date.parse(entry.next_attempt_at) || 0);
  }
  const asked = present + Math.min(outcome.retryAfter ?? 0, MAX_RETRY_AFTER) * 1000;
  if (early) return Math.max(Date.parse(entry.next_attempt_at), asked);
  if (outcome.ownFault) return present + OWN_FAULT_WAIT;
  const wait = policy(entry.attempts);
  return wait === null ? null : Math.max(present + wait, asked);
}
