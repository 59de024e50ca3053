/**
 * JSON of another program, read strictly.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { JsonObject } from "../../signing/json.ts";
import { parseJson } from "../../signing/json_parse.ts";
import { toPlain } from "../../signing/json_plain.ts";

/**
 * Reads a JSON file.
 *
 * @param text The file.
 * @returns Its value.
 * @throws {MeshError} `invalid_json` without a word of the text: it may hold secrets.
 */
export function readJson(text: string): unknown {
  try {
    return toPlain(parseJson(text.replace(/^\ufeff/, "")));
  } catch {
    throw new MeshError("invalid_json", "It is damaged: not JSON");
  }
}

/**
 * Reads a JSON file that has to be an object.
 *
 * @param text The file.
 * @returns Its keys and values.
 * @throws {MeshError} `invalid_json`, or `malformed` if it is something else.
 */
export function readObject(text: string): Readonly<Record<string, unknown>> {
  const value = readJson(text);
  if (isObject(value)) return value;
  throw new MeshError("malformed", "It is damaged: not an object");
}

/**
 * Whether a value is a JSON object.
 *
 * @param value Any JSON value.
 * @returns Whether it is an object, and neither an array nor `null`.
 */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof JsonObject);
}

/**
 * A text that is worth having.
 *
 * @param value Any JSON value.
 * @returns The text without blanks around it; `undefined` if it is none, or empty.
 */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
