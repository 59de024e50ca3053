import { assert, assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { JsonNumber, JsonObject } from "../../../lib/signing/json.ts";

Deno.test("a number keeps its text and knows its value and kind", () => {
  const cases: [string, number, boolean][] = [
    ["1", 1, true],
    ["1.0", 1, false],
    ["1e0", 1, false],
    ["-0", -0, true],
    ["-0.0", -0, false],
    ["9007199254740993", 2 ** 53, true],
    ["1E5", 100000, false],
  ];
  for (const [source, value, isInteger] of cases) {
    const number = new JsonNumber(source);
    assertEquals([number.source, number.toNumber(), number.isInteger], [source, value, isInteger]);
  }
});

Deno.test("a number takes part in arithmetic and in JSON.stringify", () => {
  const number = new JsonNumber("1.50");
  assert(number.valueOf() > 1);
  assertEquals(JSON.stringify({ number }), '{"number":1.5}');
});

Deno.test("text that is no number never becomes one, so none can be smuggled into a signature", () => {
  for (const source of ["", "1,2", "1 ", "NaN", "Infinity", '1,"a":2', "0x1", "1\n"]) {
    const error = assertThrows(() => new JsonNumber(source), MeshError, "Not a JSON number");
    assertEquals(error.code, "invalid_json");
  }
});

Deno.test("an integer of more than 308 digits is a number that no float holds", () => {
  assertEquals(new JsonNumber("1" + "0".repeat(309)).toNumber(), Infinity);
});

Deno.test("JSON.stringify prints an object instead of losing it", () => {
  const object = new JsonObject([["a", new JsonObject([["__proto__", new JsonNumber("1")]])]]);
  assertEquals(JSON.stringify(object), '{"a":{"__proto__":1}}');
});
