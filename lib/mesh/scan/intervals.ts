/**
 * A set of integers as disjoint intervals: a network of 65,536 addresses is one entry.
 *
 * @module
 */

/** The first and the last member of a stretch, both included. */
export type Interval = readonly [first: number, last: number];

/**
 * A set of integers that tells which ones are new.
 *
 * @example
 * ```ts
 * import { IntervalSet } from "./intervals.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = new IntervalSet();
 * assertEquals(set.add(10, 20), [[10, 20]]);
 * assertEquals(set.add(15, 25), [[21, 25]]);
 * assertEquals(set.size, 16);
 * ```
 */
export class IntervalSet {
  /** Sorted, disjoint and never adjacent. */
  private readonly intervals: Interval[] = [];
  private members = 0;

  /** How many integers are in the set. */
  get size(): number {
    return this.members;
  }

  /**
   * Adds a stretch of integers.
   *
   * @param first The lowest.
   * @param last The highest, not below `first`.
   * @returns The parts that were not in the set before, ascending.
   */
  add(first: number, last: number): Interval[] {
    const from = this.indexOfFirstEndingAtOrAfter(first - 1);
    const fresh: Interval[] = [];
    let [low, high, next, to] = [first, last, first, from];
    for (; to < this.intervals.length; to++) {
      const [start, end] = this.intervals[to] as Interval;
      if (start > last + 1) break;
      if (start > next) fresh.push([next, Math.min(start - 1, last)]);
      next = Math.max(next, end + 1);
      low = Math.min(low, start);
      high = Math.max(high, end);
    }
    if (next <= last) fresh.push([next, last]);
    this.intervals.splice(from, to - from, [low, high]);
    for (const [start, end] of fresh) this.members += end - start + 1;
    return fresh;
  }

  /** Where the first interval is that is not wholly below `value`. */
  private indexOfFirstEndingAtOrAfter(value: number): number {
    let low = 0;
    let high = this.intervals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.intervals[middle] as Interval)[1] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
