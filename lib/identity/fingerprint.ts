/**
 * Fingerprints: how a key is named to people and to other nodes. Uses the platform's own SHA-256, which
 * costs nothing at start.
 *
 * @module
 */

/**
 * The fingerprint of a public key in Agent Mesh V1. It is a hash of the PEM text, not of the key, so the
 * text has to be the one that was received, byte for byte.
 *
 * @param pem The public key's PEM text, final newline included.
 * @returns `sha256:` and 64 hex digits.
 *
 * @example
 * ```ts
 * import { fingerprintOf } from "./fingerprint.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pem = "-----BEGIN PUBLIC KEY-----\n" +
 *   "MCowBQYDK2VwAyEAFT//xSI88FYDwq610BRIgIGA9dRnYPGeESRmiRvn00k=\n" +
 *   "-----END PUBLIC KEY-----\n";
 * assertEquals((await fingerprintOf(pem)).length, 71);
 * ```
 */
export async function fingerprintOf(pem: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pem));
  return "sha256:" + new Uint8Array(digest).toHex();
}

/**
 * The start of a fingerprint, for tables: enough to tell keys apart, not enough to trust one by.
 *
 * @param fingerprint As {@linkcode fingerprintOf} returns it.
 * @returns The first 16 hex digits in groups of four, or `?` if it is no fingerprint.
 *
 * @example
 * ```ts
 * import { shortFingerprint } from "./fingerprint.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shortFingerprint("sha256:" + "0123456789abcdef".repeat(4)), "0123 4567 89ab cdef");
 * ```
 */
export function shortFingerprint(fingerprint: string): string {
  const match = /^sha256:([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})[0-9a-f]{48}$/.exec(
    fingerprint,
  );
  return match === null ? "?" : match.slice(1).join(" ");
}
