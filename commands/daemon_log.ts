/**
 * Finding out from its log why a daemon in the background ended before it listened.
 *
 * @module
 */
import { type ErrorCode, MeshError } from "../lib/error.ts";
import { plainLines } from "../lib/log/line.ts";
import { logPath } from "../lib/log/log_path.ts";

/** Most bytes of a log that are read back to find out why a daemon ended. */
const LONGEST_READ = 64 * 1024;

/** What exit codes of our own programs mean, for passing a child's failure on. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  2: "config_invalid",
  3: "not_initialized",
  4: "refused",
  5: "port_in_use",
  6: "unavailable",
  7: "io",
};

/**
 * How long the log is.
 *
 * @param root The state directory.
 * @param name What runs, such as `ogp`.
 * @returns Bytes; 0 if there is none.
 */
export async function logSize(root: string, name: string): Promise<number> {
  try {
    return (await Deno.stat(logPath(root, name))).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/**
 * What was written to the log since it had some length.
 *
 * @param root The state directory.
 * @param size The length then; a log that is shorter now was set aside meanwhile, and is read whole.
 * @param name What runs, such as `ogp`.
 * @returns The text, its end if there is much.
 */
export async function readLogFrom(
  root: string,
  size: number,
  name: string,
): Promise<string> {
  try {
    const bytes = await Deno.readFile(logPath(root, name));
    const fresh = bytes.subarray(bytes.length < size ? 0 : size);
    return new TextDecoder().decode(fresh.subarray(-LONGEST_READ));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/**
 * Says why a daemon ended before it listened.
 *
 * @param exitCode Its exit code.
 * @param said What it wrote.
 * @param path The log.
 * @param failure What that means.
 * @returns Its own error if it said one, else its last line.
 *
 * @example
 * ```ts
 * import { whyItEnded } from "./daemon_log.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const said = "mesh: Port 18790 is in use on 0.0.0.0\nhint: mesh ogp stop\n";
 * const error = whyItEnded(5, said, "run/ogp.log", "The gateway did not start");
 * assertEquals([error.code, error.message, error.hint], [
 *   "port_in_use",
 *   "The gateway did not start: Port 18790 is in use on 0.0.0.0",
 *   "mesh ogp stop",
 * ]);
 * ```
 */
export function whyItEnded(
  exitCode: number,
  said: string,
  path: string,
  failure: string,
): MeshError {
  const lines = plainLines(said).split("\n").map((line) => line.trim()).filter((line) =>
    line !== ""
  );
  const own = lines.findLast((line) => line.startsWith("mesh: "))?.slice("mesh: ".length);
  const hint = lines.findLast((line) => line.startsWith("hint: "))?.slice("hint: ".length);
  const reason = own ?? lines.at(-1) ?? "it said nothing";
  return new MeshError(
    CODES[exitCode] ?? "unexpected",
    `${failure}: ${reason}`,
    { hint: own === undefined ? `look at ${path}` : hint ?? `look at ${path}` },
  );
}
