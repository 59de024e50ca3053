/**
 * The key of OGP's own program: plain, encrypted, or not in the file at all but in the keychain of macOS.
 *
 * @module
 */
import { createDecipheriv, scryptSync } from "node:crypto";
import { MeshError } from "../../error.ts";
import { publicKeyFromDerHex } from "../../identity/keys.ts";
import { PrivateKey } from "../../identity/private_key.ts";
import { isObject, readObject, textOf } from "./document.ts";

/** PKCS#8 as OGP writes it, before the 32 secret bytes (RFC 8410, section 7). */
const PKCS8_PREFIX = "302e020100300506032b657004220420";

/** How the program encrypts: AES-256-GCM with a key made by scrypt (N 16384, r 8, p 1) of a secret. */
const SCHEME = "aes-256-gcm+scrypt";

/** Most characters of a text that was encrypted. */
const LONGEST = 1024;

/** Secrets that the key may be encrypted with. */
export interface KeySecrets {
  /** By the name under which the key's file says that it used them. */
  readonly named: Readonly<Record<string, string>>;
  /** The one that the owner gave us. */
  readonly given?: string | undefined;
}

/**
 * Reads a key.
 *
 * @param file The text of `keypair.json`.
 * @param secrets What it may be encrypted with.
 * @returns The key. What the file says of its public half has to be true.
 * @throws {MeshError} `invalid_json` or `malformed` if the file is damaged, `bad_key` if it holds another
 * key than it says, `refused` with a hint if the secret half is somewhere else or cannot be decrypted.
 */
export function readKeypair(file: string, secrets: KeySecrets): PrivateKey {
  const record = readObject(file);
  const named = textOf(record.publicKey);
  if (named === undefined) {
    throw new MeshError("malformed", "It is damaged: there is no public key");
  }
  const publicKey = publicKeyFromDerHex(named);
  const secret = textOf(record.privateKey) ?? decrypted(record, secrets);
  if (secret === undefined) throw inKeychain();
  const key = parsePrivateDer(secret);
  if (key.publicKey.hex === publicKey.hex) return key;
  throw new MeshError("bad_key", "Its secret half does not belong to its public half");
}

/** `undefined` if there is nothing encrypted in it. */
function decrypted(
  { privateKeyCiphertext, encryption }: Readonly<Record<string, unknown>>,
  { named, given }: KeySecrets,
): string | undefined {
  if (privateKeyCiphertext === undefined && encryption === undefined) return undefined;
  const { scheme, salt, iv, authTag, secretSource } = isObject(encryption) ? encryption : {};
  if (scheme !== SCHEME) {
    throw new MeshError("refused", "It is encrypted in a way that is not known here");
  }
  const parts = [privateKeyCiphertext, salt, iv, authTag].map(bytesOf);
  const [ciphertext, saltBytes, ivBytes, tag] = parts;
  if (!ciphertext || !saltBytes || !ivBytes || ivBytes.length !== 12 || tag?.length !== 16) {
    throw new MeshError("malformed", "It is damaged: the encrypted key is not complete");
  }
  const source = textOf(secretSource) ?? "";
  const secret = given ?? (Object.hasOwn(named, source) ? named[source] : undefined);
  if (secret === undefined) throw noSecret(source);
  try {
    const decipher = createDecipheriv("aes-256-gcm", scryptSync(secret, saltBytes, 32), ivBytes, {
      authTagLength: 16,
    });
    decipher.setAuthTag(tag);
    const opened = [decipher.update(ciphertext), decipher.final()];
    return opened.map((part) => new TextDecoder().decode(part)).join("");
  } catch {
    throw new MeshError("refused", "It is encrypted, and the secret does not open it", {
      hint: "mesh ogp import --secret-file FILE, with the secret that it was encrypted with",
    });
  }
}

function bytesOf(value: unknown): Uint8Array | undefined {
  const text = textOf(value);
  if (text === undefined || text.length > LONGEST) return undefined;
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

function parsePrivateDer(hex: string): PrivateKey {
  const lower = hex.toLowerCase();
  if (/^[0-9a-f]{96}$/.test(lower) && lower.startsWith(PKCS8_PREFIX)) {
    return new PrivateKey(Uint8Array.fromHex(lower.slice(PKCS8_PREFIX.length)));
  }
  throw new MeshError("bad_key", "Its secret half is not an Ed25519 key in DER");
}

function noSecret(source: string): MeshError {
  const where = source === "env"
    ? "the variable OGP_KEYPAIR_SECRET of the other program"
    : source === ""
    ? "a secret that it does not name"
    : `"${source.slice(0, 40)}" of its configuration, which is not there`;
  return new MeshError("refused", `It is encrypted with ${where}`, {
    hint: "put that secret into a file, and: mesh ogp import --secret-file FILE",
  });
}

function inKeychain(): MeshError {
  return new MeshError(
    "refused",
    "Its secret half is not in the file: on macOS it is in the keychain",
    {
      hint: "on that Mac, find it with: security find-generic-password -a private-key -w " +
        "-s SERVICE (ogp keychain status names SERVICE); put it into a copy of keypair.json as " +
        '"privateKey", and import the copy',
    },
  );
}
