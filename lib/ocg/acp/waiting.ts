/**
 * Waiting for what may never come.
 *
 * @module
 */
import { pauseFor } from "../pause_for.ts";

/**
 * Waits for something, or until it is given up.
 *
 * @param signal Gives up.
 * @param work What is waited for; goes on all the same.
 * @returns What comes of it.
 * @throws What `work` does, or `signal.reason`.
 */
export async function unless<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => {});
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/**
 * Waits for something, but not for ever.
 *
 * @param ms Milliseconds.
 * @param work What is waited for; goes on all the same.
 * @returns What comes of it, or `undefined` if it takes longer.
 * @throws What `work` does.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, pauseFor(ms, over.signal).then(() => undefined)]);
  } finally {
    over.abort();
  }
}
