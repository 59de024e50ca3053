/**
 * Signed payloads of Agent Mesh V1: a JSON object with a `signature` over all its other keys.
 *
 * @module
 */
import type { PublicKey } from "../identity/keys.ts";
import type { PrivateKey } from "../identity/private_key.ts";
import { canonicalJson } from "./canonical_json.ts";
import { signBytes, verifyBytes } from "./ed25519.ts";
import { JsonObject } from "./json.ts";

const SIGNATURE = "signature";
/** Base64 of exactly 64 bytes: the last character before the padding carries two bits. */
const BASE64_OF_64_BYTES = /^[A-Za-z0-9+/]{85}[AQgw]==$/;
const encoder = new TextEncoder();

/**
 * Signs a payload.
 *
 * @param unsigned The payload; a `signature` in it is replaced.
 * @param privateKey The sender's key.
 * @returns A copy with `signature` as its last key: standard base64 of the 64 raw bytes.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "../identity/private_key.ts";
 * import { signPayload, verifyPayload } from "./envelope.ts";
 * import { JsonObject } from "./json.ts";
 * import { assert } from "@std/assert";
 *
 * const { privateKey, publicKey } = generateKeyPair();
 * const signed = signPayload(new JsonObject([["to", "agent-b"]]), privateKey);
 * assert(verifyPayload(signed, publicKey));
 * ```
 */
export function signPayload(unsigned: JsonObject, privateKey: PrivateKey): JsonObject {
  const signed = new JsonObject(unsigned);
  signed.delete(SIGNATURE);
  const signature = signBytes(privateKey, signedBytes(signed));
  return signed.set(SIGNATURE, signature.toBase64());
}

/**
 * Verifies a signed payload over the values as they were received. Never throws.
 *
 * @param signed The payload as `parseJson` read it.
 * @param publicKey The key that must have signed it: the one on record, never one out of the payload,
 * except where the payload introduces itself.
 * @returns Whether its `signature` is that key's. `false` also if it is missing, not text, not base64
 * in its one proper spelling, or not 64 bytes long.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "../identity/private_key.ts";
 * import { verifyPayload } from "./envelope.ts";
 * import { JsonObject } from "./json.ts";
 * import { assertFalse } from "@std/assert";
 *
 * assertFalse(verifyPayload(new JsonObject(), generateKeyPair().publicKey));
 * ```
 */
export function verifyPayload(signed: JsonObject, publicKey: PublicKey): boolean {
  const signature = signed.get(SIGNATURE);
  if (typeof signature !== "string" || !BASE64_OF_64_BYTES.test(signature)) return false;
  return verifyBytes(publicKey, signedBytes(signed), Uint8Array.fromBase64(signature));
}

function signedBytes(payload: JsonObject): Uint8Array {
  return encoder.encode(canonicalJson(payload, { omit: SIGNATURE }));
}
