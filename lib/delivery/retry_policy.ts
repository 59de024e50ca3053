/**
 * When to try again: a pure function of how often it failed.
 *
 * @module
 */

/** Milliseconds to wait after `failures` failed attempts, or `null` when it is time to give up. */
export type RetryPolicy = (failures: number) => number | null;

/**
 * The schedule that the Standard Webhooks specification recommends: the waits before each attempt, in
 * seconds. Ten attempts over a little more than four days.
 */
export const STANDARD_WAITS: readonly number[] = [
  0,
  5,
  5 * 60,
  30 * 60,
  2 * 3600,
  5 * 3600,
  10 * 3600,
  14 * 3600,
  20 * 3600,
  24 * 3600,
];

/** How to build a policy. */
export interface RetryPolicyOptions {
  /** Seconds before each attempt, the first included. Default {@link STANDARD_WAITS}. */
  readonly waits?: readonly number[];
  /** How much a wait may grow, as a share of it, so that many senders do not come back at once. Default 0.1. */
  readonly jitter?: number;
  /** Random numbers from 0 to below 1; for tests. */
  readonly random?: () => number;
}

/**
 * Builds a policy out of a table of waits.
 *
 * @param options Table, jitter, randomness.
 * @returns The policy.
 *
 * @example
 * ```ts
 * import { retryPolicy } from "./retry_policy.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const policy = retryPolicy({ jitter: 0 });
 * assertEquals([policy(0), policy(1), policy(2), policy(10)], [0, 5_000, 300_000, null]);
 * ```
 */
export function retryPolicy(
  { waits = STANDARD_WAITS, jitter = 0.1, random = Math.random }: RetryPolicyOptions = {},
): RetryPolicy {
  return (failures) => {
    const seconds = waits[failures];
    return seconds === undefined ? null : Math.round(seconds * 1000 * (1 + jitter * random()));
  };
}
