import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type ErrorCode, MeshError } from "../../../lib/error.ts";
import { JsonNumber, JsonObject } from "../../../lib/signing/json.ts";
import { parseJson, type ParseJsonOptions } from "../../../lib/signing/json_parse.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import { anyModel, anyText, spell } from "./json_model.ts";

function refuses(text: string, code: ErrorCode, message: string, options?: ParseJsonOptions): void {
  const error = assertThrows(() => parseJson(text, options), MeshError, message);
  assertEquals(error.code, code, text);
}

Deno.test("every kind of value is read as it was written", () => {
  assertEquals(
    parseJson(' {"b": [1.0, -0, 1E5], "a": {"x": null}, "t": true, "f": false, "": "\\u00e9"} '),
    new JsonObject([
      ["b", [new JsonNumber("1.0"), new JsonNumber("-0"), new JsonNumber("1E5")]],
      ["a", new JsonObject([["x", null]])],
      ["t", true],
      ["f", false],
      ["", "é"],
    ]),
  );
});

Deno.test("keys keep the order received, also those that look like integers", () => {
  const json = parseJson('{"2":1,"10":2,"1":3,"__proto__":4,"01":5}');
  assert(json instanceof JsonObject);
  assertEquals([...json.keys()], ["2", "10", "1", "__proto__", "01"]);
});

Deno.test("text that is not JSON is refused with the place", () => {
  const cases: [string, string][] = [
    ["", "Expected a value, found the end of the text at line 1, column 1"],
    ["  \n ", "Expected a value, found the end of the text at line 2, column 2"],
    ["\ufeff{}", 'Expected a value, found "\\ufeff" at line 1, column 1'],
    ["{} {}", "Text after the end of the JSON at line 1, column 4"],
    ["{}\0", "Text after the end of the JSON at line 1, column 3"],
    ["NaN", 'Expected a value, found "N" at line 1, column 1'],
    ["Infinity", 'Expected a value, found "I"'],
    ["-Infinity", "Not a JSON number at line 1, column 1"],
    ["[1,]", 'Expected a value, found "]" at line 1, column 4'],
    ["[1 2]", 'Expected "," or "]", found "2"'],
    ['{"a":1,}', 'Expected a key in double quotes, found "}"'],
    ["{a:1}", 'Expected a key in double quotes, found "a"'],
    ["{'a':1}", 'Expected a key in double quotes, found "\'"'],
    ['{"a" 1}', 'Expected ":" after a key, found "1"'],
    ['{"a":1', 'Expected "," or "}", found the end of the text'],
    ['{\n  "a": 1\n  "b": 2\n}', 'found "\\"" at line 3, column 3'],
    ["[", "Expected a value, found the end of the text"],
    ["tru", "Expected a value"],
    ["nullx", "Text after the end"],
    ["/* */1", "Expected a value"],
    ["\u00a01", "Expected a value"],
    ['"abc', "String without end at line 1, column 1"],
    ['"abc\\"', "String without end"],
    ['"abc\\', "String without end"],
    ['"a\nb"', "Control character in a string at line 1, column 3"],
    ['"\\x41"', "Unknown escape in a string"],
    ['"\\u12g4"', "Unknown escape in a string"],
    ['"\\u123"', "Unknown escape in a string"],
    ['"\\\t"', "Unknown escape in a string"],
  ];
  for (const [text, message] of cases) refuses(text, "invalid_json", message);
});

Deno.test("what looks like a number and is none is refused", () => {
  for (
    const text of [
      "01",
      "+1",
      "1.",
      ".5",
      "1e",
      "1e+",
      "--1",
      "-",
      "0x10",
      "1.e5",
      "1_000",
      "1e5.5",
    ]
  ) {
    assertEquals(assertThrows(() => parseJson(text), MeshError).code, "invalid_json", text);
  }
});

Deno.test("a key that occurs twice is refused at every depth, however it is spelled", () => {
  refuses('{"a":1,"a":1}', "malformed", 'Key "a" occurs twice in one object at line 1, column 8');
  refuses('[[{"x":{"a":1,"\\u0061":2}}]]', "malformed", 'Key "a" occurs twice');
  refuses('{"__proto__":1,"__proto__":2}', "malformed", 'Key "__proto__" occurs twice');
  refuses(`{"${"k".repeat(90)}":1,"${"k".repeat(90)}":1}`, "malformed", `"${"k".repeat(40)}..."`);
  refuses('{"\x7f\u202e":1,"\x7f\u202e":1}', "malformed", 'Key "\\u007f\\u202e" occurs twice');
  assertEquals(printJson(parseJson('{"a":{"a":1},"A":1}')), '{"a":{"a":1},"A":1}');
});

Deno.test("nesting is bounded, also where the caller asks for more than the stack holds", () => {
  const nest = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assertEquals(printJson(parseJson(nest(64))), nest(64));
  refuses(nest(65), "malformed", "Nesting deeper than 64 levels at line 1, column 65");
  refuses('{"a":'.repeat(65) + "1" + "}".repeat(65), "malformed", "Nesting deeper than 64 levels");
  refuses("[".repeat(200_000), "malformed", "Nesting deeper than 64 levels");
  refuses("[".repeat(200_000), "malformed", "Nesting deeper than 500", { maxDepth: 1_000_000 });
  assertEquals(parseJson("1", { maxDepth: 0 }), new JsonNumber("1"));
  refuses("[]", "malformed", "Nesting deeper than 0 levels", { maxDepth: 0 });
});

