/**
 * What a daemon does from time to time: each chore by itself, never twice at once, and a failure of one is
 * told and keeps none from being done again.
 *
 * @module
 */

/** Something to do again and again. */
export interface Chore {
  /** Milliseconds from its end to its next beginning. */
  readonly everyMs: number;
  /** Whether it is done when the daemon starts, before anything else. */
  readonly first?: boolean;
  /**
   * Does it once.
   *
   * @param first Whether the daemon is just starting.
   */
  run(first: boolean): Promise<unknown>;
}

/** Does the chores of a daemon. */
export class Chores {
  readonly #chores: readonly Chore[];
  readonly #onFault: (error: unknown) => void;
  readonly #timers = new Map<Chore, ReturnType<typeof setTimeout>>();
  readonly #underWay = new Set<Promise<void>>();
  #stopped = false;

  /**
   * Nothing is done before {@link start}.
   *
   * @param chores What there is to do.
   * @param onFault Told of failures.
   */
  constructor(chores: readonly Chore[], onFault: (error: unknown) => void) {
    this.#chores = chores;
    this.#onFault = onFault;
  }

  /** Does what comes first, and arranges for the rest. */
  async start(): Promise<void> {
    for (const chore of this.#chores) if (chore.first) await this.#do(chore, true);
    for (const chore of this.#chores) this.#arrange(chore);
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#underWay);
  }

  #arrange(chore: Chore): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      const work = this.#do(chore, false).finally(() => {
        this.#underWay.delete(work);
        this.#arrange(chore);
      });
      this.#underWay.add(work);
    }, chore.everyMs);
    this.#timers.set(chore, timer);
  }

  async #do(chore: Chore, first: boolean): Promise<void> {
    try {
      await chore.run(first);
    } catch (error) {
      this.#onFault(error);
    }
  }
}
