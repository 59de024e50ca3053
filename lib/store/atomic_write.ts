/**
 * Files that are complete or absent: a temporary file, fsync, then its real name, then an fsync of the
 * directory before success is reported.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import type { ArrivalNotes } from "./arrivals_notes.ts";
import type { DirectorySync } from "./directory_sync.ts";
import { letGo, lockWithin } from "./file_lock.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { isAbsent, isTaken, systemCode } from "./io_error.ts";
import { isStillAt } from "./lock_file.ts";
import { type StagedFile, stageFile } from "./staged_file.ts";

/** What an atomic write needs around it. */
export interface WriteContext {
  /** The file system to work on. */
  readonly fs: FileSystem;
  /** Makes names durable. */
  readonly syncs: DirectorySync;
  /** Milliseconds to wait for another writer who is about to create the same file. */
  readonly lockTimeout: number;
  /** Told of each change before it is made; absent where nobody is. */
  readonly notes?: ArrivalNotes | undefined;
}

/** How a file system says that it has no second names for files; Android's policy says `EACCES`. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES"]);

/**
 * Writes a file, in place of one that may be there.
 *
 * @param context What to work with.
 * @param directory Where it belongs; created if missing.
 * @param name Its name there.
 * @param bytes What is in it.
 * @throws What the system says. Then the file is the old one or, if it was the fsync of the directory
 * that failed, perhaps the new one: whole in any case.
 */
export async function replaceFile(
  context: WriteContext,
  directory: string,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const { fs, syncs, notes } = context;
  // The note gets to the disk while the file does.
  const noting = notes?.replacing(name);
  try {
    await stageFile(fs, syncs, directory, name, bytes, async (staged) => {
      const noted = await notes?.stillReplacing(name, await noting);
      staged.rename();
      await notes?.stillReplacing(name, noted);
      await syncs.sync(directory);
    });
  } finally {
    await noting;
  }
}

/**
 * Writes a file that is not there yet. Of any number of processes that try at once, one succeeds.
 *
 * The writer holds the lock of the new file until its name is durable. Whoever finds the name taken waits
 * for that lock and for the name, so that "it is there" is never said of a file that its writer, told of
 * a failing disk, is about to take back.
 *
 * @param context What to work with.
 * @param directory Where it belongs; created if missing.
 * @param name Its name there.
 * @param bytes What is in it.
 * @param naming How the file gets its name: `link` leaves it to the system to see whether it is free;
 * `rename` looks first, for a caller who keeps all other writers out.
 * @returns Whether it was written; `false` if the name is taken, durably; `undefined` if this file system
 * knows no links.
 * @throws What the system says. The file is then not there, unless it could not even be removed again.
 */
export async function createFile(
  context: WriteContext,
  directory: string,
  name: string,
  bytes: Uint8Array,
  naming: "link" | "rename",
): Promise<boolean | undefined> {
  const { fs, syncs, notes } = context;
  const path = `${directory}/${name}`;
  // Most names are free, and to look beforehand costs as much as half of the writing.
  for (let mayBeTaken = false;; mayBeTaken = true) {
    if (mayBeTaken && isThere(fs, path)) {
      if (await settles(context, directory, path)) return false;
      continue;
    }
    let named = false;
    try {
      const outcome = await stageFile(fs, syncs, directory, name, bytes, async (staged) => {
        notes?.note("+", name);
        const outcome = giveName(staged, fs, path, naming);
        named = outcome === "named";
        if (!named) notes?.note("!", name);
        if (named) await keepName(context, directory, path, staged);
        return outcome;
      });
      if (outcome === "named") return true;
      if (outcome === "no links") return undefined;
    } catch (error) {
      // A full disk has no room for the attempt; but a name that is taken is taken there, too.
      if (named || mayBeTaken || !isThere(fs, path)) throw error;
    }
  }
}

/** Gives a new file its name, if nobody has it. */
function giveName(
  staged: StagedFile,
  fs: FileSystem,
  path: string,
  naming: "link" | "rename",
): "named" | "taken" | "no links" {
  if (naming === "rename") {
    if (isThere(fs, path)) return "taken";
    staged.rename();
    return "named";
  }
  try {
    staged.link();
    return "named";
  } catch (error) {
    if (isTaken(error)) return "taken";
    if (NO_LINKS.has(systemCode(error) ?? "")) return "no links";
    throw error;
  }
}

/** Makes a new name durable, or takes it back. */
async function keepName(
  { fs, syncs }: WriteContext,
  directory: string,
  path: string,
  staged: StagedFile,
): Promise<void> {
  try {
    await syncs.sync(directory);
  } catch (error) {
    takeBack(fs, path, staged.handle);
    throw error;
  }
}

/** Waits until the writer of a file that is there is done with it; whether it is still there then. */
async function settles(context: WriteContext, directory: string, path: string): Promise<boolean> {
  const { fs, syncs, lockTimeout } = context;
  let file: FileHandle;
  try {
    // What is not a plain file has no writer, and opening a pipe would wait for one.
    if (!fs.lstatSync(path).isFile) return true;
    file = fs.openSync(path, { read: true });
  } catch (error) {
    if (isAbsent(error)) return false;
    if (systemCode(error) === "EACCES") return true;
    throw error;
  }
  let ours = true;
  try {
    ours = await lockWithin(file, false, lockTimeout);
    if (!ours) throw stillBeingCreated();
    if (!isStillAt(fs, path, file)) return false;
  } finally {
    if (ours) letGo(file);
  }
  await syncs.sync(directory);
  return true;
}

function stillBeingCreated(): MeshError {
  const message = "Cannot create record: another process has not finished creating it";
  return new MeshError("locked", message, { hint: "try again", retryAfter: 1 });
}

function isThere(fs: FileSystem, path: string): boolean {
  try {
    fs.lstatSync(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function takeBack(fs: FileSystem, path: string, handle: FileHandle): void {
  try {
    if (isStillAt(fs, path, handle)) fs.removeSync(path);
  } catch {
    // The disk fails at everything; the caller is told that nothing is certain.
  }
}
