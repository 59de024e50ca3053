/**
 * Reads what a service answered, when it is allowed to be anything.
 *
 * @module
 */
import type { Json } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";

/**
 * Parses a text that may be no JSON.
 *
 * @param text The text.
 * @returns The value, or `undefined` if it is none.
 */
export function readJson(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
