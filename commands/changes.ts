/**
 * When to look at a collection again: its watch, and a clock, since a watch may miss something.
 *
 * @module
 */
import type { Collection } from "../lib/store/store.ts";

/** Milliseconds between looks while nothing seems to happen. */
const LOOK_AGAIN = 5_000;

/** The same where the system cannot watch the folder. */
const LOOK_UNWATCHED = 500;

/**
 * Yields whenever a collection is worth a look, at once for the first time, until it is told to stop.
 *
 * @param collection The collection.
 * @param signal Ends it.
 * @returns Nothing but the moments.
 */
export async function* changes(
  collection: Pick<Collection<unknown>, "watch">,
  signal: AbortSignal,
): AsyncGenerator<void> {
  // Whoever stops reading ends the watch as well.
  const end = new AbortController();
  const stop = AbortSignal.any([signal, end.signal]);
  let pause = LOOK_AGAIN;
  let next = Promise.withResolvers<void>();
  const watching = (async () => {
    try {
      for await (const _ of collection.watch(stop)) next.resolve();
    } catch {
      pause = LOOK_UNWATCHED;
      next.resolve();
    }
  })();
  const wake = () => next.resolve();
  signal.addEventListener("abort", wake, { once: true });
  try {
    while (!signal.aborted) {
      yield;
      const timer = setTimeout(wake, pause);
      await next.promise;
      clearTimeout(timer);
      next = Promise.withResolvers();
    }
  } finally {
    signal.removeEventListener("abort", wake);
    end.abort();
    await watching;
  }
}
