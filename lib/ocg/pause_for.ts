/**
 * Waiting that can be ended.
 *
 * @module
 */

/**
 * Waits.
 *
 * @param ms Milliseconds.
 * @param signal Ends it early, without an error.
 */
export async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const end = () => resolve();
  signal.addEventListener("abort", end, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}
