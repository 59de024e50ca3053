import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { z } from "zod";
import { MeshError } from "../../../lib/error.ts";
import { jsonCodec } from "../../../lib/store/json_codec.ts";

const codec = jsonCodec<{ from: { agent_id: string }; n?: number | undefined }>(
  z.object({ from: z.object({ agent_id: z.string() }), n: z.number().optional() }),
);

Deno.test("a record is printed for people and read back", () => {
  const text = codec.print({ from: { agent_id: "ä/\u2028\u{1f600}" } });
  assertEquals(text, '{\n  "from": {\n    "agent_id": "ä/\u2028\u{1f600}"\n  }\n}\n');
  assertEquals(codec.parse(text), { from: { agent_id: "ä/\u2028\u{1f600}" } });
});

Deno.test("text that is not one JSON value is a syntax error", () => {
  for (const text of ["", "{", "{}{}", "{} {}", "nul", "{'a':1}", "\ufeff{}"]) {
    assertThrows(() => codec.parse(text), SyntaxError);
  }
});

Deno.test("a value of another shape is told by its first issue and where that is", () => {
  const error = assertThrows(() => codec.parse('{"from":{"agent_id":7}}'), MeshError);
  assertEquals(error.code, "damaged");
  assertStringIncludes(
    error.message,
    'Record is not as expected: at "from.agent_id", Invalid input',
  );
  assertStringIncludes(assertThrows(() => codec.parse("[]"), MeshError).message, "expected object");
});

Deno.test("a shape that throws something else, or nothing sensible, is told as it is", () => {
  const failing = (thrown: unknown) =>
    jsonCodec({
      parse: () => {
        throw thrown;
      },
    });
  const message = (thrown: unknown) =>
    assertThrows(() => failing(thrown).parse("{}"), MeshError).message;
  assertEquals(message(new Error("too old")), "Record is not as expected: too old");
  assertEquals(message(null), "Record is not as expected: null");
  assertEquals(message({ issues: [] }), "Record is not as expected: [object Object]");
  assertEquals(message({ issues: [{}] }), "Record is not as expected: wrong shape");
});

Deno.test("a value that JSON cannot say is refused", () => {
  const any = jsonCodec<unknown>({ parse: (value) => value });
  assertEquals(assertThrows(() => any.print(undefined), MeshError).code, "malformed");
});

Deno.test("nesting of any depth is an error or a record, and no crash", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const list: z.ZodType<unknown> = z.lazy(() => z.array(list));
  assertEquals(assertThrows(() => jsonCodec(list).parse(deep), MeshError).code, "damaged");
});
