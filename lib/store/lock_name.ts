/**
 * File names of locks: readable where they fit, a hash where they do not.
 *
 * @module
 */

import { encodeName } from "./names.ts";

/**
 * The file name, without an extension, of the lock on some text. Two texts never share one.
 *
 * @param text Any text, of any length.
 * @returns The text as {@link encodeName} writes it, or, where that cannot be, `~` and the 64 lower-case hex
 * digits of the SHA-256 of its UTF-16 units; `~` is in no encoded name.
 *
 * @example
 * ```ts
 * import { lockName } from "./lock_name.ts";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * assertEquals(await lockName("peers/agent-1"), "peers%2Fagent-1");
 * assertMatch(await lockName("x".repeat(1000)), /^~[0-9a-f]{64}$/);
 * ```
 */
export async function lockName(text: string): Promise<string> {
  try {
    return encodeName(text);
  } catch {
    const units = Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", units));
    return "~" + Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
