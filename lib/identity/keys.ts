/**
 * Public keys: what a peer is. One key has four forms: 32 raw bytes, their hex, PEM (Agent Mesh V1) and
 * DER in hex (OGP).
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { decodePem, encodePem, type KeyForm } from "./pem.ts";

/** SPKI (RFC 8410, section 4): a sequence, the object identifier 1.3.101.112, a bit string of 32 bytes. */
const SPKI: KeyForm = {
  noun: "public key",
  label: "PUBLIC KEY",
  derPrefix: "302a300506032b6570032100",
};

/** A public key is 113 characters in PEM; what comes from strangers is not read much further. */
const MAX_PEM_LENGTH = 1024;

/** An Ed25519 public key. Two keys are the same exactly if their `hex` is. */
export interface PublicKey {
  /** The key's 32 bytes, a fresh copy each time. */
  readonly raw: Uint8Array;
  /** The key's bytes as 64 hex digits, lower case. */
  readonly hex: string;
  /** The PEM text as it was received, or as OpenSSL writes it: the fingerprint is a hash of this text. */
  readonly pem: string;
  /** The SPKI DER form as 88 hex digits, lower case, as OGP writes keys. */
  readonly der: string;
}

/** The class stays private, so that a key cannot be made of forms that contradict each other. */
class Ed25519PublicKey implements PublicKey {
  readonly hex: string;
  readonly pem: string;

  constructor(raw: Uint8Array, pem: string) {
    this.hex = raw.toHex();
    this.pem = pem;
  }

  get raw(): Uint8Array {
    return Uint8Array.fromHex(this.hex);
  }

  get der(): string {
    return SPKI.derPrefix + this.hex;
  }
}

/**
 * Reads a public key from PEM and keeps the text as it is. Whether the key is a sound point is for
 * `assertStrongKey` to say, once, before a peer is stored.
 *
 * @param text SPKI PEM as OpenSSL writes it; CRLF and a missing final newline are allowed.
 * @returns The key.
 * @throws {MeshError} `bad_key` for anything else, RSA, ECDSA and X25519 keys included.
 *
 * @example
 * ```ts
 * import { parsePublicKeyPem, publicKeyFromDerHex } from "./keys.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pem = "-----BEGIN PUBLIC KEY-----\n" +
 *   "MCowBQYDK2VwAyEAFT//xSI88FYDwq610BRIgIGA9dRnYPGeESRmiRvn00k=\n" +
 *   "-----END PUBLIC KEY-----\n";
 * const key = parsePublicKeyPem(pem);
 * assertEquals(publicKeyFromDerHex(key.der).pem, pem);
 * ```
 */
export function parsePublicKeyPem(text: string): PublicKey {
  if (text.length > MAX_PEM_LENGTH) {
    throw new MeshError("bad_key", `Public key of more than ${MAX_PEM_LENGTH} characters`);
  }
  return new Ed25519PublicKey(decodePem(SPKI, text), text);
}

/**
 * Makes a public key of its bytes.
 *
 * @param raw 32 bytes.
 * @returns The key; its PEM text is the one that OpenSSL would write.
 * @throws {MeshError} `bad_key` if there are not 32 bytes.
 *
 * @example
 * ```ts
 * import { publicKeyFromRaw } from "./keys.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(publicKeyFromRaw(new Uint8Array(32)).hex, "00".repeat(32));
 * ```
 */
export function publicKeyFromRaw(raw: Uint8Array): PublicKey {
  if (raw.length !== 32) {
    throw new MeshError("bad_key", `Public key of ${raw.length} bytes instead of 32`);
  }
  return new Ed25519PublicKey(raw, encodePem(SPKI, raw));
}

/**
 * Reads a public key from SPKI DER in hex, as OGP writes it.
 *
 * @param hex 88 hex digits, of either case.
 * @returns The key; its PEM text is the one that OpenSSL would write.
 * @throws {MeshError} `bad_key` for anything else.
 *
 * @example
 * ```ts
 * import { publicKeyFromDerHex } from "./keys.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(publicKeyFromDerHex("302a300506032b6570032100" + "7f".repeat(32)).raw[0], 0x7f);
 * ```
 */
export function publicKeyFromDerHex(hex: string): PublicKey {
  const lower = hex.length === 88 ? hex.toLowerCase() : "";
  if (!/^[0-9a-f]{88}$/.test(lower) || !lower.startsWith(SPKI.derPrefix)) {
    throw new MeshError("bad_key", "Cannot read the public key: it is not an Ed25519 key in DER", {
      hint: `88 hex digits that start with ${SPKI.derPrefix}`,
    });
  }
  return publicKeyFromRaw(Uint8Array.fromHex(lower.slice(SPKI.derPrefix.length)));
}
