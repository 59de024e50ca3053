import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { pythonFloat } from "../../../lib/signing/python_float.ts";

Deno.test("floats print as CPython's repr prints them", () => {
  // Taken from CPython 3.11: python3 -c 'print(repr(x))'.
  const cases: [number, string][] = [
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-1.5, "-1.5"],
    [0.1 + 0.2, "0.30000000000000004"],
    [0.0001, "0.0001"],
    [0.00009999, "9.999e-05"],
    [1e-5, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [1e-10, "1e-10"],
    [1e-100, "1e-100"],
    [5e-324, "5e-324"],
    [2 ** -44, "5.684341886080802e-14"],
    [123456789012345.6, "123456789012345.6"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [12345678901234567, "1.2345678901234568e+16"],
    [1e21, "1e+21"],
    [-1e22, "-1e+22"],
    [2 ** 53, "9007199254740992.0"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [Number.MIN_VALUE * 3, "1.5e-323"],
  ];
  for (const [value, text] of cases) assertEquals(pythonFloat(value), text);
});

Deno.test("every float reads back as itself and is seen to be a float", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = pythonFloat(value);
    assert(Object.is(Number(text), value) && /[.e]/.test(text), text);
  }));
});
