/**
 * Signatures of OGP: over a text that travels beside the object that it spells out. What counts is what
 * was parsed from that very text; an object that says something else is a forgery. Where there is no
 * text, the object as it was written is the text. Source: the
 * Open Gateway Protocol, dialects 0.2 and 0.7.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { PublicKey } from "../identity/keys.ts";
import type { PrivateKey } from "../identity/private_key.ts";
import { canonicalJson } from "../signing/canonical_json.ts";
import { signBytes, verifyBytes } from "../signing/ed25519.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { printJson } from "../signing/json_print.ts";

const encoder = new TextEncoder();

/** A document, the text that was signed, and the signature. Nothing is verified yet. */
export interface SignedText {
  /** What the text says. */
  readonly document: JsonObject;
  /** The exact text. */
  readonly text: string;
  /** As received; may be anything. */
  readonly signature: unknown;
}

/** Which keys of a body carry the object and its text. */
export interface SignedKeys {
  /** The key of the object, such as `message`. */
  readonly object: string;
  /** The key of its text, such as `messageStr`. */
  readonly text: string;
}

/**
 * Takes the signed document out of a body.
 *
 * @param body The body as received.
 * @param keys Where to look.
 * @returns The document, or `undefined` if the body has neither text nor object, or no signature.
 * @throws {MeshError} `malformed` if the object is not what the text says, `invalid_json` if the text is
 * no JSON.
 */
export function signedTextOf(body: JsonObject, keys: SignedKeys): SignedText | undefined {
  const signature = body.get("signature");
  const object = body.get(keys.object);
  const text = body.get(keys.text);
  if (signature === undefined) return undefined;
  if (typeof text !== "string") {
    if (!(object instanceof JsonObject) || text !== undefined) return undefined;
    return { document: object, text: printJson(object), signature };
  }
  const document = parseJson(text, { loneSurrogates: "refuse" });
  if (!(document instanceof JsonObject)) {
    throw new MeshError("malformed", `"${keys.text}" is not the text of a JSON object`);
  }
  if (object !== undefined && !saysTheSame(object, document, text)) {
    throw new MeshError("malformed", `"${keys.object}" is not what the signed "${keys.text}" says`);
  }
  return { document, text, signature };
}

function saysTheSame(object: unknown, document: JsonObject, text: string): boolean {
  if (!(object instanceof JsonObject)) return false;
  return printJson(object) === text || canonicalJson(object) === canonicalJson(document);
}

/**
 * Verifies a signature over a text. Never throws.
 *
 * @param key Whose signature it must be.
 * @param text The text.
 * @param signature 128 hex digits; anything else is `false`.
 * @returns Whether the key's owner signed the text.
 */
export function verifyText(key: PublicKey, text: string, signature: unknown): boolean {
  if (typeof signature !== "string" || !/^[0-9a-fA-F]{128}$/.test(signature)) return false;
  return verifyBytes(key, encoder.encode(text), Uint8Array.fromHex(signature));
}

/**
 * Signs a text.
 *
 * @param key Whose signature it is to be.
 * @param text The text.
 * @returns 128 hex digits.
 */
export function signText(key: PrivateKey, text: string): string {
  return signBytes(key, encoder.encode(text)).toHex();
}
