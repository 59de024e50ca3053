/**
 * What the operating system says, as errors of this project: which kind it is and what to do about it.
 *
 * @module
 */

import { type ErrorCode, MeshError } from "../error.ts";

/**
 * The system's own name of a failure.
 *
 * @param error What was thrown.
 * @returns The name, such as `ENOSPC`, or `undefined` if the system did not fail.
 */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : undefined;
}

/**
 * Whether a failure means that there is no such file, or no such directory on the way to it.
 *
 * @param error What was thrown.
 * @returns Whether it does.
 */
export function isAbsent(error: unknown): boolean {
  const code = systemCode(error);
  return error instanceof Deno.errors.NotFound || code === "ENOENT" || code === "ENOTDIR";
}

/**
 * Whether a failure means that the name is taken.
 *
 * @param error What was thrown.
 * @returns Whether it does.
 */
export function isTaken(error: unknown): boolean {
  return error instanceof Deno.errors.AlreadyExists || systemCode(error) === "EEXIST";
}

const FULL = new Set(["ENOSPC", "EDQUOT"]);

const HINTS: Record<string, string> = {
  EACCES: "make sure that the state directory and all in it belong to you",
  EPERM: "make sure that the state directory and all in it belong to you",
  EROFS: "mount the file system writable, or choose another --state-dir",
  EMFILE: "raise the limit of open files (ulimit -n)",
  ENFILE: "raise the system's limit of open files",
  ENOLCK: "put the state directory on a local disk",
  ENOTSUP: "put the state directory on a local disk",
  EOPNOTSUPP: "put the state directory on a local disk",
  ENOTDIR: "move the file out of the way that has the name of a directory",
};

/**
 * Any failure of a file operation as a `MeshError`. Names no path: the sentence may travel to a peer.
 *
 * @param action What could not be done, such as `Cannot store record "a"`.
 * @param error What was thrown; a `MeshError` is returned as it is.
 * @returns `disk_full` if there is no space left, else `io`, with the failure as its cause.
 */
export function ioError(action: string, error: unknown): MeshError {
  if (error instanceof MeshError) return error;
  const system = systemCode(error);
  const full = system !== undefined && FULL.has(system);
  const code: ErrorCode = full ? "disk_full" : "io";
  const reason = full ? "no space is left on the disk" : reasonOf(error);
  const hint = full
    ? "free some space on the disk of the state directory, then try again"
    : HINTS[system ?? ""] ?? "mesh doctor";
  return new MeshError(code, `${action}: ${reason}`, { hint, cause: error });
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const known = message.split(" (os error")[0] ?? message;
  return known.charAt(0).toLowerCase() + known.slice(1);
}
