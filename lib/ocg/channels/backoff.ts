/**
 * How long to wait before trying again: longer after each failure, and never in step with others who
 * lost the same server.
 *
 * @module
 */

/** The bounds of waiting. */
export interface BackoffBounds {
  /** Milliseconds after the first failure. */
  readonly firstMs: number;
  /** Most milliseconds. */
  readonly mostMs: number;
}

/** A second at first, a minute at most: a platform's outage is noticed soon and costs it little. */
export const USUAL_BACKOFF: BackoffBounds = { firstMs: 1_000, mostMs: 60_000 };

/** Counts failures in a row. */
export class Backoff {
  #failures = 0;

  /**
   * Begins without a failure.
   *
   * @param bounds How long to wait.
   * @param random A number from 0 to below 1; for tests.
   */
  constructor(
    private readonly bounds: BackoffBounds = USUAL_BACKOFF,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * Notes a failure.
   *
   * @returns Milliseconds to wait: the doubled time, of which up to a quarter is left out by chance.
   *
   * @example
   * ```ts
   * import { Backoff } from "./backoff.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const backoff = new Backoff({ firstMs: 100, mostMs: 300 }, () => 0);
   * assertEquals([backoff.next(), backoff.next(), backoff.next()], [100, 200, 300]);
   * ```
   */
  next(): number {
    const { firstMs, mostMs } = this.bounds;
    const whole = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return Math.round(whole * (1 - this.random() / 4));
  }

  /** Forgets the failures: it works again. */
  reset(): void {
    this.#failures = 0;
  }
}
