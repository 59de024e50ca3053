/**
 * Removing what dead processes left behind: temporary files whose writer is gone and lock files that
 * nobody holds. Those of living processes are left alone.
 *
 * @module
 */

import { letGo } from "./file_lock.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { removeIfFree } from "./lock_file.ts";
import { TEMPORARY_NAME } from "./staged_file.ts";

/** No collection lies deeper; plugins and links may lead far. */
const DEPTH = 8;

/** Where other people's folders begin. */
const FOREIGN = new Set(["node_modules"]);

/**
 * Sweeps a root.
 *
 * @param fs The file system to work on.
 * @param root Where the collections are.
 * @param locks Where the lock files are.
 * @returns How many temporary files were removed.
 * @throws What the system says, other than that there is nothing to sweep.
 */
export async function sweep(fs: FileSystem, root: string, locks: string): Promise<number> {
  const lockFiles = await namesIn(fs, locks, (name) => name.endsWith(".lock"));
  for (const name of lockFiles.files) removeIfFree(fs, `${locks}/${name}`);
  return await sweepFolder(fs, root, DEPTH);
}

async function sweepFolder(fs: FileSystem, directory: string, depth: number): Promise<number> {
  const { files, directories } = await namesIn(fs, directory, (name) => TEMPORARY_NAME.test(name));
  let removed = 0;
  for (const name of files) {
    if (removeIfDead(fs, `${directory}/${name}`)) removed++;
  }
  if (depth === 0) return removed;
  for (const name of directories) {
    removed += await sweepFolder(fs, `${directory}/${name}`, depth - 1);
  }
  return removed;
}

async function namesIn(fs: FileSystem, directory: string, wanted: (name: string) => boolean) {
  const files: string[] = [];
  const directories: string[] = [];
  try {
    for await (const { name, isFile, isDirectory } of fs.readDir(directory)) {
      if (isFile && wanted(name)) files.push(name);
      else if (isDirectory && !name.startsWith(".") && !FOREIGN.has(name)) directories.push(name);
    }
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  return { files, directories };
}

/** Removes a temporary file if its lock is free, for its writer would hold it. */
function removeIfDead(fs: FileSystem, path: string): boolean {
  let file: FileHandle;
  try {
    file = fs.openSync(path, { read: true, write: true });
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  try {
    if (!file.tryLockSync(true)) return false;
    fs.removeSync(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  } finally {
    letGo(file);
  }
}
