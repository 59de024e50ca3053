/**
 * Creates directories that only their owner can enter, and makes their names durable.
 *
 * @module
 */

import type { DirectorySync } from "./directory_sync.ts";
import type { FileSystem } from "./file_system.ts";
import { isAbsent, isTaken } from "./io_error.ts";

/** Directories are their owner's alone. */
const DIRECTORY_MODE = 0o700;

/**
 * Creates a directory and those above it that are missing, each with mode 0700. One that exists is left
 * as it is.
 *
 * @param fs The file system to work on.
 * @param path The directory.
 * @returns The directories that were created, innermost last; empty if it existed.
 * @throws What the system says, other than that it exists.
 */
export function makeDirectory(fs: FileSystem, path: string): string[] {
  try {
    fs.mkdirSync(path, { mode: DIRECTORY_MODE });
  } catch (error) {
    if (isTaken(error)) return [];
    const parent = parentOf(path);
    if (!isAbsent(error) || parent === path) throw error;
    const above = makeDirectory(fs, parent);
    return [...above, ...makeDirectory(fs, path)];
  }
  return [path];
}

/**
 * Creates a directory as {@link makeDirectory} does and waits until its name is on the disk.
 *
 * @param fs The file system to work on.
 * @param syncs Makes the names durable.
 * @param path The directory.
 * @throws What the system says. What was created is then removed again, so that a later try does not take
 * it for durable.
 */
export async function makeDirectoryDurably(
  fs: FileSystem,
  syncs: DirectorySync,
  path: string,
): Promise<void> {
  const created = makeDirectory(fs, path);
  try {
    for (const directory of created) await syncs.sync(parentOf(directory));
  } catch (error) {
    for (const directory of created.toReversed()) removeQuietly(fs, directory);
    throw error;
  }
}

function removeQuietly(fs: FileSystem, directory: string): void {
  try {
    fs.removeSync(directory);
  } catch {
    // Somebody has put something in it already, or the disk fails at everything.
  }
}

/**
 * The directory that holds a path's last name.
 *
 * @param path A path with `/` or, on Windows, `\` between its names.
 * @returns The path above; `.` above a single name; a root is above itself.
 */
export function parentOf(path: string): string {
  const separator = Deno.build.os === "windows" ? /[/\\]+[^/\\]*[/\\]*$/ : /\/+[^/]*\/*$/;
  const at = path.search(separator);
  if (at < 0) return ".";
  return at === 0 ? "/" : path.slice(0, at);
}
