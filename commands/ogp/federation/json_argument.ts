/**
 * JSON that is typed as an argument.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { type Json, JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";

/** What a payload looks like, with the quotes that a shell wants. */
const EXAMPLE = `in single quotes, such as '{"text":"Hello!"}'`;

/**
 * Reads a JSON value.
 *
 * @param text What was typed.
 * @param what What it is for, for the error.
 * @returns The value, with its numbers as they were typed.
 * @throws {MeshError} `usage` with line and column of what is wrong.
 */
export function jsonArgument(text: string, what: string): Json {
  try {
    return parseJson(text, { loneSurrogates: "refuse" });
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new MeshError("usage", `Cannot read the ${what} as JSON: ${error.message}`, {
      cause: error,
      hint: EXAMPLE,
    });
  }
}

/**
 * Reads a JSON object.
 *
 * @param text What was typed.
 * @param what What it is for, for the error.
 * @returns The object, with its numbers as they were typed.
 * @throws {MeshError} `usage` with line and column of what is wrong, or if it is no object.
 *
 * @example
 * ```ts
 * import { jsonObjectArgument } from "./json_argument.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(jsonObjectArgument('{"text":"Hello!"}', "payload").get("text"), "Hello!");
 * ```
 */
export function jsonObjectArgument(text: string, what: string): JsonObject {
  const value = jsonArgument(text, what);
  if (value instanceof JsonObject) return value;
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${nameOf(value)}`;
  throw new MeshError("usage", `The ${what} is ${kind}, not a JSON object`, { hint: EXAMPLE });
}

function nameOf(value: Json): string {
  return typeof value === "object" ? "number" : typeof value === "string" ? "text" : "truth value";
}
