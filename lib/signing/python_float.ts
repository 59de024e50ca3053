/**
 * Floats as CPython prints them.
 *
 * @module
 */

/**
 * Prints a float as CPython's `repr`: the shortest digits that read back as the same number (JavaScript
 * finds the same ones), always with a fraction or an exponent, and with an exponent of at least two
 * digits below 1e-4 and from 1e16 on (JavaScript: below 1e-6 and from 1e21 on).
 *
 * @param value A finite number.
 * @returns For example `1.0`, `-0.0`, `1e+16`, `1.5e-07`.
 *
 * @example
 * ```ts
 * import { pythonFloat } from "./python_float.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 1e16, 1e-5].map(pythonFloat), ["1.0", "1e+16", "1e-05"]);
 * ```
 */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (size >= 1e-4 && size < 1e16) {
    return Number.isInteger(value) ? `${value}.0` : `${value}`;
  }
  return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
