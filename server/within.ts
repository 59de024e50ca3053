/**
 * Waiting for what may take too long.
 *
 * @module
 */

/**
 * Waits for work, and no longer than it is worth: what helpers do, such as asking a peer that hangs, is left
 * to end by itself.
 *
 * @param ms Milliseconds to wait at most.
 * @param work The work.
 * @throws What the work throws in time.
 */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
