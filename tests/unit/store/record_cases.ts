/**
 * Cases about single records.
 *
 * @module
 */

import { assert, assertEquals, assertFalse, assertRejects, assertThrows } from "@std/assert";
import { codeOf, MeshError } from "../../../lib/error.ts";
import type { MakeStore } from "./cases.ts";
import { type Note, note, noteCodec } from "./notes.ts";
import { pause } from "./temporary_root.ts";

/** Ids that mean something else to one operating system or another, or look like our own names. */
const NASTY = [
  ".",
  "..",
  "../../private_key",
  "/etc/passwd",
  "a/b",
  "a\\b",
  "a\0b",
  "a\nb",
  " a",
  "a ",
  "a.",
  ".a",
  "a.json",
  ".a.json.0123456789abcdef.tmp",
  "a.json.corrupt-20260101T000000Z",
  "con",
  "CON.txt",
  "nul.",
  "com1",
  "lpt9.x",
  "C:",
  "a:b",
  "*?<>|\"'",
  "%",
  "%41",
  "A",
  "%2541",
  "~",
  "-rf",
  "a@b",
  "@",
  "é",
  "e\u0301",
  "日本語",
  "👩‍🚀",
  "x".repeat(200),
  "\u202e",
  "__proto__",
  "constructor",
];

/**
 * Registers the cases.
 *
 * @param name What the implementation is called.
 * @param makeStore Makes an empty store.
 */
