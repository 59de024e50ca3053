/**
 * The PEM frame around the DER forms of Ed25519 keys (RFC 7468, RFC 8410).
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** Larger than any key that is meant well, RSA ones included. */
const MAX_LENGTH = 8192;

const FRAME =
  /^-----BEGIN ([A-Z0-9 ]{1,40})-----\r?\n([\x20-\x7e\r\n]*?)-----END \1-----(?:\r?\n)?$/;

/** Names of what people take for the expected form, by the hex of their DER object identifiers. */
const OTHER_FORMS = [
  ["06092a864886f70d0101", "an RSA key"],
  ["06072a8648ce3d0201", "an elliptic-curve (ECDSA) key"],
  ["06032b656e", "an X25519 key"],
  ["06032b656f", "an X448 key"],
  ["06032b6571", "an Ed448 key"],
  ["06032b6570", "an Ed25519 key with more than the key in it"],
] as const;

/** Which key a PEM text should hold, and how such a key starts in DER. */
export interface KeyForm {
  /** How errors call it, such as `public key`. */
  readonly noun: string;
  /** The PEM label, such as `PUBLIC KEY`. */
  readonly label: string;
  /** Hex of all DER bytes before the key's own 32. */
  readonly derPrefix: string;
}

/**
 * Prints a key as OpenSSL does: one line of base64 between the frame's lines, a final newline.
 *
 * @param form Which key it is.
 * @param raw The key's own 32 bytes.
 * @returns The PEM text.
 */
export function encodePem(form: KeyForm, raw: Uint8Array): string {
  const base64 = Uint8Array.fromHex(form.derPrefix + raw.toHex()).toBase64();
  return `-----BEGIN ${form.label}-----\n${base64}\n-----END ${form.label}-----\n`;
}

/**
 * Reads a key that is written as OpenSSL writes it; CRLF line ends and a missing final newline are
 * allowed, nothing else is. No error quotes the text, which may be a secret.
 *
 * @param form Which key is expected.
 * @param text The whole PEM text.
 * @returns The key's own 32 bytes.
 * @throws {MeshError} `bad_key` if the text is anything else; the sentence says what it is instead.
 */
export function decodePem(form: KeyForm, text: string): Uint8Array {
  const frame = text.length <= MAX_LENGTH ? FRAME.exec(text) : null;
  if (frame === null) throw unreadable(form, "it is not a single PEM block");
  const [, label, body] = frame;
  if (label !== form.label) {
    throw unreadable(form, `it is labelled "${label}" instead of "${form.label}"`);
  }
  const hex = decodeBody(form, body!);
  const prefix = form.derPrefix;
  if (!hex.startsWith(prefix) || hex.length !== prefix.length + 64) {
    const other = OTHER_FORMS.find(([oid]) => hex.slice(0, 64).includes(oid));
    throw unreadable(form, `it is ${other?.[1] ?? "not an Ed25519 key"}`);
  }
  const raw = Uint8Array.fromHex(hex.slice(prefix.length));
  // The same key must not come in many spellings: base64 on one line, no stray bits, no white space.
  const unix = text.replaceAll("\r\n", "\n");
  if ((unix.endsWith("\n") ? unix : unix + "\n") !== encodePem(form, raw)) {
    throw unreadable(form, "it is not laid out as OpenSSL writes keys");
  }
  return raw;
}

function decodeBody(form: KeyForm, body: string): string {
  try {
    return Uint8Array.fromBase64(body, { lastChunkHandling: "strict" }).toHex();
  } catch {
    // The cause would say which characters it met.
    throw unreadable(form, "its base64 is damaged");
  }
}

function unreadable(form: KeyForm, why: string): MeshError {
  return new MeshError("bad_key", `Cannot read the ${form.noun}: ${why}`, {
    hint: `Ed25519 keys in PEM are accepted ("BEGIN ${form.label}")`,
  });
}
