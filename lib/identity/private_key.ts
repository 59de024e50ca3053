/**
 * Private keys: an Ed25519 seed that shows itself only when asked for by name. Loads `node:crypto`, so
 * commands that neither sign nor make keys should not import this file.
 *
 * @module
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { MeshError } from "../error.ts";
import { type PublicKey, publicKeyFromRaw } from "./keys.ts";
import { decodePem, encodePem, type KeyForm } from "./pem.ts";

/** PKCS#8 version 0 (RFC 8410, section 7), as OpenSSL writes it: without attributes or public key. */
const PKCS8: KeyForm = {
  noun: "private key",
  label: "PRIVATE KEY",
  derPrefix: "302e020100300506032b657004220420",
};

/**
 * An Ed25519 private key. Printing, inspecting, cloning or serialising it shows nothing secret; the two
 * methods that give the secret away say so.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "./private_key.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { privateKey } = generateKeyPair();
 * assertEquals(`${privateKey}`, "[private key]");
 * assertEquals(JSON.stringify({ privateKey }), '{"privateKey":"[private key]"}');
 * ```
 */
export class PrivateKey {
  readonly #seed: Uint8Array;
  /** The public half. */
  readonly publicKey: PublicKey;

  /**
   * Makes a key of its secret bytes.
   *
   * @param seed The 32 secret bytes of RFC 8032, section 5.1.5; they are copied.
   * @throws {MeshError} `bad_key` if there are not 32 bytes.
   */
  constructor(seed: Uint8Array) {
    if (seed.length !== 32) {
      throw new MeshError("bad_key", `Private key of ${seed.length} bytes instead of 32`);
    }
    this.#seed = seed.slice();
    this.publicKey = publicKeyOf(this.exportSecretPem());
  }

  /**
   * Gives the secret away, to be stored in a file that nobody else can read.
   *
   * @returns PKCS#8 PEM, exactly as OpenSSL writes it.
   */
  exportSecretPem(): string {
    return encodePem(PKCS8, this.#seed);
  }

  /**
   * Gives the secret away, to be handed to a signer.
   *
   * @returns PKCS#8 DER as 96 hex digits, as OGP keeps it.
   */
  exportSecretDer(): string {
    return PKCS8.derPrefix + this.#seed.toHex();
  }

  /**
   * What templates and string functions see.
   *
   * @returns Nothing secret.
   */
  toString(): string {
    return "[private key]";
  }

  /**
   * What `JSON.stringify` sees.
   *
   * @returns Nothing secret.
   */
  toJSON(): string {
    return this.toString();
  }

  /**
   * What `console.log` and `Deno.inspect` see.
   *
   * @returns Nothing secret.
   */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /**
   * What `node:util` sees.
   *
   * @returns Nothing secret.
   */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/**
 * Reads a private key from PEM.
 *
 * @param text PKCS#8 PEM as OpenSSL writes it; CRLF and a missing final newline are allowed.
 * @returns The key.
 * @throws {MeshError} `bad_key` for anything else: other algorithms, encrypted keys, OpenSSH's own
 * format. The error never contains any of the text but the label in its first line.
 *
 * @example
 * ```ts
 * import { generateKeyPair, parsePrivateKeyPem } from "./private_key.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { privateKey, publicKey } = generateKeyPair();
 * assertEquals(parsePrivateKeyPem(privateKey.exportSecretPem()).publicKey.hex, publicKey.hex);
 * ```
 */
export function parsePrivateKeyPem(text: string): PrivateKey {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw new MeshError("bad_key", "Cannot read the private key: it is protected by a passphrase", {
      hint: "openssl pkey -in private_key.pem -out plain.pem",
    });
  }
  return new PrivateKey(decodePem(PKCS8, text));
}

/** Both halves of a new identity. */
export interface KeyPair {
  /** The secret half. */
  readonly privateKey: PrivateKey;
  /** The half to show; the same object as `privateKey.publicKey`. */
  readonly publicKey: PublicKey;
}

/**
 * Makes a new key of 32 bytes from the system's random source.
 *
 * @returns Both halves.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "./private_key.ts";
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals(generateKeyPair().publicKey.hex, generateKeyPair().publicKey.hex);
 * ```
 */
export function generateKeyPair(): KeyPair {
  const privateKey = new PrivateKey(crypto.getRandomValues(new Uint8Array(32)));
  return { privateKey, publicKey: privateKey.publicKey };
}

function publicKeyOf(secretPem: string): PublicKey {
  const key = createPublicKey(createPrivateKey(secretPem));
  return publicKeyFromRaw(key.export({ format: "der", type: "spki" }).subarray(-32));
}
