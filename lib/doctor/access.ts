/**
 * What mends a state directory that its owner cannot get at, as after a run with `sudo`.
 *
 * @module
 */
import type { MeshError } from "../error.ts";
import { systemCode } from "../store/io_error.ts";
import { shellWord } from "./words.ts";

/**
 * The command that gives a state directory back to whoever types it, and to nobody else.
 *
 * @param root The state directory.
 * @returns A command line.
 */
export function takeOver(root: string): string {
  const path = shellWord(root);
  return `sudo chown -R "$(id -un)" ${path} && chmod -R u+rwX,go-rwx ${path}`;
}

/**
 * What to do about a file operation that failed.
 *
 * @param root The state directory.
 * @param error The failure, as the store throws it.
 * @returns {@link takeOver} where the permission is missing, else the error's own hint.
 */
export function accessFix(root: string, error: MeshError): string | undefined {
  const denied = ["EACCES", "EPERM"].includes(systemCode(error.cause) ?? "");
  if (denied && Deno.build.os !== "windows") return takeOver(root);
  return error.hint === "mesh doctor" ? undefined : error.hint;
}
