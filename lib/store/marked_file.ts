/**
 * Files outside of the state directory that this program writes and others read: a line in them says whose
 * they are, so that nobody else's is ever written over or removed.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { openFileStore } from "./file_store.ts";
import { ioError, isAbsent } from "./io_error.ts";

/** What such a file is: not there, ours and the same, ours and another, or somebody else's. */
export type MarkedFileState = "absent" | "same" | "other" | "foreign";

/** A file that is ours to write. */
export interface MarkedFile {
  /** Where it is. */
  readonly path: string;
  /** What makes it ours: a line in it. */
  readonly mark: string;
  /** Its mode, such as `0o644`. */
  readonly mode: number;
  /** What to do about somebody else's of that name. */
  readonly ifForeign: string;
  /** What to do if this user may not write there. */
  readonly ifRefused: string;
}

/**
 * Looks at a file.
 *
 * @param file Which one.
 * @param text What it should say.
 * @returns What it is.
 * @throws {MeshError} `io` if it cannot be read.
 */
export async function lookAtMarked(
  { path, mark }: Pick<MarkedFile, "path" | "mark">,
  text?: string,
): Promise<MarkedFileState> {
  try {
    const there = await Deno.readTextFile(path);
    if (there === text) return "same";
    return there.split(/\r?\n/).some((line) => line.includes(mark)) ? "other" : "foreign";
  } catch (error) {
    // A link that leads nowhere, or a folder, is somebody's all the same.
    const there = await Deno.lstat(path).catch(() => undefined);
    if (!there && isAbsent(error)) return "absent";
    if (there && (isAbsent(error) || there.isDirectory)) return "foreign";
    throw ioError(`Cannot read "${path}"`, error);
  }
}

/**
 * Writes a file, whole or not at all.
 *
 * @param file Which one; folders are made.
 * @param text What it says, with the mark in it.
 * @throws {MeshError} `exists` if there is one of somebody else's, `refused` if this user may not write
 * there, `io` or `disk_full`.
 */
export async function writeMarked(file: MarkedFile, text: string): Promise<void> {
  if (await lookAtMarked(file, text) === "foreign") throw foreign(file);
  const slash = file.path.lastIndexOf("/");
  const folder = file.path.slice(0, slash);
  try {
    await Deno.mkdir(folder, { recursive: true });
    await openFileStore(folder).writeFile(file.path.slice(slash + 1), text);
    if (Deno.build.os !== "windows") await Deno.chmod(file.path, file.mode);
  } catch (error) {
    throw refusal(file, error) ?? ioError(`Cannot write "${file.path}"`, error);
  }
}

/**
 * Removes a file.
 *
 * @param file Which one.
 * @returns Whether it was there.
 * @throws {MeshError} `exists` if it is somebody else's, `refused` if this user may not remove it.
 */
export async function removeMarked(file: MarkedFile): Promise<boolean> {
  const state = await lookAtMarked(file);
  if (state === "absent") return false;
  if (state === "foreign") throw foreign(file);
  try {
    await Deno.remove(file.path);
  } catch (error) {
    throw refusal(file, error) ?? ioError(`Cannot remove "${file.path}"`, error);
  }
  return true;
}

function foreign({ path, ifForeign }: MarkedFile): MeshError {
  return new MeshError("exists", `"${path}" was not written by this program, and is left alone`, {
    hint: ifForeign,
  });
}

function refusal({ path, ifRefused }: MarkedFile, error: unknown): MeshError | undefined {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof Deno.errors.PermissionDenied)) return undefined;
  return new MeshError("refused", `This user may not change "${path}": ${messageOf(cause)}`, {
    hint: ifRefused,
    cause: error,
  });
}
