/**
 * Cases about listings.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import type { Collection, ListOptions, Store } from "../../../lib/store/store.ts";
import type { MakeStore } from "./cases.ts";
import { type Note, note, noteCodec } from "./notes.ts";
import { pause } from "./temporary_root.ts";

async function notesIn(store: Store, ids: string[]): Promise<Collection<Note>> {
  const notes = store.collection("notes", noteCodec);
  for (const [n, id] of ids.entries()) await notes.create(id, note(n));
  return notes;
}

/** The ids of all pages, a list per page. */
async function pages(notes: Collection<Note>, options: ListOptions): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await notes.list({ ...options, ...(cursor === undefined ? {} : { cursor }) });
    found.push(page.entries.map((entry) => entry.id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/**
 * Registers the cases.
 *
 * @param name What the implementation is called.
 * @param makeStore Makes an empty store.
 */
export function listCases(name: string, makeStore: MakeStore): void {
  const test = (sentence: string, run: () => Promise<void>) =>
    Deno.test(`${name}: ${sentence}`, run);

  test("a collection without records lists none", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    assertEquals(await notes.list(), { entries: [] });
    assertEquals(await notes.list({ order: "newest", limit: 3 }), { entries: [] });
  });

  test("a listing carries records, ids and times", async () => {
    await using made = await makeStore();
    const before = Date.now() - 2_000;
    const notes = await notesIn(made.store, ["b", "a"]);
    const { entries, cursor } = await notes.list();
    assertEquals(cursor, undefined);
    assertEquals(entries.map(({ id, value }) => [id, value]), [["a", note(1)], ["b", note(0)]]);
    for (const { modifiedAt } of entries) {
      assert(modifiedAt.getTime() > before && modifiedAt.getTime() < Date.now() + 2_000);
    }
  });

  test("pages by name follow each other without gap or repetition", async () => {
    await using made = await makeStore();
    const notes = await notesIn(made.store, ["c", "a", "e", "B", "d/1", "d.1"]);
    const sorted = ["B", "a", "c", "d.1", "d/1", "e"];
    assertEquals(await notes.ids(), sorted);
    assertEquals(await pages(notes, {}), [sorted]);
    assertEquals(await pages(notes, { limit: 6 }), [sorted]);
    assertEquals(await pages(notes, { limit: 4 }), [sorted.slice(0, 4), sorted.slice(4)]);
    assertEquals(await pages(notes, { limit: 1 }), sorted.map((id) => [id]));
  });

  test("pages of the newest begin with what was written last", async () => {
    await using made = await makeStore();
    const notes = made.store.collection("notes", noteCodec);
    for (const id of ["one", "two", "three", "four", "one"]) {
      await notes.put(id, note(1));
      await pause(5);
    }
    const newest = ["one", "four", "three", "two"];
    assertEquals(await pages(notes, { order: "newest" }), [newest]);
    assertEquals(await pages(notes, { order: "newest", limit: 3 }), [newest.slice(0, 3), ["two"]]);
    assertEquals(await pages(notes, { order: "newest", limit: 2 }), [
      newest.slice(0, 2),
      newest.slice(2),
    ]);
  });

  test("a page goes on behind a record that was deleted meanwhile", async () => {
    await using made = await makeStore();
    const notes = await notesIn(made.store, ["a", "b", "c"]);
    const { cursor } = await notes.list({ limit: 2 });
    await notes.delete("b");
    const { entries } = await notes.list({ limit: 2, cursor: cursor! });
    assertEquals(entries.map((entry) => entry.id), ["c"]);
  });

  test("a limit or a cursor that makes no sense is refused", async () => {
    await using made = await makeStore();
    const notes = await notesIn(made.store, ["a", "b"]);
    const { cursor } = await notes.list({ limit: 1 });
    const wrong: ListOptions[] = [
      { limit: 0 },
      { limit: -1 },
      { limit: 1.5 },
      { limit: NaN },
      { cursor: "" },
      { cursor: "a" },
      { cursor: cursor!, order: "newest" },
    ];
    for (const options of wrong) {
      const error = await assertRejects(() => notes.list(options), MeshError);
      assertEquals(error.code, "usage", JSON.stringify(options));
    }
  });
}
