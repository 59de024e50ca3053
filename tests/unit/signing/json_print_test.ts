import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import { anyText } from "./json_model.ts";

Deno.test("numbers and the order of keys are printed as they came", () => {
  const text = '{"2":1.50,"1":-0,"__proto__":[1E5,123456789012345678901234567890],"b":{"a":null}}';
  assertEquals(printJson(parseJson(text)), text);
});

Deno.test("an indented print looks as CPython's", () => {
  const json = parseJson(
    '{"b":[1,[],{},[{}]],"a":{"x":"é🦝\\u2028\\u007f\\"\\\\/\\n\\u0000","y":true},"c":""}',
  );
  assertEquals(
    printJson(json, 2),
    `{
  "b": [
    1,
    [],
    {},
    [
      {}
    ]
  ],
  "a": {
    "x": "é🦝\u2028\x7f\\"\\\\/\\n\\u0000",
    "y": true
  },
  "c": ""
}`,
  );
});

Deno.test("empty containers and bare values are printed on one line", () => {
  for (const text of ["{}", "[]", "null", "true", '"a"', "-1.0"]) {
    assertEquals(printJson(parseJson(text), 2), text);
  }
});

Deno.test("every text can be printed and encoded as UTF-8 without loss", () => {
  fc.assert(fc.property(anyText, (text) => {
    const bytes = new TextEncoder().encode(printJson([text]));
    assertEquals(parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), [text]);
  }));
});

Deno.test("lone surrogates are escaped, pairs are not", () => {
  assertEquals(printJson("\ud83e\udd9d \ud83e \udd9d"), '"🦝 \\ud83e \\udd9d"');
});
