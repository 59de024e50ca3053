/**
 * Prints lossless JSON as text to store or send.
 *
 * @module
 */
import { type Json, JsonNumber, JsonObject } from "./json.ts";

/**
 * Prints a value with its number texts and its key order. Characters outside ASCII stay readable; only
 * lone surrogates are escaped, so that the text can always be encoded as UTF-8. With `indent` it looks
 * as CPython's `json.dumps(value, indent=indent, ensure_ascii=False)`, without it there is no white
 * space at all.
 *
 * @param json The value.
 * @param indent Spaces per level, at least 1; one line without white space if absent.
 * @returns The text, without a final newline.
 *
 * @example
 * ```ts
 * import { parseJson } from "./json_parse.ts";
 * import { printJson } from "./json_print.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = parseJson('{"b":1.50,"a":[]}');
 * assertEquals(printJson(json), '{"b":1.50,"a":[]}');
 * assertEquals(printJson(json, 2), '{\n  "b": 1.50,\n  "a": []\n}');
 * ```
 */
export function printJson(json: Json, indent?: number): string {
  if (indent === undefined) return print(json, "", "", ":");
  return print(json, "\n", " ".repeat(indent), ": ");
}

/** `line` is what starts a line at this level: nothing, or a newline and the spaces so far. */
function print(json: Json, line: string, step: string, colon: string): string {
  if (json instanceof JsonNumber) return json.source;
  if (Array.isArray(json)) {
    if (json.length === 0) return "[]";
    const inner = line + step;
    return `[${inner}${
      json.map((item) => print(item, inner, step, colon)).join("," + inner)
    }${line}]`;
  }
  if (json instanceof JsonObject) {
    if (json.size === 0) return "{}";
    const inner = line + step;
    const entries: string[] = [];
    for (const [key, value] of json) {
      entries.push(JSON.stringify(key) + colon + print(value, inner, step, colon));
    }
    return `{${inner}${entries.join("," + inner)}${line}}`;
  }
  // Strings, booleans and null: JSON.stringify escapes what has to be escaped and nothing else.
  return JSON.stringify(json);
}
