/**
 * Signing a list of sums as minisign does.
 *
 * @module
 */
import { formatSignature, signedComment, signedPart } from "../../lib/release/signature.ts";
import { signBytes } from "../../lib/signing/ed25519.ts";
import type { ReleaseKeyPair } from "./secret_key.ts";

/**
 * Signs a file. The same file, comment and key give the same signature.
 *
 * @param bytes What is in the file.
 * @param trustedComment What is said about it, one line, signed as well.
 * @param pair The release key.
 * @returns The text of the `.minisig` file.
 */
export function signRelease(
  bytes: Uint8Array,
  trustedComment: string,
  { id, privateKey }: ReleaseKeyPair,
): string {
  const signature = new Uint8Array(signBytes(privateKey, signedPart(bytes, "ED")));
  const commentSignature = new Uint8Array(
    signBytes(privateKey, signedComment({ signature, trustedComment })),
  );
  return formatSignature(
    { algorithm: "ED", keyId: id, signature, trustedComment, commentSignature },
    `signature of mesh, made with key ${id}`,
  );
}
