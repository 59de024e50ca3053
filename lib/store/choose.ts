/**
 * Choosing the records of a page by looking at every file of a folder.
 *
 * @module
 */

import type { FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { idOf, visitNames } from "./listing.ts";
import { comparing, type Order, type Position } from "./position.ts";
import { Smallest } from "./smallest.ts";

/** What is chosen: the first `count` records after a position, or from the beginning. */
export interface Choice {
  /** In which order. */
  readonly order: Order;
  /** The record before the first one; absent to begin with the first of all. */
  readonly after?: Position | undefined;
  /** At most so many. */
  readonly count: number;
}

/** Collects the records of a choice from all that come by, in no order. */
export class Chosen {
  readonly #compare: (a: Position, b: Position) => number;
  readonly #after: Position | undefined;
  readonly #first: Smallest<Position>;

  /**
   * Nothing yet.
   *
   * @param choice What is chosen.
   */
  constructor({ order, after, count }: Choice) {
    this.#compare = comparing(order);
    this.#after = after;
    this.#first = new Smallest(count, this.#compare);
  }

  /**
   * Takes a record into account.
   *
   * @param position Where it stands.
   */
  add(position: Position): void {
    if (this.#after !== undefined && this.#compare(position, this.#after) <= 0) return;
    this.#first.add(position);
  }

  /**
   * What was chosen.
   *
   * @returns The records in order.
   */
  sorted(): Position[] {
    return this.#first.sorted();
  }
}

/**
 * Chooses records of a folder.
 *
 * @param fs The file system to work on.
 * @param directory The folder; one that does not exist has no records.
 * @param choice Which ones.
 * @returns Their positions, in order.
 * @throws What the system says.
 */
export async function choose(
  fs: FileSystem,
  directory: string,
  choice: Choice,
): Promise<Position[]> {
  const chosen = new Chosen(choice);
  await visitNames(fs, directory, (fileNames) => {
    for (const fileName of fileNames) {
      const position = choice.order === "name"
        ? positionByName(fileName)
        : positionOf(fs, directory, fileName);
      if (position !== undefined) chosen.add(position);
    }
  });
  return chosen.sorted();
}

function positionByName(fileName: string): Position | undefined {
  const id = idOf(fileName);
  return id === undefined ? undefined : { id, time: 0 };
}

/**
 * Where the record of a file stands among the newest.
 *
 * @param fs The file system to work on.
 * @param directory The folder.
 * @param fileName The file.
 * @returns Its position, or `undefined` if it is no record or is gone.
 * @throws What the system says.
 */
export function positionOf(
  fs: FileSystem,
  directory: string,
  fileName: string,
): Position | undefined {
  const id = idOf(fileName);
  if (id === undefined) return undefined;
  try {
    const { isFile, mtime } = fs.lstatSync(`${directory}/${fileName}`);
    return isFile ? { id, time: mtime?.getTime() ?? 0 } : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
