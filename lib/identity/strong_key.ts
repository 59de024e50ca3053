/**
 * Whether a public key is a sound point of the curve; asked once, before a peer is stored. Apart from
 * `keys.ts`, so that only those who ask load the curve's arithmetic.
 *
 * @module
 */
import { Point } from "@noble/ed25519";
import { MeshError } from "../error.ts";
import type { PublicKey } from "./keys.ts";

/**
 * Refuses public keys that no honest generator makes: bytes that are no canonical encoding of a point
 * of the curve (RFC 8032, section 5.1.3), points of small order, for which anybody can sign, and points
 * outside of the prime-order group, on whose signatures verifiers disagree. Takes about half a millisecond.
 *
 * @param key The key.
 * @throws {MeshError} `bad_key` if it is such a key.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "./private_key.ts";
 * import { publicKeyFromRaw } from "./keys.ts";
 * import { assertStrongKey } from "./strong_key.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertStrongKey(generateKeyPair().publicKey);
 * assertThrows(() => assertStrongKey(publicKeyFromRaw(new Uint8Array(32))));
 * ```
 */
export function assertStrongKey(key: PublicKey): void {
  const point = pointOf(key);
  if (point.isSmallOrder()) {
    throw new MeshError(
      "bad_key",
      "The public key is a point of small order: anybody could sign for it",
    );
  }
  if (!point.isTorsionFree()) {
    throw new MeshError("bad_key", "The public key is outside of the prime-order group");
  }
}

function pointOf(key: PublicKey): Point {
  try {
    return Point.fromBytes(key.raw, false);
  } catch (cause) {
    const sentence = "The public key is not the canonical encoding of a point of the curve";
    throw new MeshError("bad_key", sentence, { cause });
  }
}
