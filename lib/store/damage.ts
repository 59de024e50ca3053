/**
 * Telling the owner about files that are not what they should be: once per file and state, not on every
 * reading.
 *
 * @module
 */

/** A file in the store that cannot serve as the record that its name promises. */
export interface DamageReport {
  /** Where the file was found. */
  readonly path: string;
  /** Where it is now; absent if it was left alone. */
  readonly movedTo?: string;
  /** What is wrong with it, as one sentence. */
  readonly reason: string;
}

/** So many files are remembered as reported; beyond that the longest known is reported anew. */
const REMEMBERED = 1_000;

/** Passes on what is new. */
export class DamageReporter {
  readonly #tell: (report: DamageReport) => void;
  readonly #known = new Map<string, string>();

  /**
   * Reports to a function.
   *
   * @param tell Called once for each damaged file and state of it.
   */
  constructor(tell: (report: DamageReport) => void) {
    this.#tell = tell;
  }

  /**
   * Reports a file that was moved out of the way.
   *
   * @param report What and why.
   */
  moved(report: DamageReport): void {
    this.#known.delete(report.path);
    this.#tell(report);
  }

  /**
   * Reports a file that stays where it is, unless this state of it was reported before.
   *
   * @param report What and why.
   * @param mark Tells one state of the file from another.
   */
  left(report: DamageReport, mark: string): void {
    if (this.#known.get(report.path) === mark) return;
    this.#known.delete(report.path);
    this.#known.set(report.path, mark);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
    this.#tell(report);
  }
}
