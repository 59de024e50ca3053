/**
 * The lock of a record. It is the lock of the record's own file, so that changing a record makes no other
 * file; only a record that is not there yet is locked by a lock file.
 *
 * A change puts another file in the record's place. Whoever then gets the lock of the old one has got
 * nothing and goes on to the new one, which its writer holds until it is durable.
 *
 * @module
 */

import { lockWithin } from "./file_lock.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { isStillAt, LockFile } from "./lock_file.ts";

/** On Windows a lock would keep readers out, and records have lock files, there or not. */
const LOCKS_RECORDS = Deno.build.os !== "windows";

/** A record's lock that is held. */
export interface RecordLock {
  /** Whether the record was there when the lock was taken. */
  readonly present: boolean;
  /** Gives the lock back, at the latest when the change is over. Doing it twice does nothing. */
  release(): void;
}

/**
 * Takes the lock of a record, there or not.
 *
 * @param fs The file system to work on.
 * @param path The record's file.
 * @param lockFile The lock file for while the record is not there.
 * @param timeout Milliseconds to wait for it.
 * @returns The lock, or `undefined` if others kept it all the time.
 * @throws What the system says.
 */
export async function lockRecord(
  fs: FileSystem,
  path: string,
  lockFile: string,
  timeout: number,
): Promise<RecordLock | undefined> {
  const deadline = performance.now() + timeout;
  const timeLeft = () => Math.max(0, deadline - performance.now());
  while (true) {
    const file = LOCKS_RECORDS ? openRecord(fs, path) : undefined;
    if (file === undefined) {
      const lock = await LockFile.take(fs, lockFile, timeLeft());
      if (lock === undefined) return undefined;
      const present = isStillThere(fs, path, lock);
      if (!present || !LOCKS_RECORDS) return { present, release: () => lock.release() };
      lock.release();
      continue;
    }
    let ours = true;
    let held = false;
    try {
      ours = await lockWithin(file, true, timeLeft());
      if (!ours) return undefined;
      held = isStillAt(fs, path, file);
    } finally {
      if (ours && !held) file.close();
    }
    if (held) return closingOnce(file);
  }
}

function openRecord(fs: FileSystem, path: string): FileHandle | undefined {
  try {
    return isThere(fs, path) ? fs.openSync(path, { read: true }) : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isStillThere(fs: FileSystem, path: string, lock: LockFile): boolean {
  try {
    return isThere(fs, path);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether there is a file to lock; links, pipes and directories are no records. */
function isThere(fs: FileSystem, path: string): boolean {
  try {
    return fs.lstatSync(path).isFile;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function closingOnce(file: FileHandle): RecordLock {
  let open = true;
  return {
    present: true,
    release() {
      if (open) file.close();
      open = false;
    },
  };
}
