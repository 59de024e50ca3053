/**
 * Waiting that can be called off.
 *
 * @module
 */

/** Longer than this timers cannot wait: they end at once. */
const MOST = 2 ** 31 - 1;

/**
 * Lets time pass.
 *
 * @param ms Milliseconds; at most about 24 days of them are waited.
 * @param signal Ends the waiting at once.
 * @returns When the time is over or the signal aborts, whichever is first; it never rejects.
 *
 * @example
 * ```ts
 * import { pause } from "./pause.ts";
 *
 * await pause(60_000, AbortSignal.abort());
 * ```
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(ms, MOST));
    signal?.addEventListener("abort", end);
  });
}

/**
 * Waits for work, but not forever: what hangs must not keep a channel from stopping.
 *
 * @param work What to wait for; how it ends does not matter.
 * @param ms Most milliseconds to wait.
 */
export async function settled(work: Promise<unknown>, ms: number): Promise<void> {
  const done = new AbortController();
  const end = () => done.abort();
  work.then(end, end);
  await pause(ms, done.signal);
}
