/**
 * The names in a folder, visited as they come, so that none has to be kept.
 *
 * @module
 */

import { Breather } from "./breather.ts";
import type { FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { decodeName } from "./names.ts";

/** What the file of a record is called after its encoded id. */
export const EXTENSION = ".json";

/** Names to collect before looking at the files: as many as Deno hands over at once. */
const BATCH = 32;

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
 * Whether a file counts in the sum over the records of a folder: all records do, and few other files.
 *
 * @param fileName A name in a folder.
 * @returns Whether it does.
 */
export function isCounted(fileName: string): boolean {
  return fileName.endsWith(EXTENSION) && !fileName.startsWith(".");
}

/**
 * Visits the plain files of a folder, in no order. Other work of the process goes on meanwhile.
 *
 * @param fs The file system to work on.
 * @param directory The folder; one that does not exist has no files.
 * @param visit Called with some dozen names at a time; `false` ends the visit.
 * @throws What the system says.
 */
export async function visitNames(
  fs: FileSystem,
  directory: string,
  visit: (fileNames: readonly string[]) => boolean | void,
): Promise<void> {
  using breather = new Breather();
  let batch: string[] = [];
  const names = fs.readDir(directory)[Symbol.asyncIterator]();
  // The next names are asked for before the last ones are looked at, so that both go on at once.
  let next = names.next();
  try {
    for (let entry = await next; !entry.done; entry = await next) {
      next = names.next();
      if (entry.value.isFile) batch.push(entry.value.name);
      if (batch.length < BATCH) continue;
      if (visit(batch) === false) return;
      batch = [];
      if (breather.isDue) await breather.breathe();
    }
    visit(batch);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  } finally {
    // If a visit failed, the names that are still on their way are let go.
    await next.catch(() => {});
    await names.return?.().catch(() => {});
  }
}

/**
 * The ids in a folder.
 *
 * @param fs The file system to work on.
 * @param directory The folder; one that does not exist has no ids.
 * @returns All of them, in no order.
 * @throws What the system says.
 */
export async function idsIn(fs: FileSystem, directory: string): Promise<string[]> {
  const ids: string[] = [];
  await visitNames(fs, directory, (fileNames) => {
    for (const fileName of fileNames) {
      const id = idOf(fileName);
      if (id !== undefined) ids.push(id);
    }
  });
  return ids;
}
