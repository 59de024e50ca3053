import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../../lib/error.ts";
import { payloadSchema } from "../../../../lib/ogp/intents/json_schema.ts";
import { JsonObject } from "../../../../lib/signing/json.ts";
import { parseJson } from "../../../../lib/signing/json_parse.ts";
import { toPlain } from "../../../../lib/signing/json_plain.ts";

type Case = readonly [schema: unknown, good: readonly unknown[], bad: readonly unknown[]];

const CASES: readonly Case[] = [
  [true, [1, null, {}], []],
  [false, [], [1, null, {}]],
  [{}, [1, "x", null], []],
  [{ type: "object" }, [{}], [[], null, "x", 1]],
  [{ type: ["string", "null"] }, ["", null], [1, {}, []]],
  [{ type: "integer" }, [1, -0, 1e300], [1.5, "1", true]],
  [{ enum: [{ a: 1, b: 2 }, [1], "x"] }, [{ b: 2, a: 1 }, [1], "x"], [{ a: 1 }, [2], 1]],
  [{ const: null }, [null], [0, "", false]],
  [{ minLength: 2, maxLength: 2 }, ["ab", "😀😀", 5], ["a", "abc", "😀"]],
  [{ pattern: "^v\\d+$" }, ["v12", 7], ["12", "xv1"]],
  [{ minimum: 1, maximum: 3 }, [1, 3, "x"], [0.9, 3.1]],
  [{ exclusiveMinimum: 1, exclusiveMaximum: 3 }, [2], [1, 3]],
  [{ multipleOf: 0.01 }, [0.07, 1, "x"], [0.075]],
  [{ required: ["a"] }, [{ a: null }, "x"], [{}, { b: 1 }]],
  [{ properties: { a: { type: "string" } } }, [{ a: "x" }, {}, 1], [{ a: 1 }]],
  [
    { properties: { a: true }, additionalProperties: false },
    [{ a: 1 }, {}, []],
    [{ b: 1 }, JSON.parse('{"__proto__":1}')],
  ],
  [{ additionalProperties: { type: "number" } }, [{ a: 1 }], [{ a: "x" }]],
  [{ minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { a: 1, b: 1, c: 1 }]],
  [{ items: { type: "number" } }, [[1, 2], [], {}], [[1, "x"]]],
  [
    { prefixItems: [{ type: "string" }], items: { type: "number" } },
    [["a", 1], ["a"], []],
    [[1], ["a", "b"]],
  ],
  [{ minItems: 1, maxItems: 2 }, [[1]], [[], [1, 2, 3]]],
  [{ uniqueItems: true }, [[1, 2], [{ a: 1 }, { a: 2 }]], [[1, 1], [{ a: 1, b: 2 }, {
    b: 2,
    a: 1,
  }]]],
  [{ allOf: [{ required: ["a"] }, { required: ["b"] }] }, [{ a: 1, b: 1 }], [{ a: 1 }]],
  [{ anyOf: [{ type: "string" }, { type: "null" }] }, ["x", null], [1]],
  [{ oneOf: [{ type: "number" }, { type: "integer" }] }, [1.5], [1, "x"]],
  [{ not: { type: "string" } }, [1, null], ["x"]],
  [{ $schema: "x", title: "t", description: "d", default: 1, examples: [] }, [1], []],
];

Deno.test("each keyword says yes and no as JSON Schema does", () => {
  for (const [schema, good, bad] of CASES) {
    const { problemIn } = payloadSchema(schema);
    for (const value of good) {
      assertEquals([schema, value, problemIn(value)], [schema, value, undefined]);
    }
    for (const value of bad) {
      assertEquals([schema, value, typeof problemIn(value)], [schema, value, "string"]);
    }
  }
});

