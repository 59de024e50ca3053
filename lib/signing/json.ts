/**
 * The value model of JSON that keeps what a JavaScript value loses: the text of each number, the order
 * of all keys (also those that look like integers), and keys such as `__proto__`. Signatures are made
 * over the sender's values, so a message has to survive being read.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** Any JSON value. Objects are {@linkcode JsonObject}, numbers {@linkcode JsonNumber}. */
export type Json = null | boolean | string | JsonNumber | Json[] | JsonObject;

/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** CPython refuses to read longer integers (`sys.int_info.default_max_str_digits`). */
const MAX_INTEGER_DIGITS = 4300;

/**
 * A JSON number as it was written: `1`, `1.0` and `1e0` are three different ones.
 *
 * @example
 * ```ts
 * import { JsonNumber } from "./json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const number = new JsonNumber("1.0");
 * assertEquals(number.source, "1.0");
 * assertEquals(number.toNumber(), 1);
 * assertEquals(number.isInteger, false);
 * ```
 */
export class JsonNumber {
  /** The number's text, such as `-1.50e3`. */
  readonly source: string;

  /**
   * Makes a number of its text.
   *
   * @param source The number's text, as JSON writes numbers.
   * @throws {MeshError} `invalid_json` if it is no JSON number; `malformed` if it is an integer of more
   * than 4300 digits, or has a fraction or an exponent and is too large for a 64-bit float.
   */
  constructor(source: string) {
    if (!NUMBER.test(source)) throw new MeshError("invalid_json", "Not a JSON number");
    this.source = source;
    if (this.isInteger) {
      const digits = source.length - (source.startsWith("-") ? 1 : 0);
      if (digits > MAX_INTEGER_DIGITS) {
        throw new MeshError("malformed", `Integer of more than ${MAX_INTEGER_DIGITS} digits`);
      }
    } else if (!Number.isFinite(Number(source))) {
      throw new MeshError("malformed", "Number too large for a 64-bit float");
    }
  }

  /** Whether it is written without fraction and exponent: to Python an `int`, else a `float`. */
  get isInteger(): boolean {
    return !/[.eE]/.test(this.source);
  }

  /**
   * The nearest 64-bit float; large integers lose digits here.
   *
   * @returns The number; `Infinity` for an integer of more than 308 digits.
   */
  toNumber(): number {
    return Number(this.source);
  }

  /**
   * Lets a number take part in arithmetic and comparisons.
   *
   * @returns The same as {@linkcode JsonNumber.toNumber}.
   */
  valueOf(): number {
    return this.toNumber();
  }

  /**
   * What `JSON.stringify` prints; use `printJson` to keep the text.
   *
   * @returns The same as {@linkcode JsonNumber.toNumber}.
   */
  toJSON(): number {
    return this.toNumber();
  }
}

/**
 * A JSON object: a map that keeps its keys in the order received. Keys are data, never properties, so
 * no key means anything to JavaScript.
 *
 * @example
 * ```ts
 * import { JsonObject } from "./json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const object = new JsonObject([["2", true], ["1", null]]);
 * assertEquals([...object.keys()], ["2", "1"]);
 * assertEquals(object.get("__proto__"), undefined);
 * ```
 */
export class JsonObject extends Map<string, Json> {
  /**
   * What `JSON.stringify` prints instead of the `{}` that it prints for a map.
   *
   * @returns An ordinary object of the same entries.
   */
  toJSON(): Record<string, Json> {
    return Object.fromEntries(this);
  }
}
