import { assert, assertEquals, assertThrows } from "@std/assert";
import { JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { documentCodec } from "../../../lib/store/document_codec.ts";

/** A record that holds a document as deep as one that comes in can be, with so many items in its depth. */
function recordOf(depth: number, items = 1): JsonObject {
  const inner = `[${Array(items).fill("1.50").join()}]`;
  const text = "[".repeat(depth - 1) + inner + "]".repeat(depth - 1);
  return new JsonObject([["a", new JsonObject([["b", parseJson(text)]])]]);
}

Deno.test("a document that nests as deep as anything that comes in can be is read back", () => {
  const record = recordOf(64);
  const text = documentCodec.print(record);
  assertEquals(documentCodec.print(documentCodec.parse(text)), text);
});

Deno.test("a document is indented for people, unless that would be many times what it says", () => {
  assertEquals(
    documentCodec.print(recordOf(1)),
    '{\n  "a": {\n    "b": [\n      1.50\n    ]\n  }\n}\n',
  );
  const large = recordOf(60, 50_000);
  const text = documentCodec.print(large);
  assert(text.length < 300_000, `${text.length}`);
  assertEquals(documentCodec.print(documentCodec.parse(text)), text);
});

Deno.test("text that is no JSON is a syntax error", () => {
  for (const text of ["", "{", "{}{}", '{"a":1,"a":2}']) {
    assertThrows(() => documentCodec.parse(text), SyntaxError);
  }
});