Deno.test("the number of keys in one object is bounded", () => {
  const object = (n: number) => `{${Array.from({ length: n }, (_, i) => `"${i}":1`).join(",")}}`;
  assertEquals(printJson(parseJson(object(1024))), object(1024));
  assertEquals(
    printJson(parseJson(`[${object(1024)},${object(1024)}]`)).length,
    2 * object(1024).length + 3,
  );
  refuses(object(1025), "malformed", "Object of more than 1024 keys at line 1, column 8");
  assertEquals(printJson(parseJson(object(2000), { maxKeys: 2000 })), object(2000));
});

Deno.test("keys that are chosen to collide in V8's tables cost no more than a moment", () => {
  // Multiples of 2^16 share the bits that V8 takes as their hash; unbounded, this takes seconds.
  const colliding = Array.from({ length: 50_000 }, (_, i) => `"${i * 65536}":1`);
  const start = performance.now();
  refuses(`{${colliding.join(",")}}`, "malformed", "Object of more than 1024 keys");
  const objects = Array.from({ length: 15 }, (_, i) => `{${colliding.slice(i, i + 1000)}}`);
  parseJson(`[${objects}]`);
  assert(performance.now() - start < 1000);
});

Deno.test("numbers that overflow are refused, those that underflow are not", () => {
  refuses("[1e400]", "malformed", "Number too large for a 64-bit float at line 1, column 2");
  refuses("-1e309", "malformed", "Number too large");
  refuses("1" + "0".repeat(400) + ".0", "malformed", "Number too large");
  refuses("1".repeat(4301), "malformed", "Integer of more than 4300 digits");
  refuses("-" + "1".repeat(4301), "malformed", "Integer of more than 4300 digits");
  assertEquals(printJson(parseJson("-" + "1".repeat(4300))).length, 4301);
  assertEquals(parseJson("1e-400"), new JsonNumber("1e-400"));
});

Deno.test("half a surrogate pair is kept, or refused where that is asked for", () => {
  const wire = { loneSurrogates: "refuse" } as const;
  for (const text of ['"\\ud800"', '"\\udc00\\ud800"', '"x\\ud83e\\u0041"', '"\ud800"']) {
    assertEquals(parseJson(text), JSON.parse(text));
    refuses(text, "malformed", "Half a surrogate pair in a string at line 1, column 1", wire);
    refuses(`{${text}:1}`, "malformed", "Half a surrogate pair", wire);
  }
  assertEquals(parseJson('"\\ud83e\\udd9d🦝"', wire), "🦝🦝");
});

Deno.test("escaped keys are read right where V8's own parser has mixed them up", () => {
  // Some versions of V8 guess that an object has the keys of the last one, and compare the guess with
  // the text before its escapes are resolved.
  JSON.parse('{"a":1,"\\\\":1}');
  parseJson('{"a":1,"\\\\":1}');
  assertEquals(printJson(parseJson('{"a":1,"\\u0041":1}')), '{"a":1,"A":1}');
  assertEquals(printJson(parseJson('{"a":1,"\\u00e9":1}')), '{"a":1,"é":1}');
});

Deno.test("every escape means its character", () => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const json = parseJson(`"\\u${unit.toString(16).padStart(4, "0")}"`);
    if (json !== String.fromCharCode(unit)) throw new Error(`Wrong character for ${unit}`);
  }
  assertEquals(parseJson('"\\"\\\\\\/\\b\\f\\n\\r\\t"'), '"\\/\b\f\n\r\t');
});

Deno.test("what is printed reads back as the same value, in the same order", () => {
  fc.assert(
    fc.property(anyModel, fc.integer(), (model, seed) => {
      const json = parseJson(spell(model, seed));
      const text = printJson(json);
      assertEquals(parseJson(text), json);
      assertEquals(printJson(parseJson(text)), text);
      assertEquals(parseJson(printJson(json, 2)), json);
    }),
    { numRuns: 500 },
  );
});

Deno.test("random damage gives a value or a MeshError, never another error", () => {
  fc.assert(
    fc.property(anyModel, fc.integer(), fc.nat(), anyText, (model, seed, at, junk) => {
      const text = spell(model, seed);
      const cut = at % (text.length + 1);
      const damaged = text.slice(0, cut) + junk + text.slice(cut + junk.length);
      try {
        parseJson(damaged, { loneSurrogates: "refuse" });
      } catch (error) {
        assert(
          error instanceof MeshError && /at line \d+, column \d+$/.test(error.message),
          damaged,
        );
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("the parser accepts exactly what the platform's parser accepts, but for our limits", () => {
  const soup = fc.array(
    fc.constantFrom(
      ...'{}[]:,"\\ \n',
      "0",
      "1",
      "-",
      ".",
      "e",
      "true",
      "null",
      '"a"',
      "u0041",
      "\0",
    ),
    { maxLength: 12 },
  ).map((parts) => parts.join(""));
  fc.assert(
    fc.property(soup, (text) => {
      let platform = true;
      try {
        JSON.parse(text);
      } catch {
        platform = false;
      }
      let ours = true;
      try {
        parseJson(text);
      } catch (error) {
        // Duplicates and overflow are ours to refuse.
        ours = error instanceof MeshError && error.code === "malformed";
      }
      assertEquals(ours, platform, text);
    }),
    { numRuns: 20_000 },
  );
});

Deno.test("a short text of a long document does not keep the document in memory", async () => {
  // 200 documents of 1 MiB each do not fit into 64 MiB; 200 of their ids do.
  const program = `
    import { parseJson } from "${import.meta.resolve("../../../lib/signing/json_parse.ts")}";
    const filler = "x".repeat(1 << 20), kept = [];
    for (let i = 0; i < 200; i++) {
      kept.push(parseJson('{"id":"message-number-' + i + '","filler":"' + filler + '"}').get("id"));
    }
    if (kept[199] !== "message-number-199") throw new Error("wrong id");`;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--max-old-space-size=64", program],
  }).output();
  assert(success, new TextDecoder().decode(stderr).slice(0, 500));
});
