/**
 * A limit on how much is under way at once.
 *
 * @module
 */

/** Lets so many callers in at a time; the others wait in the order in which they came. */
export class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * A gate with nobody in.
   *
   * @param width How many may be in at once.
   */
  constructor(width: number) {
    this.#free = width;
  }

  /**
   * Does work as soon as there is room for it.
   *
   * @param work What to do.
   * @returns What the work returns.
   */
  async run<R>(work: () => Promise<R>): Promise<R> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
