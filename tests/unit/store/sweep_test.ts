import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { hookedFileSystem } from "./hooked_file_system.ts";
import { note, noteCodec } from "./notes.ts";
import { filesBelow, temporaryRoot } from "./temporary_root.ts";

const DEAD = ".a.json.0123456789abcdef.tmp";

Deno.test("a sweep takes what the dead left behind, and nothing else", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  await store.collection("a/b", noteCodec).create("a", note(1));
  const claim = await store.tryClaim("serve");
  const dead = [`a/b/${DEAD}`, `a/${DEAD}`, DEAD];
  const others = [
    "a/b/.a.json.tmp",
    "a/b/a.json.corrupt-20260101T000000Z",
    "a/b/x.0123456789abcdef.tmp",
    "a/run.lock",
    `plugins/node_modules/${DEAD}`,
    `.git/${DEAD}`,
  ];
  await Deno.mkdir(`${root.path}/plugins/node_modules`, { recursive: true });
  await Deno.mkdir(`${root.path}/.git`);
  for (const path of [...dead, ...others, "locks/record-a.lock"]) {
    await Deno.writeTextFile(`${root.path}/${path}`, "{");
  }
  const live = ".b.json.0123456789abcdef.tmp";
  using writing = await Deno.create(`${root.path}/a/${live}`);
  await writing.lock(true);

  assertEquals(await store.sweep(), 3);
  const left = ["a/b/a.json", `a/${live}`, "locks/claim-serve.lock", ...others];
  assertEquals(await filesBelow(root.path), left.sort());
  assertEquals(await openFileStore(root.path).tryClaim("serve"), undefined);
  await claim!.release();
});

Deno.test("a sweep beside writers takes nothing from them", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  const notes = store.collection("notes", noteCodec);
  let writing = true;
  const sweeping = (async () => {
    while (writing) await store.sweep();
  })();
  for (let n = 0; n < 40; n++) {
    await Promise.all([notes.create(`a${n}`, note(n)), notes.put("b", note(n))]);
    await notes.update("c", ({ n } = note(0)) => note(n + 1));
  }
  writing = false;
  await sweeping;
  assertEquals((await notes.ids()).length, 42);
  assertEquals(await notes.get("c"), note(40));
});

for (const moment of ["before it is locked", "while a sweep holds its lock"]) {
  Deno.test(`a writer whose temporary file is swept ${moment} writes another one`, async () => {
    await using root = await temporaryRoot();
    let sweeps = 0;
    let sweeper: Deno.FsFile | undefined;
    const fs = hookedFileSystem((operation, path) => {
      if (operation !== "lock" || !path.endsWith(".tmp") || ++sweeps > 1) return;
      sweeper = Deno.openSync(path);
      sweeper.tryLockSync(true);
      Deno.removeSync(path);
      if (moment === "before it is locked") sweeper.close();
    });
    const notes = openFileStore(root.path, { fs }).collection("notes", noteCodec);
    assertEquals(await notes.create("a", note(1)), true);
    if (moment !== "before it is locked") sweeper?.close();
    assertEquals(sweeps, 2);
    assertEquals(await notes.get("a"), note(1));
    assertEquals(await filesBelow(root.path), ["notes/a.json"]);
  });
}

Deno.test("a writer whose temporary files vanish every time gives up with an error", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "lock" && path.endsWith(".tmp")) Deno.removeSync(path);
  });
  const notes = openFileStore(root.path, { fs }).collection("notes", noteCodec);
  assertEquals((await assertRejects(() => notes.put("a", note(1)), MeshError)).code, "io");
  assertEquals(await filesBelow(root.path), []);
});
