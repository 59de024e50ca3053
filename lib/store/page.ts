/**
 * Pages of a folder: only the records of the page are opened, and only they are kept.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { Breather } from "./breather.ts";
import type { Choice } from "./choose.ts";
import { parseCursor, type Position, printCursor } from "./position.ts";
import type { Entry, ListOptions, Page } from "./store.ts";

/** After unreadable records so many are chosen per look at the folder, instead of a page's worth. */
const MORE = { least: 1_024, most: 8_192 };

/**
 * A page of a folder.
 *
 * @param options Order, limit and where to begin.
 * @param choose Finds the records in the folder.
 * @param read Reads a record; `undefined` if it cannot serve, and then the next one takes its place.
 * @returns The page.
 * @throws {MeshError} `usage` for a limit below 1 or a cursor of another listing.
 * @throws What the system says.
 */
export async function listPage<T>(
  options: ListOptions,
  choose: (choice: Choice) => Promise<Position[]>,
  read: (id: string) => Promise<Entry<T> | undefined>,
): Promise<Page<T>> {
  const { order = "name", limit = Infinity, cursor } = options;
  if (limit !== Infinity && !(Number.isInteger(limit) && limit >= 1)) {
    throw new MeshError("usage", `Limit "${limit}" is not a whole number from 1 on`);
  }
  let last = cursor === undefined ? undefined : parseCursor(order, cursor);
  const entries: Entry<T>[] = [];
  using breather = new Breather();
  // One more than the page, to know whether there is a next one.
  let count = limit + 1;
  while (true) {
    const chosen = await choose({ order, after: last, count });
    for (const position of chosen) {
      if (entries.length >= limit && last !== undefined) {
        return { entries, cursor: printCursor(order, last) };
      }
      last = position;
      const entry = await read(position.id);
      if (entry !== undefined) entries.push(entry);
      if (breather.isDue) await breather.breathe();
    }
    if (chosen.length < count) return { entries };
    count = Math.min(Math.max(2 * count, MORE.least), Math.max(count, MORE.most));
  }
}
