/**
 * Safety numbers: what two people read to each other to be sure that nobody stands between them. Loads
 * `node:crypto`.
 *
 * @module
 */
import { hash } from "node:crypto";
import type { PublicKey } from "./keys.ts";

/** Keeps these hashes apart from every other use of the keys, and this version from later ones. */
const DOMAIN = new TextEncoder().encode("openclaw-mesh safety number v1\0");
/** Makes each guess at a key with a similar number cost this many hashes. */
const ITERATIONS = 5200;
const GROUPS_PER_KEY = 6;

/**
 * The number of a pair of keys. This is a construction of our own, modelled on the numeric fingerprints
 * of messengers: for each key h = SHA-512(domain, key), then 5200 times h = SHA-512(h, key); six times
 * five bytes of h, big-endian, modulo 100000 give the key's 30 digits; the smaller half comes first.
 *
 * @param a One key.
 * @param b The other one; the order does not matter.
 * @returns 60 digits in 12 groups of five, separated by spaces.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "./private_key.ts";
 * import { safetyNumber } from "./safety_number.ts";
 * import { assertEquals, assertMatch } from "@std/assert";
 *
 * const a = generateKeyPair().publicKey;
 * const b = generateKeyPair().publicKey;
 * assertMatch(safetyNumber(a, b), /^\d{5}( \d{5}){11}$/);
 * assertEquals(safetyNumber(a, b), safetyNumber(b, a));
 * ```
 */
export function safetyNumber(a: PublicKey, b: PublicKey): string {
  return [halfOf(a), halfOf(b)].sort().join(" ");
}

function halfOf(key: PublicKey): string {
  const raw = key.raw;
  let digest: Uint8Array = hash("sha512", join(DOMAIN, raw), "buffer");
  for (let i = 0; i < ITERATIONS; i++) digest = hash("sha512", join(digest, raw), "buffer");
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  const groups = Array.from({ length: GROUPS_PER_KEY }, (_, i) => {
    const number = view.getUint8(i * 5) * 2 ** 32 + view.getUint32(i * 5 + 1);
    return String(number % 100_000).padStart(5, "0");
  });
  return groups.join(" ");
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}
