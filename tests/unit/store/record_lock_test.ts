import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { denoFileSystem } from "../../../lib/store/file_system.ts";
import { LockFile } from "../../../lib/store/lock_file.ts";
import { lockRecord } from "../../../lib/store/record_lock.ts";
import { hookedFileSystem, systemError } from "./hooked_file_system.ts";
import { type Note, note, noteCodec } from "./notes.ts";
import { filesBelow, temporaryRoot } from "./temporary_root.ts";

const lock = (root: string, timeout = 0) =>
  lockRecord(denoFileSystem, `${root}/a.json`, `${root}/locks/a.lock`, timeout);

Deno.test("a record that is there is locked without another file", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/a.json`, "{}");
  const held = await lock(root.path);
  assertEquals(held?.present, true);
  assertEquals(await lock(root.path), undefined);
  assertEquals(await filesBelow(root.path), ["a.json"]);
  held?.release();
  const again = await lock(root.path);
  assertEquals(again?.present, true);
  again?.release();
});

Deno.test("a record that is not there is locked by a lock file", async () => {
  await using root = await temporaryRoot();
  const held = await lock(root.path);
  assertEquals(held?.present, false);
  assertEquals(await lock(root.path), undefined);
  assertEquals(await filesBelow(root.path), ["locks/a.lock"]);
  held?.release();
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("whoever waits for a record gets the one that took its place", async () => {
  await using root = await temporaryRoot();
  const path = `${root.path}/a.json`;
  await Deno.writeTextFile(path, "old");
  const held = await lock(root.path);
  const waiting = lock(root.path, 5_000);
  await Deno.writeTextFile(`${path}.new`, "new");
  await Deno.rename(`${path}.new`, path);
  held?.release();
  const got = await waiting;
  using rival = await Deno.open(path);
  assertEquals(await rival.tryLock(true), false);
  got?.release();
  assertEquals(await rival.tryLock(true), true);
});

Deno.test("where somebody queues, a free record is not taken out of turn", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/a.json`, "{}");
  const first = await LockFile.take(denoFileSystem, `${root.path}/locks/a.lock`, 0);
  assertEquals(await lock(root.path), undefined);
  const waiting = lock(root.path, 5_000);
  first?.release();
  const got = await waiting;
  assertEquals(got?.present, true);
  got?.release();
  assertEquals(await filesBelow(root.path), ["a.json"]);
});

Deno.test("a record that appears while an update begins is seen by its first change", async () => {
  await using root = await temporaryRoot();
  const path = `${root.path}/notes/a.json`;
  await Deno.mkdir(`${root.path}/notes`);
  let looks = 0;
  const fs = hookedFileSystem((operation, at) => {
    // The first two looks are the lock's, the third is the reading's.
    if (operation === "lstat" && at === path && ++looks === 3) {
      Deno.writeTextFileSync(path, noteCodec.print(note(1)));
    }
  });
  const seen: (Note | undefined)[] = [];
  const notes = openFileStore(root.path, { fs }).collection("notes", noteCodec);
  await notes.update("a", (current) => {
    seen.push(current);
    return note(2);
  });
  assertEquals(seen, [note(1)]);
  assertEquals(await notes.get("a"), note(2));
});

Deno.test("a lock whose record cannot be looked at is given back", async () => {
  await using root = await temporaryRoot();
  for (const failing of [1, 2]) {
    let looks = 0;
    const fs = hookedFileSystem((operation, path) => {
      if (operation === "lstat" && path.endsWith("a.json") && ++looks === failing) {
        throw systemError("EIO");
      }
    });
    const notes = openFileStore(root.path, { fs }).collection("notes", noteCodec);
    const error = await assertRejects(() => notes.update("a", () => note(1)), MeshError);
    assertEquals(error.code, "io");
    const free = await lock(root.path);
    assertEquals(free?.present, false);
    free?.release();
  }
  assertEquals(await filesBelow(root.path), []);
});
