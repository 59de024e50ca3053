/**
 * The first steps of everything that comes in: bytes become a document, and only a document.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type Json, JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { canonicalJson } from "../signing/canonical_json.ts";
import { decodeUtf8 } from "../signing/utf8.ts";

/**
 * Reads what a stranger sent: strict UTF-8, strict JSON without duplicate keys, an object, no half
 * surrogates (they could not be stored as text), bounded nesting.
 *
 * @param bytes The body as received.
 * @returns The document, lossless.
 * @throws {MeshError} `invalid_json` or `malformed`.
 */
export function readDocument(bytes: Uint8Array): JsonObject {
  const value: Json = parseJson(decodeUtf8(bytes), { loneSurrogates: "refuse" });
  if (value instanceof JsonObject) return value;
  throw new MeshError("malformed", "The body is not a JSON object");
}

/**
 * Whether two signed documents say the same thing. A sender that tries again signs a new timestamp, so
 * timestamp and signature do not count; everything else does.
 *
 * @param one A document.
 * @param other Another one.
 * @returns Whether they agree.
 */
export function sameContent(one: JsonObject, other: JsonObject): boolean {
  return content(one) === content(other);
}

function content(document: JsonObject): string {
  const copy = new JsonObject(document);
  copy.delete("timestamp");
  copy.delete("signature");
  return canonicalJson(copy);
}