Deno.test("a property of the schema that is called __proto__ is one like any other", () => {
  const schema = toPlain(parseJson('{"properties":{"__proto__":{"type":"string"}}}'));
  const { problemIn } = payloadSchema(schema);
  assertEquals(problemIn(toPlain(parseJson('{"__proto__":"x"}'))), undefined);
  assertEquals(problemIn(toPlain(parseJson('{"__proto__":1}'))), '"__proto__" is not string');
  assertEquals(problemIn({}), undefined);
});

Deno.test("what is not known, or not as it must be, is refused when the schema is read", () => {
  const refused: readonly [schema: unknown, sentence: string][] = [
    [{ if: {} }, 'the schema, "if" is a keyword that is not known here'],
    [{ properties: { a: { $ref: "#" } } }, 'the schema, "properties", "a", "$ref" is a keyword'],
    [{ format: "email" }, '"format" is a keyword that is not known here'],
    [{ type: "frob" }, '"type" is not a type'],
    [{ type: [] }, '"type" is not a type'],
    [{ type: "toString" }, '"type" is not a type'],
    [{ enum: [] }, '"enum" is not a list of values'],
    [{ minLength: -1 }, '"minLength" is not a whole number'],
    [{ minimum: "1" }, '"minimum" is not a number'],
    [{ multipleOf: 0 }, '"multipleOf" is not a number above 0'],
    [{ pattern: "(" }, '"pattern" is not a regular expression'],
    [{ required: "a" }, '"required" is not a list of names'],
    [{ properties: [] }, '"properties" is not an object of schemas'],
    [{ allOf: [] }, '"allOf" is not a list of schemas'],
    [{ items: [{}] }, '"items" is neither an object nor true or false'],
    [{ uniqueItems: 1 }, '"uniqueItems" is not true or false'],
    ["x", "the schema is neither an object nor true or false"],
    [null, "the schema is neither an object nor true or false"],
  ];
  for (const [schema, sentence] of refused) {
    const error = assertThrows(() => payloadSchema(schema), MeshError);
    assertEquals(error.code, "malformed");
    assertStringIncludes(error.message, sentence);
  }
});

Deno.test("a schema that goes down without end is refused", () => {
  let schema: unknown = {};
  for (let depth = 0; depth < 10_000; depth++) schema = { not: schema };
  assertThrows(() => payloadSchema(schema), MeshError, "nested too deeply");
});

Deno.test("the sentence names the place, and repeats no more of a peer's names than it must", () => {
  const schema = payloadSchema({
    properties: { steps: { items: { required: ["name"] } } },
    additionalProperties: false,
  });
  assertEquals(schema.problemIn({ steps: [{ name: 1 }, {}] }), '"steps/1/name" is missing');
  const name = `a\u202e\n${"x".repeat(5000)}`;
  const problem = schema.problemIn({ [name]: 1 }) ?? "";
  assert(problem.length < 200, problem);
  assert(!/\p{C}/u.test(problem), problem);
});

Deno.test("a large payload of a peer's is judged in no time", () => {
  const { problemIn } = payloadSchema({
    type: "object",
    properties: {
      list: { type: "array", uniqueItems: true, items: { anyOf: [{ type: "number" }, true] } },
      text: { type: "string", maxLength: 10 },
    },
  });
  const list = Array.from({ length: 130_000 }, (_, i) => i);
  const started = performance.now();
  assertEquals(problemIn({ list }), undefined);
  assertEquals(problemIn({ text: "x".repeat(260_000) }), '"text" has not 10 characters at most');
  let deep = "1";
  for (let i = 0; i < 60; i++) deep = `[${deep}]`;
  assertEquals(problemIn({ list: toPlain(parseJson(deep)) }), undefined);
  const took = performance.now() - started;
  assert(took < 1500, `It took ${took} ms`);
});

Deno.test("no payload makes a schema throw", () => {
  const checks = CASES.map(([schema]) => payloadSchema(schema));
  fc.assert(fc.property(fc.json(), (text) => {
    const value = parseJson(text);
    const plain = toPlain(value instanceof JsonObject ? value : value);
    for (const { problemIn } of checks) problemIn(plain);
  }));
});
