/**
 * The log of what runs in the background: `run/ogp.log` for the gateway, readable by its owner alone, and
 * started anew, with the old one kept as `ogp.log.1`, when it has grown.
 *
 * @module
 */
import { type ErrorCode, MeshError } from "../../lib/error.ts";
import { GATEWAY } from "../../lib/run/run_file.ts";

/** From which size on a log is set aside at the next start: 5 MB. */
const LARGE = 5_000_000;

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
 * Where the log is.
 *
 * @param root The state directory.
 * @param name What runs; the gateway by default.
 * @returns The path.
 */
export function logPath(root: string, name: string = GATEWAY): string {
  return `${root}/run/${name}.log`;
}

/**
 * Opens the log to write to its end, and sets a large one aside first.
 *
 * @param root The state directory.
 * @param name What runs; the gateway by default.
 * @returns The file.
 * @throws {MeshError} `io`.
 */
export async function openLog(root: string, name: string = GATEWAY): Promise<Deno.FsFile> {
  const path = logPath(root, name);
  try {
    await Deno.mkdir(`${root}/run`, { recursive: true, mode: 0o700 });
    if (await logSize(root, name) > LARGE) await Deno.rename(path, `${path}.1`);
    return await Deno.open(path, { append: true, create: true, mode: 0o600 });
  } catch (cause) {
    throw new MeshError("io", `Cannot write the log "${path}"`, { cause });
  }
}

/**
 * How long the log is.
 *
 * @param root The state directory.
 * @param name What runs; the gateway by default.
 * @returns Bytes; 0 if there is none.
 */
export async function logSize(root: string, name: string = GATEWAY): Promise<number> {
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
 * @param name What runs; the gateway by default.
 * @returns The text, its end if there is much.
 */
export async function readLogFrom(
  root: string,
  size: number,
  name: string = GATEWAY,
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
 * @param failure What that means; by default that the gateway did not start.
 * @returns Its own error if it said one, else its last line.
 *
 * @example
 * ```ts
 * import { whyItEnded } from "./gateway_log.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const said = "mesh: Port 18790 is in use on 0.0.0.0\nhint: mesh ogp stop\n";
 * const error = whyItEnded(5, said, "run/ogp.log");
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
  failure = "The gateway did not start",
): MeshError {
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const own = lines.findLast((line) => line.startsWith("mesh: "))?.slice("mesh: ".length);
  const hint = lines.findLast((line) => line.startsWith("hint: "))?.slice("hint: ".length);
  const reason = own ?? lines.at(-1) ?? "it said nothing";
  return new MeshError(
    CODES[exitCode] ?? "unexpected",
    `${failure}: ${reason}`,
    { hint: own === undefined ? `look at ${path}` : hint ?? `look at ${path}` },
  );
}
