import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { canonicalJson } from "../../../lib/signing/canonical_json.ts";
import { JsonNumber, JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { fromPlain, toPlain } from "../../../lib/signing/json_plain.ts";
import { printJson } from "../../../lib/signing/json_print.ts";

Deno.test("plain values are ordinary objects, arrays and numbers", () => {
  assertEquals(toPlain(parseJson('{"a":[1.0,-2,"x",null,true],"b":{"c":{}}}')), {
    a: [1, -2, "x", null, true],
    b: { c: {} },
  });
});

Deno.test("__proto__ becomes an own property and changes no prototype", () => {
  const plain = toPlain(parseJson('{"__proto__":{"isAdmin":true},"a":1}')) as Record<
    string,
    unknown
  >;
  assertEquals(Object.keys(plain), ["__proto__", "a"]);
  assertStrictEquals(Object.getPrototypeOf(plain), Object.prototype);
  assertEquals(plain.isAdmin, undefined);
  assertEquals(printJson(fromPlain(plain)), '{"__proto__":{"isAdmin":true},"a":1}');
});

Deno.test("numbers become integers where they are whole and exact, else floats", () => {
  const print = (value: unknown) => printJson(fromPlain(value));
  assertEquals([1, -0, 2 ** 53 - 1, 1.5, 1e-7].map(print), [
    "1",
    "0",
    "9007199254740991",
    "1.5",
    "1e-07",
  ]);
  assertEquals([2 ** 53, 1e21, -1e300].map(print), ["9007199254740992.0", "1e+21", "-1e+300"]);
  assertEquals([2n ** 70n, -1n].map(print), ["1180591620717411303424", "-1"]);
});

Deno.test("undefined properties are left out, and lossless values are kept", () => {
  const inner = new JsonObject([["n", new JsonNumber("1.00")]]);
  assertEquals(
    printJson(fromPlain({ a: undefined, inner, list: [inner] })),
    '{"inner":{"n":1.00},"list":[{"n":1.00}]}',
  );
  assertStrictEquals(fromPlain(inner), inner);
  assertEquals(printJson(fromPlain(Object.assign(Object.create(null), { a: 1 }))), '{"a":1}');
});

Deno.test("what JSON cannot say is refused", () => {
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  const cases = [
    NaN,
    Infinity,
    -Infinity,
    undefined,
    [undefined],
    [, 1],
    () => 1,
    Symbol("x"),
    new Date(0),
    new Map(),
    new Uint8Array(1),
    cycle,
    10n ** 4300n,
  ];
  for (const value of cases) {
    assertEquals(assertThrows(() => fromPlain(value), MeshError).code, "malformed");
  }
});

Deno.test("plain values survive the way there and back, and so does their canonical text", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const json = fromPlain(value);
    assertEquals(toPlain(json), withoutMinusZero(value));
    assertEquals(canonicalJson(parseJson(printJson(json))), canonicalJson(json));
  }));
});

/** An integer has no minus zero, neither here nor in Python. */
function withoutMinusZero(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withoutMinusZero(v)]));
}
