/**
 * What a measurement comes to: something of ours beside a baseline of the same run, their ratio, and
 * the ratio that we aim for.
 *
 * @module
 */

/** A number with its unit, such as 583 writes/s. */
export interface Quantity {
  /** The number. */
  readonly value: number;
  /** Its unit, as printed after it. */
  readonly unit: string;
}

/** What the ratio should be. */
export interface Aim {
  /** Whether more is better or less is. */
  readonly is: "at least" | "at most";
  /** The limit. */
  readonly ratio: number;
}

/** One line of the table. */
export interface Row {
  /** What was measured. */
  readonly name: string;
  /** How it came out. */
  readonly measured: Quantity;
  /** What it is measured against. */
  readonly against: string;
  /** How that came out, in the same unit. */
  readonly baseline: number;
  /** Measured by baseline: the median of the rounds' ratios where there are rounds. */
  readonly ratio: number;
  /** What the ratio should be; absent where it only informs. */
  readonly aim?: Aim;
  /** What else there is to know. */
  readonly note?: string;
}

/**
 * Whether a row's aim is met.
 *
 * @param row The row.
 * @returns `undefined` if it has none.
 */
export function meets({ ratio, aim }: Row): boolean | undefined {
  if (aim === undefined) return undefined;
  return aim.is === "at least" ? ratio >= aim.ratio : ratio <= aim.ratio;
}

/**
 * The middle of some numbers.
 *
 * @param values At least one number.
 * @returns The middle one, or the mean of the two in the middle.
 *
 * @example
 * ```ts
 * import { median } from "./row.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(median([9, 1, 5]), 5);
 * assertEquals(median([1, 2, 3, 10]), 2.5);
 * ```
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** One round of a comparison. */
export interface Round {
  /** What is ours. */
  readonly ours: number;
  /** What it is measured against. */
  readonly baseline: number;
}

/**
 * Sums rounds up. The ratio is the median of the rounds' own ratios: what disturbs a round, such as a
 * busy disk, disturbs both of its halves.
 *
 * @param rounds The rounds.
 * @returns Medians.
 */
export function summary(rounds: readonly Round[]): Round & { ratio: number } {
  return {
    ours: median(rounds.map(({ ours }) => ours)),
    baseline: median(rounds.map(({ baseline }) => baseline)),
    ratio: median(rounds.map(({ ours, baseline }) => ours / baseline)),
  };
}

/**
 * Measures in rounds, each time both halves, one right after the other, and every other time the
 * baseline first.
 *
 * @param count How many rounds.
 * @param ours Measures what is ours.
 * @param baseline Measures what it is compared with.
 * @returns The rounds.
 */
export async function interleave(
  count: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let i = 0; i < count; i++) {
    if (i % 2 === 0) {
      const first = await baseline();
      rounds.push({ baseline: first, ours: await ours() });
    } else {
      const first = await ours();
      rounds.push({ ours: first, baseline: await baseline() });
    }
  }
  return rounds;
}
