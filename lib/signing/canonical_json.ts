/**
 * The one text of a JSON value that Agent Mesh V1 signs: what CPython prints for
 * `json.dumps(value, sort_keys=True, separators=(",", ":"))`.
 *
 * @module
 */
import { type Json, JsonNumber, JsonObject } from "./json.ts";
import { pythonFloat } from "./python_float.ts";
import { quoteAscii } from "./quote.ts";

/** What to leave out of {@linkcode canonicalJson}. */
export interface CanonicalJsonOptions {
  /** A key of the outermost object, usually `signature`. */
  readonly omit?: string;
}

/**
 * The canonical text of a value: no white space, keys sorted by Unicode code point at every depth,
 * strings in ASCII, integers in full, floats as CPython's `repr` prints them.
 *
 * @param json The value, as parsed from the text that was received.
 * @param options What to leave out.
 * @returns The text, ASCII only.
 *
 * @example
 * ```ts
 * import { canonicalJson } from "./canonical_json.ts";
 * import { parseJson } from "./json_parse.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const signed = parseJson('{"to": "é", "n": 1.0, "signature": "…"}');
 * assertEquals(canonicalJson(signed, { omit: "signature" }), '{"n":1.0,"to":"\\u00e9"}');
 * ```
 */
export function canonicalJson(json: Json, options: CanonicalJsonOptions = {}): string {
  return json instanceof JsonObject ? printObject(json, options.omit) : print(json);
}

function print(json: Json): string {
  if (typeof json === "string") return quoteAscii(json);
  if (json instanceof JsonObject) return printObject(json);
  if (json instanceof JsonNumber) return printNumber(json);
  if (Array.isArray(json)) return `[${json.map(print).join(",")}]`;
  return String(json);
}

function printObject(object: JsonObject, omit?: string): string {
  let text = "";
  for (const key of sortByCodePoint([...object.keys()])) {
    if (key === omit) continue;
    if (text !== "") text += ",";
    text += `${quoteAscii(key)}:${print(object.get(key)!)}`;
  }
  return `{${text}}`;
}

function printNumber(number: JsonNumber): string {
  if (!number.isInteger) return pythonFloat(number.toNumber());
  return number.source === "-0" ? "0" : number.source;
}

/** Where the order of UTF-16 units, which is JavaScript's own, starts to differ from code points. */
const SURROGATE_OR_ABOVE = /[\ud800-\uffff]/;

function sortByCodePoint(keys: string[]): string[] {
  return keys.some((key) => SURROGATE_OR_ABOVE.test(key))
    ? keys.sort(compareCodePoints)
    : keys.sort();
}

function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  // The first different unit may be the second half of a pair; the pair is what has to be compared.
  const start = i > 0 && isHighSurrogate(a.charCodeAt(i - 1)) ? i - 1 : i;
  return codePointsApart(a, b, start) || codePointsApart(a, b, i);
}

function codePointsApart(a: string, b: string, at: number): number {
  return a.codePointAt(at)! - b.codePointAt(at)!;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
