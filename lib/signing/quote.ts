/**
 * A string as an ASCII-only JSON literal, escaped as CPython's `json` module does it.
 *
 * @module
 */

/** Anything but printable ASCII without `"` and `\`. */
const NEEDS_ESCAPE = /[^ !#-[\]-~]/;
/** What `JSON.stringify` leaves as it is and CPython escapes: DEL and all that is not ASCII. */
const LEFT_BY_JSON = /[\x7f-\uffff]/g;

/**
 * Quotes a string as CPython's `json.dumps` does by default (`ensure_ascii=True`): `\n \r \t \b \f \"
 * \\` short, every other control character, DEL and everything outside ASCII as `\uXXXX` in lower case,
 * characters above U+FFFF as a surrogate pair, half pairs as they are; `/` stays.
 *
 * @param text Any string, lone surrogates allowed.
 * @returns The literal, quotation marks included. Safe to show on a terminal.
 *
 * @example
 * ```ts
 * import { quoteAscii } from "./quote.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quoteAscii("é/\n\x7f"), '"\\u00e9/\\n\\u007f"');
 * ```
 */
export function quoteAscii(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  // JSON.stringify agrees on everything else, since ES2019 also on lone surrogates.
  return JSON.stringify(text).replace(LEFT_BY_JSON, escapeUnit);
}

function escapeUnit(unit: string): string {
  return "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
}
