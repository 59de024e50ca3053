import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { compositeId, splitCompositeId } from "../../../lib/store/composite_id.ts";
import { lockName } from "../../../lib/store/lock_name.ts";
import { decodeName, encodeName, NAME_LIMIT } from "../../../lib/store/names.ts";

const anyId = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const nastyId = fc.string({
  unit: fc.constantFrom(".", "/", "\\", "@", "%", "4", "0", "~", "C", "con", "nul", " ", "\0", "é"),
  minLength: 1,
  maxLength: 12,
});

Deno.test("ordinary ids are their own names", () => {
  const ids = [
    "agent-0123456789ab",
    "msg_0a.1B",
    "a",
    "a.b.c",
    "req_1@5ae1",
    "-",
    "_",
    "confer",
    "nulls",
  ];
  for (const id of ids) assertEquals(encodeName(id), id);
});

Deno.test("names of other ids are safe on every system", () => {
  const names: [string, string][] = [
    [".", "%2E"],
    ["..", "%2E%2E"],
    ["...", "%2E.%2E"],
    [".hidden", "%2Ehidden"],
    ["a/b", "a%2Fb"],
    ["a\\b", "a%5Cb"],
    ["a\0", "a%00"],
    ["50%", "50%25"],
    ["~", "%7E"],
    ["con", "%63on"],
    ["COM1.txt", "%43OM1.txt"],
    ["LPT0", "%4CPT0"],
    ["conin$", "conin%24"],
    ["é", "%C3%A9"],
    ["a b", "a%20b"],
    ["a. ", "a.%20"],
  ];
  for (const [id, name] of names) {
    assertEquals(encodeName(id), name);
    assertEquals(decodeName(name), id);
  }
});

Deno.test("a name leads back to its id, and stays within what all systems allow", () => {
  fc.assert(fc.property(fc.oneof(anyId, nastyId), (id) => {
    fc.pre(id.isWellFormed() && new TextEncoder().encode(id).length * 3 <= NAME_LIMIT);
    const name = encodeName(id);
    assertEquals(decodeName(name), id);
    assertMatch(name, /^[A-Za-z0-9_@%-]([A-Za-z0-9_@%.-]*[A-Za-z0-9_@%-])?$/);
    assert(!/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name));
  }));
});

Deno.test("of all names only those that an id has are decoded", () => {
  const foreign = ["", ".", "a.", ".a", "a b", "é", "%2f", "%61", "%", "%E9", "con", "a/b", "a~"];
  for (const name of [...foreign, "x".repeat(NAME_LIMIT + 1)]) {
    assertEquals(decodeName(name), undefined, name);
  }
  fc.assert(fc.property(nastyId, (name) => {
    const id = decodeName(name);
    if (id !== undefined) assertEquals(encodeName(id), name);
  }));
});

Deno.test("an id without a name is refused with a sentence that does not repeat all of it", () => {
  for (const id of ["", "\ud800", "x".repeat(201), "/".repeat(67), "y".repeat(1e6)]) {
    const error = assertThrows(() => encodeName(id), MeshError);
    assertEquals(error.code, "malformed");
    assert(error.message.length < 100);
  }
  assertEquals(encodeName("x".repeat(200)).length, 200);
  assertEquals(encodeName("/".repeat(66)).length, 198);
});

Deno.test("no part of a composite id can pose as another composite", () => {
  const parts = fc.array(fc.oneof(anyId, nastyId), { minLength: 1, maxLength: 3 });
  fc.assert(fc.property(parts, (list) => {
    assertEquals(splitCompositeId(compositeId(...list as [string])), list);
  }));
  assert(compositeId("a@b", "c") !== compositeId("a", "b@c"));
  assert(compositeId("a@b") !== compositeId("a", "b"));
  assert(compositeId("a%40b") !== compositeId("a@b"));
  assertEquals(encodeName(compositeId("msg_1", "5ae1")), "msg_1@5ae1");
  assertEquals(splitCompositeId("msg_1"), ["msg_1"]);
});

Deno.test("every text has a lock of its own", async () => {
  const texts = [
    "",
    "a",
    "a/b",
    "a%2Fb",
    "~",
    "x".repeat(201),
    "x".repeat(202),
    "\ud800",
    "\ud801",
    "\ufffd",
  ];
  const names = await Promise.all(texts.map(lockName));
  assertEquals(new Set(names).size, texts.length);
  for (const name of names) assertMatch(name, /^[A-Za-z0-9_@%.~-]{1,200}$/);
});
