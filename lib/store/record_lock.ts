/**
 * The lock of a record. It is the lock of the record's own file, so that changing a record that nobody
 * else wants makes no other file. Whoever finds it taken, or finds no record, queues at a lock file, where
 * the kernel serves in order; and as long as that is there everybody queues, so that nobody is overtaken
 * for ever by one who is quicker.
 *
 * A change puts another file in the record's place. Whoever gets the lock of the old one then has got
 * nothing, and goes on to the new one, which its writer holds until it is durable.
 *
 * @module
 */

import { letGo, lockWithin } from "./file_lock.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { isStillAt, LockFile } from "./lock_file.ts";

/** On Windows a lock would keep readers out: there the lock file alone is the lock. */
const LOCKS_RECORDS = Deno.build.os !== "windows";

/** A record's lock that is held. */
export interface RecordLock {
  /** Whether the record was there when the lock was taken. */
  readonly present: boolean;
  /** Gives the lock back. */
  release(): void;
}

/**
 * Takes the lock of a record, there or not.
 *
 * @param fs The file system to work on.
 * @param path The record's file.
 * @param lockFile The lock file to queue at.
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
  if (LOCKS_RECORDS && !isThere(fs, lockFile)) {
    const file = await lockIfPresent(fs, path, 0);
    if (typeof file === "object") return { present: true, release: () => letGo(file) };
  }
  const queue = await LockFile.take(fs, lockFile, timeout);
  if (queue === undefined) return undefined;
  const release = () => queue.release();
  let held = false;
  try {
    if (!LOCKS_RECORDS) {
      held = true;
      return { present: isThere(fs, path), release };
    }
    const file = await lockIfPresent(fs, path, deadline - performance.now());
    if (file === "busy") return undefined;
    held = true;
    if (file === "absent") return { present: false, release };
    const releaseBoth = () => {
      letGo(file);
      release();
    };
    return { present: true, release: releaseBoth };
  } finally {
    if (!held) release();
  }
}

/** Locks the file that is at a path when the lock is granted. */
async function lockIfPresent(
  fs: FileSystem,
  path: string,
  timeout: number,
): Promise<FileHandle | "absent" | "busy"> {
  const deadline = performance.now() + timeout;
  while (true) {
    const file = openRecord(fs, path);
    if (file === undefined) return "absent";
    let ours = true;
    let held = false;
    try {
      ours = await lockWithin(file, true, deadline - performance.now());
      if (!ours) return "busy";
      held = isStillAt(fs, path, file);
    } finally {
      if (ours && !held) letGo(file);
    }
    if (held) return file;
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

/** Whether there is a plain file; links, pipes and directories are no records. */
function isThere(fs: FileSystem, path: string): boolean {
  try {
    return fs.lstatSync(path).isFile;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
