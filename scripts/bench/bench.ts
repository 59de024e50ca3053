/**
 * What a measurement is, to the script that runs them all.
 *
 * @module
 */
import type { Row } from "./row.ts";

/** Where a measurement takes place. */
export interface Place {
  /** An empty folder of its own. It is removed afterwards; the measurement need not clear up. */
  readonly folder: string;
  /** Tells the person who waits what is going on. */
  readonly progress: (text: string) => void;
}

/** A measurement. */
export interface Bench {
  /** Its name on the command line. */
  readonly name: string;
  /** Measures. */
  readonly measure: (place: Place) => Promise<Row[]>;
}
