/**
 * Detached signatures in the format of minisign (https://jedisct1.github.io/minisign/#signature-format), so
 * that `minisign -V` checks them as well. Four lines:
 *
 * ```text
 * untrusted comment: <anything; not signed>
 * <base64: algorithm (2 bytes), key id (8), Ed25519 signature (64)>
 * trusted comment: <one line; signed>
 * <base64: Ed25519 signature of the signature above and the trusted comment (64)>
 * ```
 *
 * Algorithm `ED` signs the BLAKE2b-512 of the file, the older `Ed` the file itself.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { MeshError } from "../error.ts";
import { verifyBytes } from "../signing/ed25519.ts";
import type { ReleaseKey } from "./key.ts";
import { readBase64, readUtf8 } from "./text.ts";

const UNTRUSTED = "untrusted comment: ";
const TRUSTED = "trusted comment: ";

/** What is read of a signature, at most, in bytes: as much as minisign reads. */
export const SIGNATURE_LIMIT = 16_384;

/** A detached signature. */
export interface ReleaseSignature {
  /** `ED` (of the file's BLAKE2b-512) or `Ed` (of the file). */
  readonly algorithm: "ED" | "Ed";
  /** Which key signed, as 16 hex digits. */
  readonly keyId: string;
  /** The 64 bytes of the signature. */
  readonly signature: Uint8Array<ArrayBuffer>;
  /** What the signer said about the file; believed only if `commentSignature` is right. */
  readonly trustedComment: string;
  /** The 64 bytes of the signature of `signature` and `trustedComment`. */
  readonly commentSignature: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a signature.
 *
 * @param bytes What is in the file.
 * @returns The signature, of which nothing is checked yet.
 * @throws {MeshError} `malformed` if it has another form.
 */
export function parseSignature(bytes: Uint8Array): ReleaseSignature {
  const lines = bytes.length > SIGNATURE_LIMIT
    ? []
    : readUtf8(bytes, "The signature").replace(/\r?\n$/, "").split(/\r?\n/);
  const [untrusted = "", first = "", trusted = "", second = ""] = lines;
  const whole = readBase64(first, 74);
  const commentSignature = readBase64(second, 64);
  const algorithm = whole && String.fromCharCode(...whole.subarray(0, 2));
  if (
    lines.length !== 4 || !untrusted.startsWith(UNTRUSTED) || !trusted.startsWith(TRUSTED) ||
    !whole || !commentSignature || (algorithm !== "ED" && algorithm !== "Ed")
  ) {
    throw new MeshError("malformed", "The signature is not in the format of minisign", {
      hint: "it has four lines and a name that ends with .minisig",
    });
  }
  return {
    algorithm,
    // minisign shows the id as a little-endian number.
    keyId: whole.slice(2, 10).reverse().toHex().toUpperCase(),
    signature: whole.slice(10),
    trustedComment: trusted.slice(TRUSTED.length),
    commentSignature,
  };
}

/**
 * Writes a signature.
 *
 * @param parts The signature, its key's id, and what to say about it.
 * @param untrustedComment What is said to people, one line; it is not signed.
 * @returns The text of the file.
 */
export function formatSignature(parts: ReleaseSignature, untrustedComment: string): string {
  const head = new TextEncoder().encode(parts.algorithm);
  const id = Uint8Array.fromHex(parts.keyId).reverse();
  const whole = new Uint8Array([...head, ...id, ...parts.signature]);
  return [
    `${UNTRUSTED}${untrustedComment}`,
    whole.toBase64(),
    `${TRUSTED}${parts.trustedComment}`,
    parts.commentSignature.toBase64(),
    "",
  ].join("\n");
}

/**
 * What is signed of a file.
 *
 * @param bytes What is in the file.
 * @param algorithm The signature's algorithm.
 * @returns The file itself, or its BLAKE2b-512.
 */
export function signedPart(bytes: Uint8Array, algorithm: "ED" | "Ed"): Uint8Array {
  if (algorithm === "Ed") return bytes;
  return new Uint8Array(createHash("blake2b512").update(bytes).digest());
}

/**
 * What the second signature is of.
 *
 * @param parts The first signature and the comment.
 * @returns The bytes.
 */
export function signedComment(
  { signature, trustedComment }: Pick<ReleaseSignature, "signature" | "trustedComment">,
): Uint8Array {
  return new Uint8Array([...signature, ...new TextEncoder().encode(trustedComment)]);
}

/**
 * Checks a signature, and that its comment is the signer's.
 *
 * @param bytes What is in the signed file.
 * @param parts The signature.
 * @param key The key that is trusted.
 * @throws {MeshError} `bad_signature` if another key signed, or another file, or another comment.
 */
export function checkSignature(bytes: Uint8Array, parts: ReleaseSignature, key: ReleaseKey): void {
  if (parts.keyId !== key.id) {
    throw new MeshError(
      "bad_signature",
      `The signature was made with key ${parts.keyId}, not with ${key.id}`,
      { hint: "do not run what came with it, unless you know why the key is another one" },
    );
  }
  const { algorithm, signature, commentSignature } = parts;
  if (!verifyBytes(key.publicKey, signedPart(bytes, algorithm), signature)) {
    throw new MeshError("bad_signature", "The list of sums is not the one that was signed", {
      hint: "do not run what came with it; download list and signature again from the same release",
    });
  }
  if (!verifyBytes(key.publicKey, signedComment(parts), commentSignature)) {
    throw new MeshError("bad_signature", "The comment in the signature is not the signer's", {
      hint: "do not run what came with it; download the signature again",
    });
  }
}
