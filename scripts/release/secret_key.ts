/**
 * The secret half of the release key, in minisign's own format without a password, as `minisign -G -W` makes
 * it: so either program can sign with a key of the other.
 *
 * ```text
 * untrusted comment: <anything>
 * <base64: "Ed" | 0 0 (no password) | "B2" | salt (32) | limits (16) | key id (8) | seed and public key (64)
 *  | BLAKE2b-256 of "Ed", id and key (32)>
 * ```
 *
 * @module
 */
import { MeshError } from "../../lib/error.ts";
import { PrivateKey } from "../../lib/identity/private_key.ts";
import type { ReleaseKey } from "../../lib/release/key.ts";
import { readBase64 } from "../../lib/release/text.ts";

const LENGTH = 158;

/** Where the key id begins; before it are algorithms, salt and limits. */
const KEY_ID = 54;

/** A release key with its secret half. */
export interface ReleaseKeyPair extends ReleaseKey {
  /** The secret half. */
  readonly privateKey: PrivateKey;
}

/**
 * Makes a new key with a random id.
 *
 * @returns Both halves.
 */
export function generateReleaseKey(): ReleaseKeyPair {
  const privateKey = new PrivateKey(crypto.getRandomValues(new Uint8Array(32)));
  const id = crypto.getRandomValues(new Uint8Array(8)).toHex().toUpperCase();
  return { id, privateKey, publicKey: privateKey.publicKey };
}

/**
 * Reads a secret key.
 *
 * @param text The text of the file, or its last line.
 * @returns Both halves.
 * @throws {MeshError} `bad_key` for anything else, among it a key that is protected by a password. The
 * error contains nothing of the text.
 */
export function parseSecretKey(text: string): ReleaseKeyPair {
  const [last = ""] = text.trim().split(/\r?\n/).slice(-1);
  const bytes = readBase64(last.trim(), LENGTH);
  const named = (offset: number) =>
    bytes && String.fromCharCode(bytes[offset]!, bytes[offset + 1]!);
  if (!bytes || named(0) !== "Ed" || named(4) !== "B2") {
    throw new MeshError("bad_key", "The release key is no secret key of minisign", {
      hint: "make one: deno task release:key",
    });
  }
  if (named(2) === "Sc") {
    throw new MeshError("bad_key", "The release key is protected by a password", {
      hint: "take the password off a copy: minisign -C -W -s FILE",
    });
  }
  const seed = bytes.slice(KEY_ID + 8, KEY_ID + 40);
  const key = new PrivateKey(seed);
  const stored = bytes.subarray(KEY_ID + 40, KEY_ID + 72).toHex();
  if (named(2) !== "\0\0" || stored !== key.publicKey.hex) {
    throw new MeshError("bad_key", "The release key is damaged", {
      hint: "take another copy of it",
    });
  }
  const id = bytes.slice(KEY_ID, KEY_ID + 8).reverse().toHex().toUpperCase();
  return { id, privateKey: key, publicKey: key.publicKey };
}

/**
 * Gives the secret away, to be stored in a file that nobody else can read.
 *
 * @param pair The key.
 * @returns The text of the file.
 */
export function formatSecretKey({ id, privateKey }: ReleaseKeyPair): string {
  const seed = Uint8Array.fromHex(privateKey.exportSecretDer().slice(-64));
  const bytes = new Uint8Array(LENGTH);
  const encoder = new TextEncoder();
  bytes.set(encoder.encode("Ed"), 0);
  bytes.set(encoder.encode("B2"), 4);
  bytes.set(Uint8Array.fromHex(id).reverse(), KEY_ID);
  bytes.set(seed, KEY_ID + 8);
  bytes.set(privateKey.publicKey.raw, KEY_ID + 40);
  // minisign looks at the sum of a key without a password no more than we do: it stays zero, as there.
  return `untrusted comment: mesh release key ${id}, secret\n${bytes.toBase64()}\n`;
}
