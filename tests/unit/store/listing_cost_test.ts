import { assertEquals } from "@std/assert";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { hookedFileSystem, type Operation } from "./hooked_file_system.ts";
import { noteCodec } from "./notes.ts";
import { temporaryRoot } from "./temporary_root.ts";

const MANY = 5_000;

function fill(folder: string, count: number): void {
  const text = new TextEncoder().encode('{"text":"a","n":1}\n');
  for (let n = 0; n < count; n++) Deno.writeFileSync(`${folder}/msg_${n}.json`, text);
  for (let n = 0; n < 30; n++) Deno.utimeSync(`${folder}/msg_${n * 100}.json`, 4e9 - n, 4e9 - n);
}

Deno.test("the newest of many records cost a stat per file and a reading per record of the page", async () => {
  await using root = await temporaryRoot();
  await Deno.mkdir(`${root.path}/notes`);
  fill(`${root.path}/notes`, MANY);
  const count: Partial<Record<Operation, number>> = {};
  const fs = hookedFileSystem((operation) => {
    count[operation] = (count[operation] ?? 0) + 1;
  });
  const notes = openFileStore(root.path, { fs }).collection("notes", noteCodec);

  const page = await notes.list({ order: "newest", limit: 20 });
  const ids = (from: number) => Array.from({ length: 20 }, (_, n) => `msg_${(from + n) * 100}`);
  assertEquals(page.entries.map(({ id }) => id), ids(0));
  assertEquals(count, { readDir: 1, lstat: MANY + 20, open: 20, stat: 20, read: 20 });

  const next = await notes.list({ order: "newest", limit: 10, cursor: page.cursor! });
  assertEquals(next.entries.map(({ id }) => id), ids(20).slice(0, 10));

  const before = { ...count };
  const byName = await notes.list({ limit: 20 });
  assertEquals(byName.entries[2]!.id, "msg_10");
  assertEquals(count.lstat! - before.lstat!, 20);
  assertEquals(count.open! - before.open!, 20);
});
