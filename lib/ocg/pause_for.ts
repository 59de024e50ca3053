/**
 * Waiting that can be ended.
 *
 * @module
 */

/** Longer than this timers cannot wait: they end at once. */
const MOST = 2 ** 31 - 1;

/**
 * Waits.
 *
 * @param ms Milliseconds; at most about 24 days of them are waited.
 * @param signal Ends it early, without an error.
 */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, Math.min(ms, MOST));
  const end = () => resolve();
  signal.addEventListener("abort", end, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}
