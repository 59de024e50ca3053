/**
 * Locks that exist as files only while somebody holds them or waits for them, so that a lock per record
 * costs no file per record. The lock itself is the kernel's (flock), which gives it back when its holder
 * dies.
 *
 * Removing a file that others may be waiting for is what makes this delicate: whoever gets the lock of a
 * file that is no longer the one at its path has got nothing, and starts over. And a holder who saw others
 * wait leaves the file to them, so that the kernel's queue, first come first served, stays in order.
 *
 * @module
 */

import { letGo, lockWithin } from "./file_lock.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { makeDirectory, parentOf } from "./make_directory.ts";

const LOCK_MODE = 0o600;

/** Windows can neither tell one file from another here nor remove one that is open: files stay there. */
const REMOVES_FILES = Deno.build.os !== "windows";

/** A lock file whose lock is held. */
export class LockFile {
  readonly #fs: FileSystem;
  readonly #path: string;
  #file: FileHandle | undefined;

  private constructor(fs: FileSystem, path: string, file: FileHandle) {
    this.#fs = fs;
    this.#path = path;
    this.#file = file;
  }

  /**
   * Takes the lock of the file at a path, which is created if need be.
   *
   * @param fs The file system to work on.
   * @param path The lock file.
   * @param timeout Milliseconds to wait for it; 0 to only try.
   * @returns The lock, or `undefined` if another one kept it all the time.
   * @throws What the system says.
   */
  static async take(fs: FileSystem, path: string, timeout: number): Promise<LockFile | undefined> {
    const deadline = performance.now() + timeout;
    while (true) {
      const file = open(fs, path);
      let keep = false;
      try {
        if (!file.tryLockSync(true)) {
          if (timeout <= 0) return undefined;
          addWaiter(file);
          const held = await lockWithin(file, true, deadline - performance.now());
          if (!held) {
            keep = true;
            return undefined;
          }
          removeWaiter(file);
        }
        if (isStillAt(fs, path, file)) {
          keep = true;
          return new LockFile(fs, path, file);
        }
      } finally {
        if (!keep) letGo(file);
      }
    }
  }

  /** Gives the lock back and removes the file, unless others wait for it. Doing it twice does nothing. */
  release(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    try {
      if (REMOVES_FILES && file.statSync().size === 0) this.#fs.removeSync(this.#path);
    } catch {
      // The file stays for the next one who locks it, or for the sweep; what counts is to let go.
    } finally {
      letGo(file);
    }
  }
}

/**
 * Removes a lock file that nobody holds.
 *
 * @param fs The file system to work on.
 * @param path The lock file.
 * @returns Whether it was removed.
 * @throws What the system says.
 */
export function removeIfFree(fs: FileSystem, path: string): boolean {
  if (!REMOVES_FILES) return false;
  let file: FileHandle;
  try {
    file = fs.openSync(path, { read: true, write: true });
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
  try {
    if (!file.tryLockSync(true) || !isStillAt(fs, path, file)) return false;
    fs.removeSync(path);
    return true;
  } finally {
    letGo(file);
  }
}

/**
 * Whether an open file is the one that is at a path now.
 *
 * @param fs The file system to work on.
 * @param path Where to look.
 * @param file What is open.
 * @returns Whether both are the same file; where files have no numbers, whether there is one at all.
 */
export function isStillAt(fs: FileSystem, path: string, file: FileHandle): boolean {
  try {
    const there = fs.lstatSync(path);
    const opened = file.statSync();
    return there.ino === opened.ino && there.dev === opened.dev;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function open(fs: FileSystem, path: string): FileHandle {
  const options = { read: true, append: true, create: true, mode: LOCK_MODE };
  try {
    return fs.openSync(path, options);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    makeDirectory(fs, parentOf(path));
    return fs.openSync(path, options);
  }
}

// The length of a lock file is the number of those who wait for it. It is a hint: a waiter who died is
// still counted, and a full disk counts nobody. What that costs is a file left over, or a place in line.

function addWaiter(file: FileHandle): void {
  try {
    file.writeSync(Uint8Array.of(0x2e));
  } catch {
    // Then the holder removes the file, and the wait starts over with another one.
  }
}

function removeWaiter(file: FileHandle): void {
  try {
    file.truncateSync(Math.max(0, file.statSync().size - 1));
  } catch {
    // Then the file stays until a sweep.
  }
}
