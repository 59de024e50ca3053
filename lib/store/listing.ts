/**
 * Pages of a folder. What a page costs is one reading of the folder's names and, for the newest, a stat
 * per file; only the records of the page are opened, and only they are kept.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { Breather } from "./breather.ts";
import type { FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { decodeName } from "./names.ts";
import { comparing, type Order, parseCursor, type Position, printCursor } from "./position.ts";
import { Smallest } from "./smallest.ts";
import type { Entry, ListOptions, Page } from "./store.ts";

/** What the file of a record is called after its encoded id. */
export const EXTENSION = ".json";

/** Names to collect before looking at the files: as many as Deno hands over at once. */
const BATCH = 32;

/** After unreadable records so many are chosen per look at the folder, instead of a page's worth. */
const MORE = { least: 1_024, most: 8_192 };

/**
 * The id of a record's file.
 *
 * @param fileName A name in a folder.
 * @returns The id, or `undefined` for a file that is no record: temporary, set aside, or somebody else's.
 */
export function idOf(fileName: string): string | undefined {
  if (!fileName.endsWith(EXTENSION)) return undefined;
  return decodeName(fileName.slice(0, -EXTENSION.length));
}

/**
 * Visits the ids of a folder, in no order. Other work of the process goes on meanwhile.
 *
 * @param fs The file system to work on.
 * @param directory The folder; one that does not exist has no ids.
 * @param visit Called with each id.
 * @throws What the system says.
 */
export async function visitIds(
  fs: FileSystem,
  directory: string,
  visit: (id: string, fileName: string) => void,
): Promise<void> {
  using breather = new Breather();
  let batch: string[] = [];
  const visitBatch = () => {
    for (const name of batch) {
      const id = idOf(name);
      if (id !== undefined) visit(id, name);
    }
    batch = [];
  };
  const names = fs.readDir(directory)[Symbol.asyncIterator]();
  // The next names are asked for before the last ones are looked at, so that both go on at once.
  let next = names.next();
  try {
    for (let entry = await next; !entry.done; entry = await next) {
      next = names.next();
      if (entry.value.isFile) batch.push(entry.value.name);
      if (batch.length < BATCH) continue;
      visitBatch();
      if (breather.isDue) await breather.breathe();
    }
    visitBatch();
  } catch (error) {
    if (!isAbsent(error)) throw error;
  } finally {
    // If a visit failed, the names that are still on their way are let go.
    await next.catch(() => {});
    await names.return?.().catch(() => {});
  }
}

/**
 * A page of a folder.
 *
 * @param fs The file system to work on.
 * @param directory The folder.
 * @param options Order, limit and where to begin.
 * @param read Reads a record; `undefined` if it cannot serve, and then the next one takes its place.
 * @returns The page.
 * @throws {MeshError} `usage` for a limit below 1 or a cursor of another listing.
 * @throws What the system says.
 */
export async function listPage<T>(
  fs: FileSystem,
  directory: string,
  options: ListOptions,
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
  let want = limit + 1;
  while (true) {
    const chosen = await choose(fs, directory, order, last, want);
    for (const position of chosen) {
      if (entries.length >= limit && last !== undefined) {
        return { entries, cursor: printCursor(order, last) };
      }
      last = position;
      const entry = await read(position.id);
      if (entry !== undefined) entries.push(entry);
      if (breather.isDue) await breather.breathe();
    }
    if (chosen.length < want) return { entries };
    want = Math.min(Math.max(2 * want, MORE.least), Math.max(want, MORE.most));
  }
}

/** The first `count` records after a position. */
async function choose(
  fs: FileSystem,
  directory: string,
  order: Order,
  after: Position | undefined,
  count: number,
): Promise<Position[]> {
  const compare = comparing(order);
  const first = new Smallest(count, compare);
  await visitIds(fs, directory, (id, fileName) => {
    const time = order === "name" ? 0 : timeOf(fs, `${directory}/${fileName}`);
    if (time === undefined) return;
    const position = { id, time };
    if (after === undefined || compare(position, after) > 0) first.add(position);
  });
  return first.sorted();
}

function timeOf(fs: FileSystem, path: string): number | undefined {
  try {
    return fs.lstatSync(path).mtime?.getTime() ?? 0;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
