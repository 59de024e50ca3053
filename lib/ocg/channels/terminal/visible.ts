/**
 * Makes harmless what an agent writes to a terminal.
 *
 * @module
 */

/** Control characters but tab and line break, and those that turn the direction of writing around. */
// deno-lint-ignore no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Shows characters that a terminal would obey.
 *
 * @param text Any text.
 * @returns The text with each of them as its number.
 *
 * @example
 * ```ts
 * import { visible } from "./visible.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(visible("a\u001b[2Jb\r\nc"), "a\\u001b[2Jb\nc");
 * ```
 */
export function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(
    STEERING,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