export function recordCases(name: string, makeStore: MakeStore): void {
  const test = (sentence: string, run: () => Promise<void>) =>
    Deno.test(`${name}: ${sentence}`, run);

  test("a record that was never stored is absent", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    assertEquals(await notes.get("a"), undefined);
    assertEquals(await notes.has("a"), false);
    assertEquals(await notes.delete("a"), false);
    assertEquals(await notes.ids(), []);
  });

  test("a created record is read back by everybody", async () => {
    await using made = await makeStore();
    const value = note(1, 'ünïcödé "\n\u2028 👩‍🚀');
    assert(await made.store.collection("notes", noteCodec).create("a", value));
    const other = made.again().collection("notes", noteCodec);
    assertEquals(await other.get("a"), value);
    assert(await other.has("a"));
  });

  test("an id is created once", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    assert(await notes.create("a", note(1)));
    assertFalse(await notes.create("a", note(2)));
    assertFalse(await made.again().collection("notes", noteCodec).create("a", note(3)));
    assertEquals(await notes.get("a"), note(1));
  });

  test("of many who create one id at the same time one succeeds", async () => {
    await using made = await makeStore();
    const all = [made.store, made.again()].map((store) => store.collection("notes", noteCodec));
    const attempts = Array.from({ length: 40 }, (_, n) => all[n % 2]!.create("a", note(n)));
    const created = (await Promise.all(attempts)).flatMap((done, n) => done ? [n] : []);
    assertEquals(created.length, 1);
    assertEquals(await all[0]!.get("a"), note(created[0]!));
  });

  test("put stores a record, there or not", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    await notes.put("a", note(1));
    assertEquals(await notes.get("a"), note(1));
    await notes.put("a", note(2));
    assertEquals(await notes.get("a"), note(2));
  });

  test("update sees what is there and returns what is there afterwards", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    const seen: (Note | undefined)[] = [];
    const add = (current: Note | undefined) => {
      seen.push(current);
      return note((current?.n ?? 0) + 1);
    };
    assertEquals(await notes.update("a", add), note(1));
    assertEquals(await notes.update("a", (current) => Promise.resolve(add(current))), note(2));
    assertEquals(await notes.update("a", () => undefined), note(2));
    assertEquals(await notes.update("b", () => undefined), undefined);
    assertEquals(seen, [undefined, note(1)]);
    assertEquals(await notes.ids(), ["a"]);
  });

  test("an update that fails changes nothing and blocks nobody", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    await notes.put("a", note(1));
    const fail = () => {
      throw new RangeError("no");
    };
    await assertRejects(() => notes.update("a", fail), RangeError, "no");
    assertEquals(await notes.update("a", ({ n } = note(0)) => note(n + 1)), note(2));
  });

  test("no update of one record is lost", async () => {
    await using made = await makeStore();
    const all = [made.store, made.again()].map((store) => store.collection("notes", noteCodec));
    const add = (current: Note | undefined) => note((current?.n ?? 0) + 1, "count");
    await Promise.all(Array.from({ length: 100 }, (_, n) => all[n % 2]!.update("a", add)));
    assertEquals(await all[0]!.get("a"), note(100, "count"));
  });

  test("an update that began without a record starts over when somebody creates it", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    const other = made.again().collection("notes", noteCodec);
    const seen: (Note | undefined)[] = [];
    const stored = await notes.update("a", async (current) => {
      seen.push(current);
      if (current === undefined) assert(await other.create("a", note(1)));
      return note((current?.n ?? 0) + 10);
    });
    assertEquals(seen, [undefined, note(1)]);
    assertEquals(stored, note(11));
    assertEquals(await other.get("a"), note(11));
  });

  test("neither an update nor a put at the same time is lost", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    const other = made.again().collection("notes", noteCodec);
    for (const before of [undefined, note(1)]) {
      if (before) await notes.put("a", before);
      let put = Promise.resolve();
      await notes.update("a", async ({ n } = note(0)) => {
        if (n < 10) put = other.put("a", note(10));
        await pause(20);
        return note(n + 1);
      });
      await put;
      const { n } = await notes.get("a") ?? note(0);
      assert(n === 10 || n === 11, `${n}`);
      await notes.delete("a");
    }
  });

  test("a record that is deleted during an update stays deleted", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    await notes.put("a", note(1));
    let deleted = Promise.resolve(false);
    await notes.update("a", async () => {
      deleted = made.again().collection("notes", noteCodec).delete("a");
      await pause(20);
      return note(2);
    });
    assert(await deleted);
    assertEquals(await notes.get("a"), undefined);
  });

  test("a deleted record is gone and its id free", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    await notes.create("a", note(1));
    assert(await notes.delete("a"));
    assertFalse(await notes.delete("a"));
    assertEquals(await notes.get("a"), undefined);
    assert(await notes.create("a", note(2)));
  });

  test("of many who delete one record at the same time one succeeds", async () => {
    await using made = await makeStore();
    const all = [made.store, made.again()].map((store) => store.collection("notes", noteCodec));
    await all[0]!.create("a", note(1));
    const deleted = await Promise.all(Array.from({ length: 8 }, (_, n) => all[n % 2]!.delete("a")));
    assertEquals(deleted.filter(Boolean).length, 1);
  });

  test("no id meets another one's record, or leaves its collection", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("deep/notes", noteCodec);
    for (const [n, id] of NASTY.entries()) assert(await notes.create(id, note(n)), `"${id}"`);
    for (const [n, id] of NASTY.entries()) assertEquals(await notes.get(id), note(n), `"${id}"`);
    assertEquals(await notes.ids(), NASTY.toSorted());
    assertEquals(await made.store.collection("deep", noteCodec).ids(), []);
    assertEquals(await made.store.collection("", noteCodec).ids(), []);
    for (const id of NASTY) assert(await notes.delete(id), `"${id}"`);
    assertEquals(await notes.ids(), []);
  });

  test("ids that are empty, endless or half a character are refused everywhere", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    for (const id of ["", "x".repeat(10_000), "/".repeat(100), "\ud800", "a\udc00"]) {
      const calls = [
        () => notes.get(id),
        () => notes.has(id),
        () => notes.create(id, note(1)),
        () => notes.put(id, note(1)),
        () => notes.update(id, () => note(1)),
        () => notes.delete(id),
      ];
      for (const call of calls) {
        assertEquals((await assertRejects(call, MeshError)).code, "malformed");
      }
    }
    assertEquals(await notes.ids(), []);
  });

  test("collections keep their records apart", async () => {
    await using made = await makeStore();
    const names = ["", "a", "a/b", "b"];
    for (const [n, of] of names.entries()) {
      const collection = made.store.collection(of, noteCodec);
      assertEquals(collection.name, of);
      assert(await collection.create("same", note(n)));
    }
    for (const [n, of] of names.entries()) {
      assertEquals(await made.store.collection(of, noteCodec).get("same"), note(n));
    }
  });

  test("a collection cannot lie outside the root, or where the locks are", async () => {
    await using made = await makeStore();
    for (const  of of["..", "a/../b", "/a", "a/", "a//b", ".", ".a", "a b", "locks", "locks/a"]) {
      const error = assertThrows(() => made.store.collection(of, noteCodec), MeshError);
      assertEquals(error.code, "usage", of);
    }
  });

  test("a record that is too large is refused, and nothing is stored", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    const large = note(1, "x".repeat(4 * 1024 * 1024));
    await notes.put("b", note(2));
    for (
      const call of [
        () => notes.create("a", large),
        () => notes.put("b", large),
        () => notes.update("b", () => large),
      ]
    ) assertEquals(codeOf(await assertRejects(call)), "too_large");
    assertEquals(await notes.ids(), ["b"]);
    assertEquals(await notes.get("b"), note(2));
  });

  test("a hint comes for each record that changed, until the watcher has enough", async () => {
    await using made = await makeStore();
    const stop = new AbortController();
    const changes = made.store.collection("notes", noteCodec).watch(stop.signal);
    const other = made.again().collection("notes", noteCodec);
    await other.create("a", note(1));
    await other.put("b/c", note(2));
    const missing = new Set(["a", "b/c"]);
    for await (const { id } of changes) {
      missing.delete(id);
      if (missing.size === 0) stop.abort();
    }
    assertEquals(missing.size, 0);
  });

  test("watching ends at once when its signal aborts, before and after the first hint", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    for await (const _ of notes.watch(AbortSignal.abort())) throw new Error("Nothing changed");
    const stop = new AbortController();
    const changes = notes.watch(stop.signal);
    setTimeout(() => stop.abort(), 5);
    for await (const _ of changes) throw new Error("Nothing changed");
    const left = notes.watch(new AbortController().signal);
    await notes.put("a", note(1));
    for await (const { id } of left) {
      assertEquals(id, "a");
      break;
    }
  });
}
