/**
 * `SHA256SUMS`: a line a file, as `sha256sum` of the GNU coreutils writes and checks it.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { readUtf8 } from "./text.ts";

/** The SHA-256 of each file of a release, in 64 lower-case hex digits, by the file's name. */
export type Sums = ReadonlyMap<string, string>;

/**
 * Reads the sums.
 *
 * @param bytes What is in the file.
 * @returns The sums; blank lines and lines that begin with `#` are passed over.
 * @throws {MeshError} `malformed` for any other line, for two lines of one name, and for none at all.
 *
 * @example
 * ```ts
 * import { parseSums } from "./sums.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
 * assertEquals(parseSums(new TextEncoder().encode(`${sum}  mesh\n`)).get("mesh"), sum);
 * ```
 */
export function parseSums(bytes: Uint8Array): Sums {
  const sums = new Map<string, string>();
  const lines = readUtf8(bytes, "The list of sums").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    // A name with a backslash or a line break is written with an escape; no file of a release has one.
    const [, sum = "", name = ""] = /^([0-9a-fA-F]{64}) [ *]([^/\\\s][^/\\]*)$/.exec(line) ?? [];
    if (name === "") {
      throw new MeshError("malformed", `Line ${index + 1} of the list of sums cannot be read`, {
        hint: "each line is 64 hex digits, two blanks, and a file's name",
      });
    }
    if (sums.has(name)) throw new MeshError("malformed", `The list of sums has "${name}" twice`);
    sums.set(name, sum.toLowerCase());
  }
  if (sums.size === 0) throw new MeshError("malformed", "The list of sums is empty");
  return sums;
}

/**
 * Writes the sums.
 *
 * @param sums The sums.
 * @returns The text of the file, in the order of the names.
 */
export function formatSums(sums: Sums): string {
  return [...sums].sort(([a], [b]) => a < b ? -1 : 1).map(([name, sum]) => `${sum}  ${name}\n`)
    .join("");
}
