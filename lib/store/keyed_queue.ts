/**
 * Lets the callers of one process through one by one, per key, in the order in which they came. So a
 * process waits for another one's lock only once, however many of its own callers want it.
 *
 * @module
 */

interface Waiter {
  resolve(passed: boolean): void;
}

interface Line {
  readonly waiters: Waiter[];
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A queue per key. */
export class KeyedQueue {
  readonly #timeout: number;
  readonly #lines = new Map<string, Line>();

  /**
   * Queues with nobody in.
   *
   * @param timeout Milliseconds for which one caller may hold up the others.
   */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * Waits until nobody else is in with this key.
   *
   * @param key What to be alone with.
   * @returns Whether the caller is in, and then must call {@link leave}; `false` if the one before held it
   * for longer than the timeout.
   */
  enter(key: string): Promise<boolean> {
    const line = this.#lines.get(key);
    if (line === undefined) {
      this.#lines.set(key, { waiters: [], timer: undefined });
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      line.waiters.push({ resolve });
      line.timer ??= this.#watch(line);
    });
  }

  /**
   * Lets the next one in.
   *
   * @param key What the caller was alone with.
   */
  leave(key: string): void {
    const line = this.#lines.get(key);
    if (line === undefined) return;
    clearTimeout(line.timer);
    line.timer = undefined;
    const next = line.waiters.shift();
    if (next === undefined) {
      this.#lines.delete(key);
      return;
    }
    if (line.waiters.length > 0) line.timer = this.#watch(line);
    next.resolve(true);
  }

  #watch(line: Line): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      line.timer = undefined;
      for (const waiter of line.waiters.splice(0)) waiter.resolve(false);
    }, this.#timeout);
  }
}
