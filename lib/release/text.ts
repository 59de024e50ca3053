/**
 * Text out of bytes, strictly.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/**
 * Reads UTF-8.
 *
 * @param bytes The bytes.
 * @param what What they are, for the error, such as `The signature`.
 * @returns The text.
 * @throws {MeshError} `malformed` if they are not UTF-8.
 */
export function readUtf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MeshError("malformed", `${what} is not text in UTF-8`, { cause: error });
  }
}

/**
 * Reads base64 (RFC 4648, section 4), with its padding and nothing around it.
 *
 * @param text The text.
 * @param length How many bytes it stands for.
 * @returns The bytes, or `undefined` if it is anything else.
 */
export function readBase64(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
    return bytes.length === length && bytes.toBase64() === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
