/**
 * A temporary file beside the one that it will become: written whole and on the disk before anybody can
 * see it under its real name. Its writer holds its lock, which tells a sweep that the writer is alive.
 *
 * @module
 */

import type { DirectorySync } from "./directory_sync.ts";
import { letGo } from "./file_lock.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";
import { makeDirectoryDurably } from "./make_directory.ts";

/** Records are their owner's alone. */
const FILE_MODE = 0o600;

/** What a temporary file is called: a dot, the real name, 16 hex digits. */
export const TEMPORARY_NAME = /^\..+\.[0-9a-f]{16}\.tmp$/;

/** A temporary file that is complete and on the disk. */
export interface StagedFile {
  /** Its open handle, locked. */
  readonly handle: FileHandle;
  /** Gives the file its real name, which must be free; it keeps none else. */
  link(): void;
  /** Gives the file its real name, in place of another file. */
  rename(): void;
}

/**
 * Writes a temporary file and has it put in place. Whatever happens, the temporary name is gone
 * afterwards, unless even removing it fails; then a sweep takes it.
 *
 * @param fs The file system to work on.
 * @param syncs Makes the directory durable if it has to be created.
 * @param directory Where the file belongs.
 * @param name Its real name there.
 * @param bytes What is in it.
 * @param place Puts it in place; the lock is held until this is done.
 * @returns What `place` returns.
 * @throws What the system says, and what `place` throws.
 */
export async function stageFile<R>(
  fs: FileSystem,
  syncs: DirectorySync,
  directory: string,
  name: string,
  bytes: Uint8Array,
  place: (staged: StagedFile) => Promise<R>,
): Promise<R> {
  for (let attempt = 1;; attempt++) {
    const path = `${directory}/.${name}.${randomDigits()}.tmp`;
    const handle = await create(fs, syncs, directory, path);
    let placed = false;
    const staged: StagedFile = {
      handle,
      link() {
        fs.linkSync(path, `${directory}/${name}`);
        placed = true;
        removeQuietly(fs, path);
      },
      rename() {
        // A lock of Windows would keep readers out of the record.
        if (Deno.build.os === "windows") handle.close();
        fs.renameSync(path, `${directory}/${name}`);
        placed = true;
      },
    };
    try {
      // A sweep may come between creating and locking, and take the file for a dead writer's.
      if (handle.tryLockSync(true)) {
        writeAll(handle, bytes);
        await handle.sync();
        return await place(staged);
      }
      if (attempt > 1) throw new Deno.errors.Busy("Temporary file is locked by another process");
    } catch (error) {
      if (attempt > 1 || placed || !isAbsent(error)) throw error;
    } finally {
      if (!placed) removeQuietly(fs, path);
      letGoQuietly(handle);
    }
  }
}

async function create(
  fs: FileSystem,
  syncs: DirectorySync,
  directory: string,
  path: string,
): Promise<FileHandle> {
  const options = { write: true, createNew: true, mode: FILE_MODE };
  try {
    return fs.openSync(path, options);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await makeDirectoryDurably(fs, syncs, directory);
    return fs.openSync(path, options);
  }
}

function writeAll(handle: FileHandle, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += handle.writeSync(bytes.subarray(done));
}

function removeQuietly(fs: FileSystem, path: string): void {
  try {
    fs.removeSync(path);
  } catch {
    // What stays is a temporary file that the next sweep takes.
  }
}

function letGoQuietly(handle: FileHandle): void {
  try {
    letGo(handle);
  } catch {
    // It was closed before its name was changed.
  }
}

function randomDigits(): string {
  return crypto.getRandomValues(new Uint8Array(8)).toHex();
}
