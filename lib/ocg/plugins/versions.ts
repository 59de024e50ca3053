/**
 * Versions and ranges of them, as npm writes both.
 *
 * @module
 */
import { parse, parseRange, satisfies as isIn, tryParse } from "@std/semver";

/**
 * Whether a version is in a range.
 *
 * @param version The version; a `v` in front and what is behind a `-` do not count.
 * @param range The range.
 * @returns Whether it is; `false` as well if either of them cannot be read.
 *
 * @example
 * ```ts
 * import { satisfies } from "./versions.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const range = ">=24.16.0 <25 || >=26.1.0";
 * assertEquals(["v24.16.1", "v25.0.0", "v26.1.0", "none"].map((v) => satisfies(v, range)), [
 *   true,
 *   false,
 *   true,
 *   false,
 * ]);
 * ```
 */
export function satisfies(version: string, range: string): boolean {
  const plain = tryParse(version.replace(/^v/, "").replace(/[-+].*$/, ""));
  if (!plain) return false;
  try {
    return isIn(plain, parseRange(range));
  } catch {
    return false;
  }
}

/**
 * Whether a text is one exact version.
 *
 * @param text The text.
 * @returns Whether it is.
 */
export function isVersion(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
