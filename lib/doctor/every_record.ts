/**
 * Reads a collection record by record: only the ids are in memory, and other checks go on meanwhile.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { Breather } from "../store/breather.ts";
import type { Collection } from "../store/store.ts";

/** How far the reading of a collection got. */
export interface Reading {
  /** How many records there are. */
  readonly total: number;
  /** How many were looked at, readable or not; fewer than `total` if the time was up. */
  readonly seen: number;
  /** How many could not be opened at all. */
  readonly faults: number;
  /** Why the first of them could not. */
  readonly fault?: MeshError;
}

/**
 * Reads all records of a collection. Damaged ones are reported by the store, as always.
 *
 * @param collection The collection.
 * @param visit Called with each record that can be read.
 * @param isOver Asked between records whether the time is up.
 * @returns How far it got.
 * @throws {MeshError} if the collection cannot even be listed.
 */
export async function everyRecord<T>(
  collection: Pick<Collection<T>, "get" | "ids">,
  visit: (value: T, id: string) => void,
  isOver: () => boolean = () => false,
): Promise<Reading> {
  const ids = await collection.ids();
  let [seen, faults] = [0, 0];
  let fault: MeshError | undefined;
  using breather = new Breather();
  for (const id of ids) {
    if (isOver()) break;
    try {
      const value = await collection.get(id);
      if (value !== undefined) visit(value, id);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      faults++;
      fault ??= error;
    }
    seen++;
    if (breather.isDue) await breather.breathe();
  }
  return { total: ids.length, seen, faults, ...(fault ? { fault } : {}) };
}
