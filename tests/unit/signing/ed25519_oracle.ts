/**
 * Ed25519 once more by another implementation, and hostile keys and signatures made with it.
 *
 * @module
 */
import * as noble from "@noble/ed25519";
import { createHash } from "node:crypto";

noble.hashes.sha512 = (message) => new Uint8Array(createHash("sha512").update(message).digest());

/** The order of the prime-order group (RFC 8032, section 5.1). */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The oracle's strict verification: RFC 8032 with canonical points, no keys of small order. */
export function strictVerify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return noble.verify(signature, message, key, { zip215: false });
  } catch {
    return false; // wrong lengths
  }
}

/** The oracle's signature. */
export function oracleSign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return noble.sign(message, seed);
}

/** The oracle's public key. */
export function oraclePublicKey(seed: Uint8Array): Uint8Array {
  return noble.getPublicKey(seed);
}

/** A number as 32 bytes, least first. */
export function bytes32(value: bigint): Uint8Array {
  return Uint8Array.fromHex(value.toString(16).padStart(64, "0")).reverse();
}

/** 32 bytes, least first, as a number. */
export function numberOf(bytes: Uint8Array): bigint {
  return BigInt("0x" + bytes.slice().reverse().toHex());
}

/** Byte strings one after the other. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** The eight points of small order: multiples of one of order eight. */
export function smallOrderPoints(): noble.Point[] {
  const generator = noble.Point.fromHex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  );
  const points = [noble.Point.ZERO];
  while (points.length < 8) points.push(points.at(-1)!.add(generator));
  return points;
}

/** Encodings of points of small order that are not canonical: y of p or more, or minus zero for x. */
export function nonCanonicalSmallOrder(): Uint8Array[] {
  const p = 2n ** 255n - 19n;
  const sign = 2n ** 255n;
  return [p, p + 1n, p + sign, p + 1n + sign, 1n + sign, p - 1n + sign].map(bytes32);
}

/** The secret scalar of a seed (RFC 8032, section 5.1.5). */
export function scalarOf(seed: Uint8Array): bigint {
  const half = noble.hashes.sha512!(seed).slice(0, 32);
  half[0]! &= 248;
  half[31] = half[31]! & 127 | 64;
  return numberOf(half) % L;
}

/** The challenge k of a signature (RFC 8032, section 5.1.7). */
export function challenge(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  const digest = noble.hashes.sha512!(concat(r, key, message));
  return BigInt("0x" + digest.slice().reverse().toHex()) % L;
}

/** The base point times a number. */
export function timesBase(scalar: bigint): noble.Point {
  return noble.Point.BASE.multiply(scalar);
}
