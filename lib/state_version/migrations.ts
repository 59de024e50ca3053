/**
 * The steps from one version of the layout to the next.
 *
 * @module
 */
import type { FileStore } from "../store/file_store.ts";

/** A step. */
export interface Migration {
  /** The version that it leads to, from the one before. */
  readonly to: number;
  /** What it does, for the owner. */
  readonly what: string;
  /** The files and folders that it changes, below the root; they are kept as they were. */
  readonly touches: readonly string[];
  /**
   * Does it. A crash may cut it short at any point, and then it is done once more from the beginning.
   *
   * @param store The store of the state directory.
   */
  readonly apply: (store: FileStore) => Promise<void>;
}

/** The steps, in order, one for each version after the first. There has been one version so far. */
export const MIGRATIONS: readonly Migration[] = [];
