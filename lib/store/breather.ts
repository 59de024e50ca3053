/**
 * Lets the rest of the program have its turn during long synchronous work.
 *
 * @module
 */

/** Milliseconds that others may have to wait: short beside what a peer waits for an answer. */
const STRETCH = 20;

/** Knows how long nobody else had a turn. Use it with `using`, as it keeps a timer. */
export class Breather implements Disposable {
  #since = performance.now();
  #timer = this.#watchForTurns();

  /** Whether it is time for {@link breathe}. Costs little; ask every few dozen steps. */
  get isDue(): boolean {
    return performance.now() - this.#since > STRETCH;
  }

  /**
   * Gives way to whatever is due in this process. A timer costs a millisecond or two, in which sockets and
   * files get their turn as well; after an immediate or a message, which cost less, only timers do.
   */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#since = performance.now();
  }

  /** Ends the timer. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  /** Whenever a timer runs, others had their turn; some waits, such as for names, are turns themselves. */
  #watchForTurns(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#since = performance.now();
      this.#timer = this.#watchForTurns();
    }, STRETCH / 4);
  }
}
