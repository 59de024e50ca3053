import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { compositeId } from "../../../lib/store/composite_id.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { note, noteCodec } from "./notes.ts";
import { filesBelow, temporaryRoot } from "./temporary_root.ts";

const UNIX = Deno.build.os !== "windows";

Deno.test("a record is a JSON file with two spaces of indent, named by its id", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(`${root.path}/state`);
  const peers = store.collection("peers", noteCodec);
  await peers.create("agent-0123.x_Y", note(1, "é\u{1f600}"));
  const text = await Deno.readTextFile(`${root.path}/state/peers/agent-0123.x_Y.json`);
  assertEquals(text, '{\n  "text": "é\u{1f600}",\n  "n": 1\n}\n');
  await store.collection("", noteCodec).put("identity", note(2));
  await store.collection("messages/incoming", noteCodec).put(compositeId("msg_1", "5ae1"), note(3));
  await store.withLock("anything", () => Promise.resolve());
  assertEquals(await filesBelow(`${root.path}/state`), [
    "identity.json",
    "messages/incoming/msg_1@5ae1.json",
    "peers/agent-0123.x_Y.json",
  ]);
});

Deno.test({
  name: "folders are 0700 and files 0600, whatever the umask allows",
  ignore: !UNIX,
  async fn() {
    await using root = await temporaryRoot();
    await Deno.mkdir(`${root.path}/state`, { mode: 0o755 });
    const store = openFileStore(`${root.path}/state`);
    const notes = store.collection("a/b", noteCodec);
    await notes.create("created", note(1));
    await notes.put("put", note(1));
    const claim = await store.tryClaim("serve");
    const mode = async (path: string) =>
      (await Deno.stat(`${root.path}/state${path}`)).mode! & 0o777;
    assertEquals(await mode(""), 0o755);
    for (const path of ["/a", "/a/b", "/locks"]) assertEquals(await mode(path), 0o700, path);
    for (const path of ["/a/b/created.json", "/a/b/put.json", "/locks/claim-serve.lock"]) {
      assertEquals(await mode(path), 0o600, path);
    }
    await claim!.release();
  },
});

Deno.test({
  name: "links, directories and pipes are no records, and are not touched",
  ignore: !UNIX,
  async fn() {
    await using root = await temporaryRoot();
    const notes = openFileStore(root.path).collection("notes", noteCodec);
    await notes.create("real", note(1));
    await Deno.symlink(`${root.path}/notes/real.json`, `${root.path}/notes/link.json`);
    await Deno.symlink("/nowhere", `${root.path}/notes/dangling.json`);
    await Deno.mkdir(`${root.path}/notes/directory.json`);
    await new Deno.Command("mkfifo", { args: [`${root.path}/notes/pipe.json`] }).output();
    for (const id of ["link", "dangling", "directory", "pipe"]) {
      assertEquals(await notes.get(id), undefined, id);
      assertEquals(await notes.has(id), false, id);
      assertEquals(await notes.create(id, note(2)), false, id);
      assertEquals(await notes.delete(id), false, id);
    }
    assertEquals(await notes.ids(), ["real"]);
    assertEquals((await notes.list({ order: "newest" })).entries.length, 1);
    for (const id of ["link", "directory"]) {
      await assertRejects(() => notes.put(id, note(2)), MeshError, "not a file");
      await assertRejects(() => notes.update(id, () => note(2)), MeshError, "not a file");
    }
    assertEquals(await notes.get("real"), note(1));
  },
});

Deno.test("files that are no records are not listed", async () => {
  await using root = await temporaryRoot();
  const notes = openFileStore(root.path).collection("notes", noteCodec);
  await notes.create("a", note(1));
  const foreign = [
    ".a.json.0123456789abcdef.tmp",
    "a.json.corrupt-20260101T000000Z",
    "README.md",
    ".hidden.json",
    "with space.json",
    "%61.json",
    "%zz.json",
    ".json",
    `${"x".repeat(201)}.json`,
  ];
  for (const name of foreign) await Deno.writeTextFile(`${root.path}/notes/${name}`, "{}");
  assertEquals(await notes.ids(), ["a"]);
  assertEquals((await notes.list()).entries.map(({ id }) => id), ["a"]);
  assertEquals((await notes.list({ order: "newest" })).entries.map(({ id }) => id), ["a"]);
});

Deno.test("a store that is open for reading changes nothing", async () => {
  await using root = await temporaryRoot();
  await openFileStore(root.path).collection("notes", noteCodec).create("a", note(1));
  await Deno.writeTextFile(`${root.path}/notes/broken.json`, "{");
  await Deno.utime(`${root.path}/notes/broken.json`, 1, 1);
  const before = await filesBelow(root.path);
  const reports: string[] = [];
  const onDamage = (report: { path: string }) => reports.push(report.path);
  const store = openFileStore(root.path, { readonly: true, onDamage });
  const notes = store.collection("notes", noteCodec);
  assertEquals(await notes.get("a"), note(1));
  assertEquals(await notes.get("broken"), undefined);
  assertEquals((await notes.list()).entries.length, 1);
  for (
    const call of [
      () => notes.create("b", note(1)),
      () => notes.put("a", note(2)),
      () => notes.update("a", () => note(2)),
      () => notes.delete("a"),
      () => store.withLock("a", () => Promise.resolve()),
      () => store.tryClaim("a"),
      () => store.sweep(),
    ]
  ) assertEquals((await assertRejects(call, MeshError)).code, "refused");
  assertEquals(await filesBelow(root.path), before);
  assertEquals(reports, [`${root.path}/notes/broken.json`]);
});

Deno.test("a root that does not exist is an empty store", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(`${root.path}/no/such`);
  const notes = store.collection("notes", noteCodec);
  assertEquals(await notes.get("a"), undefined);
  assertEquals(await notes.ids(), []);
  assertEquals(await store.sweep(), 0);
  assertEquals(await filesBelow(root.path), []);
  assert(await notes.create("a", note(1)));
});

Deno.test("a file in the way of a folder is an error that says so", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/notes`, "");
  const notes = openFileStore(root.path).collection("notes", noteCodec);
  const error = await assertRejects(() => notes.create("a", note(1)), MeshError);
  assertEquals(error.code, "io");
  assertStringIncludes(error.message, 'Cannot store record "a" in "notes"');
  assertStringIncludes(error.hint ?? "", "out of the way");
});
