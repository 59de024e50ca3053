/**
 * Times as the ledgers write them: 13 digits of milliseconds since 1970, which last until 2286.
 *
 * @module
 */

import { MeshError } from "../error.ts";

/** How many digits a time has. */
export const TIME_DIGITS = 13;

const LAST_TIME = 10 ** TIME_DIGITS - 1;

/**
 * A time as a number that the ledgers can write.
 *
 * @param now The time.
 * @returns Whole milliseconds since 1970, 0 for any time before.
 * @throws {MeshError} `usage` if it is no time, or one after 2286.
 */
export function ledgerTime(now: Date): number {
  const time = now.getTime();
  if (time <= LAST_TIME) return Math.max(0, time);
  throw new MeshError("usage", "Cannot count at a time that is none");
}

/**
 * Whole seconds from one time to another, as `Retry-After` wants them.
 *
 * @param from The earlier time in milliseconds.
 * @param to The later one.
 * @returns At least 1, rounded up.
 */
export function secondsUntil(from: number, to: number): number {
  return Math.max(1, Math.ceil((to - from) / 1000));
}
