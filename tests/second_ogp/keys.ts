/**
 * Keys and signatures of the Open Gateway Protocol, by `node:crypto` alone.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";

/** A key pair as OGP's `keypair.json` holds it. */
export interface KeyPair {
  /** SPKI DER, 88 hex digits. */
  readonly publicKey: string;
  /** PKCS#8 DER in hex. */
  readonly privateKey: string;
}

/** Hex digits of a key that OGP 0.7 calls a peer's id. */
const ID_LENGTH = 32;

/**
 * Makes a new key pair.
 *
 * @returns The pair.
 */
export function makeKeys(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ format: "der", type: "spki" }).toString("hex"),
    privateKey: privateKey.export({ format: "der", type: "pkcs8" }).toString("hex"),
  };
}

/**
 * Signs a text.
 *
 * @param keys Whose signature it is to be.
 * @param text The exact text.
 * @returns 128 hex digits.
 */
export function signText({ privateKey }: Pick<KeyPair, "privateKey">, text: string): string {
  const der = Buffer.from(privateKey, "hex");
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return sign(null, Buffer.from(text, "utf8"), key).toString("hex");
}

/**
 * Verifies a signature over a text. Never throws.
 *
 * @param publicKey Whose signature it must be.
 * @param text The exact text.
 * @param signature Anything; only hex digits of a good signature are one.
 * @returns Whether the key's owner signed the text.
 */
export function verifyText(publicKey: string, text: string, signature: unknown): boolean {
  if (typeof signature !== "string") return false;
  try {
    const der = Buffer.from(publicKey, "hex");
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return verify(null, Buffer.from(text, "utf8"), key, Buffer.from(signature, "hex"));
  } catch {
    return false;
  }
}

/**
 * What OGP 0.7 calls a peer.
 *
 * @param publicKey The peer's key.
 * @returns Its first 32 hex digits, 24 of which are the same for all keys.
 */
export function keyId(publicKey: string): string {
  return publicKey.slice(0, ID_LENGTH);
}

/**
 * What OGP 0.2 calls a peer.
 *
 * @param url The peer's gateway URL.
 * @returns Its host and port; 18790 when the URL has none.
 */
export function hostId(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || "18790"}`;
}
