/**
 * Bytes to text, strictly: a byte sequence that is not UTF-8 is refused, never repaired, because a
 * repaired message is not the one that was signed.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** `ignoreBOM` means that a byte order mark is kept; the JSON parser then refuses it. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8.
 *
 * @param bytes The bytes as received.
 * @returns Their text; a byte order mark stays in it. It never contains lone surrogates.
 * @throws {MeshError} `invalid_json` if the bytes are not UTF-8 (overlong forms, encoded surrogates and
 * truncated sequences included).
 *
 * @example
 * ```ts
 * import { decodeUtf8 } from "./utf8.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(decodeUtf8(new Uint8Array([0xc3, 0xa9])), "é");
 * assertThrows(() => decodeUtf8(new Uint8Array([0xc3])));
 * ```
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MeshError("invalid_json", "The text is not valid UTF-8", { cause });
  }
}
