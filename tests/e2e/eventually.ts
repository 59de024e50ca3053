/**
 * Waiting for what no process tells.
 *
 * @module
 */

/** Milliseconds between two looks. */
const PAUSE = 25;

/**
 * Looks until there is something to see.
 *
 * @param what What is waited for, for the failure's text.
 * @param look Looks; `undefined` or `false` is not yet.
 * @param patience Milliseconds.
 * @returns What was seen.
 */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  patience = 10_000,
): Promise<T> {
  const deadline = performance.now() + patience;
  while (true) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`${what} did not come in ${patience} ms`);
    await pause(PAUSE);
  }
}

/**
 * Lets time pass.
 *
 * @param ms Milliseconds.
 */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
