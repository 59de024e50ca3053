/**
 * Which version of the layout a state directory has: `version.json` in it. One without it has version 1,
 * that of the Python original and of all before there was such a file.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { ioError, isAbsent } from "../store/io_error.ts";

/** The version that this program reads and writes. */
export const STATE_VERSION = 1;

/** The file that names it. */
export const VERSION_FILE = "version.json";

/**
 * What the file says for a version.
 *
 * @param version The version.
 * @returns Its text.
 *
 * @example
 * ```ts
 * import { versionText } from "./state_version.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(versionText(1), '{\n  "state": 1\n}\n');
 * ```
 */
export function versionText(version: number): string {
  return JSON.stringify({ state: version }, null, 2) + "\n";
}

/**
 * Reads the version. It is asked for by every process before anything else, and costs some microseconds.
 *
 * @param root The state directory; need not exist.
 * @returns The version, at least 1.
 * @throws {MeshError} `damaged` if the file does not name one, `io` if it cannot be read.
 */
export function readStateVersion(root: string): number {
  let text: string;
  try {
    text = Deno.readTextFileSync(`${root}/${VERSION_FILE}`);
  } catch (error) {
    if (isAbsent(error)) return 1;
    throw ioError(`Cannot read "${root}/${VERSION_FILE}"`, error);
  }
  const version = versionIn(text);
  if (version !== undefined) return version;
  throw new MeshError("damaged", `"${root}/${VERSION_FILE}" does not name a version`, {
    hint: `if nothing newer has written there: rm "${root}/${VERSION_FILE}"`,
  });
}

/**
 * Makes sure that this program knows the layout of a state directory. Nothing in it is touched.
 *
 * @param root The state directory; need not exist.
 * @param known The version that is known; for tests.
 * @returns Its version, which may be an older one.
 * @throws {MeshError} `newer_state` if it is newer, and what {@linkcode readStateVersion} throws.
 */
export function checkStateVersion(root: string, known: number = STATE_VERSION): number {
  const version = readStateVersion(root);
  if (version <= known) return version;
  throw new MeshError(
    "newer_state",
    `A newer version of mesh has written the state in "${root}" ` +
      `(its layout is ${version}, this program knows ${known}), and it is left alone`,
    { hint: "use that version, or another state directory: --state-dir DIR" },
  );
}

function versionIn(text: string): number | undefined {
  try {
    const { state } = JSON.parse(text) as { state?: unknown };
    return Number.isSafeInteger(state) && Number(state) >= 1 ? Number(state) : undefined;
  } catch {
    return undefined;
  }
}
