import { assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { formatSums, parseSums } from "../../../lib/release/sums.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

function parse(text: string): [string, string][] {
  return [...parseSums(new TextEncoder().encode(text))];
}

Deno.test("sums are read as sha256sum writes them, of text or binary files", () => {
  assertEquals(parse(`# mesh\n${A}  mesh-x\n\n${B.toUpperCase()} *a b.txt\r\n`), [
    ["mesh-x", A],
    ["a b.txt", B],
  ]);
});

Deno.test("what is written is read again, in the order of the names", () => {
  const text = formatSums(new Map([["b", B], ["a", A]]));
  assertEquals(text, `${A}  a\n${B}  b\n`);
  assertEquals(parse(text), [["a", A], ["b", B]]);
});

Deno.test("any other list of sums is refused", () => {
  const wrong = [
    "",
    "# nothing\n",
    "<!doctype html>",
    `${A} mesh`,
    `${A}   `,
    `${A}  ../mesh`,
    `${A}  bin/mesh`,
    `\\${A}  a\\nb`,
    `${A.slice(1)}  mesh`,
    `${A}  mesh\n${B}  mesh`,
  ];
  for (const text of wrong) {
    assertEquals(assertThrows(() => parse(text), MeshError).code, "malformed", text);
  }
  const error = assertThrows(() => parseSums(new Uint8Array([0xff])), MeshError);
  assertEquals(error.message, "The list of sums is not text in UTF-8");
});
