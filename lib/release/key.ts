/**
 * The key that releases are signed with: its public half, in the format of minisign, and the one that this
 * build was made with.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type PublicKey, publicKeyFromRaw } from "../identity/keys.ts";
import { assertStrongKey } from "../identity/strong_key.ts";
import baked from "./baked_key.json" with { type: "json" };
import { readBase64 } from "./text.ts";

/** The algorithm of a key: Ed25519, whichever way it signs. */
const ALGORITHM = "Ed";

/** A public key with the id that minisign gave it. */
export interface ReleaseKey {
  /** 16 hex digits, upper case. They only tell keys apart: anybody can make a key with a given id. */
  readonly id: string;
  /** The key. */
  readonly publicKey: PublicKey;
}

/**
 * Reads a public key.
 *
 * @param text The text of a `.pub` file, or the one line of it that counts: 56 characters of base64.
 * @returns The key.
 * @throws {MeshError} `bad_key` for anything else, and for a key for which anybody could sign.
 *
 * @example
 * ```ts
 * import { parseReleaseKey } from "./key.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const key = parseReleaseKey("RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3");
 * assertEquals(key.id, "E7620F1842B4E81F");
 * ```
 */
export function parseReleaseKey(text: string): ReleaseKey {
  const lines = text.length > 1024 ? [] : text.trim().split(/\r?\n/);
  const [last = ""] = lines.slice(-1);
  const bytes = readBase64(last.trim(), 42);
  const comment = lines.length === 1 ||
    (lines.length === 2 && lines[0]!.startsWith("untrusted comment: "));
  if (!bytes || !comment || String.fromCharCode(...bytes.subarray(0, 2)) !== ALGORITHM) {
    throw new MeshError("bad_key", "Cannot read the release key: it is no public key of minisign", {
      hint: "a .pub file, or its last line: 56 characters that begin with RW",
    });
  }
  const publicKey = publicKeyFromRaw(bytes.slice(10));
  assertStrongKey(publicKey);
  return { id: bytes.slice(2, 10).reverse().toHex().toUpperCase(), publicKey };
}

/**
 * Writes a public key.
 *
 * @param key The key.
 * @returns The text of a `.pub` file.
 */
export function formatReleaseKey({ id, publicKey }: ReleaseKey): string {
  const head = new TextEncoder().encode(ALGORITHM);
  const bytes = new Uint8Array([...head, ...Uint8Array.fromHex(id).reverse(), ...publicKey.raw]);
  return `untrusted comment: mesh release key ${id}\n${bytes.toBase64()}\n`;
}

/**
 * The key that this program was built with.
 *
 * @returns It, or `undefined` if there was none.
 */
export function bakedKey(): ReleaseKey | undefined {
  return baked.publicKey === null ? undefined : parseReleaseKey(baked.publicKey);
}
