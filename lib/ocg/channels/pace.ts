/**
 * Keeps to a platform's rate limits before it complains: each chat has some messages in hand and earns
 * more with time.
 *
 * @module
 */
import { pause } from "./pause.ts";

/** What a platform puts up with. */
export interface PaceLimit {
  /** How many at once. */
  readonly burst: number;
  /** Milliseconds in which one more is earned. */
  readonly everyMs: number;
}

/** When the next may go, as if each had cost its time. */
interface Line {
  /** The time at which all of the burst would be in hand again, in milliseconds. */
  full: number;
  /** Nothing goes before this time: the platform said so. */
  heldUntil: number;
}

/** Lines kept at most before those at rest are thrown away. */
const MANY = 2_000;

/** Gives turns, by name. */
export class Pace {
  readonly #lines = new Map<string, Line>();

  /**
   * Begins with all in hand.
   *
   * @param now The present in milliseconds; for tests.
   */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Waits for a turn. Turns of one name are given in the order in which they were asked for.
   *
   * @param name What has the limit, such as a chat.
   * @param limit The limit.
   * @param signal Gives the turn up.
   * @throws {unknown} The signal's reason once it is aborted.
   */
  async turn(name: string, limit: PaceLimit, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const line = this.#line(name);
    for (;;) {
      const now = this.now();
      const start = Math.max(line.full, now);
      const due = Math.max(start - (limit.burst - 1) * limit.everyMs, line.heldUntil);
      // The turn is booked before the wait, so that two who wait do not get the same one.
      line.full = Math.max(start, line.heldUntil) + limit.everyMs;
      if (due <= now) return;
      await pause(due - now, signal);
      signal?.throwIfAborted();
      // Whoever waited when the platform said "later" waits again.
      if (line.heldUntil <= this.now()) return;
    }
  }

  /**
   * Lets nothing go for a while.
   *
   * @param name What has the limit.
   * @param ms Milliseconds from now.
   */
  hold(name: string, ms: number): void {
    const line = this.#line(name);
    line.heldUntil = Math.max(line.heldUntil, this.now() + ms);
  }

  #line(name: string): Line {
    let line = this.#lines.get(name);
    if (line) return line;
    if (this.#lines.size >= MANY) this.#forget();
    line = { full: 0, heldUntil: 0 };
    this.#lines.set(name, line);
    return line;
  }

  #forget(): void {
    const now = this.now();
    for (const [name, line] of this.#lines) {
      if (line.full <= now && line.heldUntil <= now) this.#lines.delete(name);
    }
  }
}
