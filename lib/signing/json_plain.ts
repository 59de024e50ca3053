/**
 * Between lossless JSON and ordinary JavaScript values, which schemas and programs like better.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type Json, JsonNumber, JsonObject } from "./json.ts";
import { pythonFloat } from "./python_float.ts";

/** Ends cycles and hopeless nesting; more than the parser lets in. */
const MAX_DEPTH = 500;

/**
 * The value as ordinary JavaScript: numbers become 64-bit floats (large integers lose digits) and
 * objects plain ones, on which `__proto__` is an own property like any other. Verify signatures over
 * the original, never over this copy.
 *
 * @param json The value.
 * @returns The same with ordinary objects, arrays and numbers.
 *
 * @example
 * ```ts
 * import { parseJson } from "./json_parse.ts";
 * import { toPlain } from "./json_plain.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toPlain(parseJson('{"a":[1.0,"x"]}')), { a: [1, "x"] });
 * ```
 */
export function toPlain(json: Json): unknown {
  if (json instanceof JsonNumber) return json.toNumber();
  if (Array.isArray(json)) return json.map(toPlain);
  if (json instanceof JsonObject) {
    // Defines properties instead of assigning them, so `__proto__` is no setter here.
    return Object.fromEntries(Array.from(json, ([key, value]) => [key, toPlain(value)]));
  }
  return json;
}

/**
 * Lossless JSON from ordinary values. Whole numbers up to 2^53 become integers, other numbers floats;
 * a `bigint` becomes an integer of any size; properties that are `undefined` are left out; lossless
 * values inside are kept as they are.
 *
 * @param value Null, booleans, strings, finite numbers, bigints, arrays and plain objects.
 * @returns The value as lossless JSON.
 * @throws {MeshError} `malformed` for anything that JSON cannot say: `NaN`, `Infinity`, functions,
 * instances of classes, `undefined` outside of an object, cycles.
 *
 * @example
 * ```ts
 * import { fromPlain } from "./json_plain.ts";
 * import { printJson } from "./json_print.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printJson(fromPlain({ a: 1, b: [0.5], c: undefined })), '{"a":1,"b":[0.5]}');
 * ```
 */
export function fromPlain(value: unknown): Json {
  return convert(value, 0);
}

function convert(value: unknown, depth: number): Json {
  if (depth > MAX_DEPTH) {
    throw new MeshError("malformed", `Cannot express more than ${MAX_DEPTH} levels as JSON`);
  }
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return new JsonNumber(numberSource(value));
    case "bigint":
      return new JsonNumber(value.toString());
    case "object":
      return convertObject(value, depth);
    default:
      throw new MeshError("malformed", `Cannot express ${typeof value} as JSON`);
  }
}

function convertObject(value: object | null, depth: number): Json {
  if (value === null || value instanceof JsonNumber || value instanceof JsonObject) return value;
  if (Array.isArray(value)) return Array.from(value, (item) => convert(item, depth + 1));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new MeshError("malformed", "Cannot express an instance of a class as JSON");
  }
  const object = new JsonObject();
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) object.set(key, convert(item, depth + 1));
  }
  return object;
}

function numberSource(value: number): string {
  if (!Number.isFinite(value)) throw new MeshError("malformed", `Cannot express ${value} as JSON`);
  // Beyond 2^53 an integer's digits would claim a precision that the number does not have.
  return Number.isSafeInteger(value) ? String(value) : pythonFloat(value);
}
