/**
 * Removing the files of names that nobody uses any more.
 *
 * @module
 */

import { letGo } from "../store/file_lock.ts";
import { isAbsent } from "../store/io_error.ts";
import { isStillAt } from "../store/lock_file.ts";
import type { LedgerFileSystem, LedgerHandle } from "./ledger_file_system.ts";

/**
 * The names in a folder.
 *
 * @param fs The file system to work on.
 * @param folder The folder; it may be missing.
 * @param extension How the names end.
 * @returns The names, in no order.
 * @throws What the system says.
 */
export async function namesIn(
  fs: LedgerFileSystem,
  folder: string,
  extension: string,
): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of fs.readDir(folder)) {
      if (name.endsWith(extension)) names.push(name);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return names;
}

/**
 * Removes a file that was not written to for a while and that nobody has locked.
 *
 * @param fs The file system to work on.
 * @param path The file.
 * @param before Since when, in milliseconds since 1970.
 * @returns Whether it was removed.
 * @throws What the system says.
 */
export function removeUnused(fs: LedgerFileSystem, path: string, before: number): boolean {
  let file: LedgerHandle;
  try {
    if (!isUnused(fs, path, before)) return false;
    file = fs.openSync(path, { read: true, write: true });
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  try {
    if (!file.tryLockSync(true) || !isStillAt(fs, path, file)) return false;
    if (!isUnused(fs, path, before)) return false;
    fs.removeSync(path);
    return true;
  } finally {
    letGo(file);
  }
}

function isUnused(fs: LedgerFileSystem, path: string, before: number): boolean {
  const { isFile, mtime } = fs.lstatSync(path);
  return isFile && mtime !== null && mtime.getTime() < before;
}
