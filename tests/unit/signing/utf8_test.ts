import { assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { decodeUtf8 } from "../../../lib/signing/utf8.ts";

Deno.test("UTF-8 of one to four bytes is read", () => {
  const text = "a\0é中🦝\u{10ffff}\uffff";
  assertEquals(decodeUtf8(new TextEncoder().encode(text)), text);
});

Deno.test("bytes that are not UTF-8 are refused, never replaced", () => {
  const cases = [
    "ff",
    "c3",
    "c328",
    "80",
    "c080",
    "e08080",
    "eda080",
    "edb080",
    "f4908080",
    "f09f",
  ];
  for (const hex of cases) {
    const bytes = Uint8Array.fromHex("22" + hex + "22");
    const error = assertThrows(() => decodeUtf8(bytes), MeshError, "The text is not valid UTF-8");
    assertEquals(error.code, "invalid_json", hex);
  }
});

Deno.test("a failure leaves nothing behind for the next text", () => {
  assertThrows(() => decodeUtf8(new Uint8Array([0xf0, 0x9f])), MeshError);
  assertEquals(decodeUtf8(new Uint8Array([0x61])), "a");
});

Deno.test("a byte order mark is kept, so that the parser refuses it", () => {
  const text = decodeUtf8(Uint8Array.fromHex("efbbbf7b7d"));
  assertEquals(text, "\ufeff{}");
  assertThrows(() => parseJson(text), MeshError, 'found "\\ufeff"');
});
