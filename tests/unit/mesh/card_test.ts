import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { parseCard } from "../../../lib/mesh/card.ts";

const card = {
  agent_id: "stan",
  display_name: "Stan's laptop",
  endpoint: "http://192.168.1.7:8787",
  public_key: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
  fingerprint: `sha256:${"0".repeat(64)}`,
};

Deno.test("a card comes out as it went in, without what does not belong to it", () => {
  assertEquals(parseCard(card), card);
  assertEquals(parseCard({ ...card, protocol: "x", __proto__: null }), card);
});

Deno.test("a card without a name for people gets its id for one", () => {
  const { display_name: _, ...nameless } = card;
  for (const value of [nameless, { ...card, display_name: null }, { ...card, display_name: "" }]) {
    assertEquals(parseCard(value).display_name, "stan");
  }
});

Deno.test("a card may have no endpoint", () => {
  for (const endpoint of ["", null, undefined]) {
    assertEquals(parseCard({ ...card, endpoint }).endpoint, "");
  }
});

Deno.test("names of all scripts are names", () => {
  const agent_id = "станция-7 é中😀";
  assertEquals(parseCard({ ...card, agent_id, display_name: agent_id }).agent_id, agent_id);
  assertEquals(parseCard({ ...card, agent_id: "x".repeat(128) }).agent_id.length, 128);
});

Deno.test("what is not as it must be is refused with the field's name", () => {
  const wrong: [field: keyof typeof card, values: unknown[]][] = [
    ["agent_id", [
      undefined,
      null,
      7,
      "",
      ".",
      "..",
      "../stan",
      "a/b",
      "a\\b",
      "a\0b",
      "a\nb",
      "a\x1b[2Jb",
      "a\x7f",
      "a\x9bb",
      "a\ud800",
      "x".repeat(129),
      ["stan"],
    ]],
    ["display_name", [7, {}, "a\nb", "\x1b[31m", "x".repeat(201), "\udc00"]],
    ["endpoint", [
      7,
      "192.168.1.7:8787",
      "ftp://192.168.1.7",
      "javascript:alert(1)",
      "http://",
      "http://user:secret@host",
      "http://ho\nst",
      `http://host/${"x".repeat(2048)}`,
    ]],
    ["public_key", [undefined, null, "", 7, "x".repeat(1025)]],
    ["fingerprint", [
      undefined,
      null,
      "",
      "0".repeat(64),
      `sha256:${"0".repeat(63)}`,
      `sha256:${"A".repeat(64)}`,
      `sha256:${"0".repeat(64)}\n`,
      `SHA256:${"0".repeat(64)}`,
    ]],
  ];
  for (const [field, values] of wrong) {
    for (const value of values) {
      const error = assertThrows(() => parseCard({ ...card, [field]: value }), MeshError);
      assertEquals(error.code, "malformed");
      assertStringIncludes(error.message, `"${field}"`);
      assert(!error.message.includes("secret") && !/\p{Cc}/u.test(error.message));
    }
  }
});

Deno.test("what is no object is no card", () => {
  for (const value of [undefined, null, 1, "card", [], [card]]) {
    assertEquals(assertThrows(() => parseCard(value), MeshError).code, "malformed");
  }
});
