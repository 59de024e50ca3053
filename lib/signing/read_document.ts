/**
 * The first steps of everything that comes in: bytes become a document, and only a document.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type Json, JsonObject } from "./json.ts";
import { parseJson } from "./json_parse.ts";
import { decodeUtf8 } from "./utf8.ts";

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
