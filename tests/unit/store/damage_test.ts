import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { type DamageReport, DamageReporter } from "../../../lib/store/damage.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { hookedFileSystem, systemError } from "./hooked_file_system.ts";
import { note, noteCodec } from "./notes.ts";
import { filesBelow, temporaryRoot } from "./temporary_root.ts";

const WHOLE = '{"text":"a","n":1}\n';

const BROKEN: Record<string, string | Uint8Array<ArrayBuffer>> = {
  "empty": "",
  "truncated": '{"text":"a","n"',
  "two-objects": WHOLE + WHOLE,
  "not-utf8": Uint8Array.of(0x22, 0xff, 0x22),
  "zeros": new Uint8Array(100),
};

async function write(path: string, content: string | Uint8Array<ArrayBuffer>, old = true) {
  await Deno.writeFile(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  if (old) await Deno.utime(path, 1_000_000_000, 1_000_000_000);
}

async function damagedStore(root: string) {
  const reports: DamageReport[] = [];
  const store = openFileStore(root, { onDamage: (report) => reports.push(report) });
  const notes = store.collection("notes", noteCodec);
  await notes.create("good", note(1));
  return { store, notes, reports, folder: `${root}/notes` };
}

for (const [name, content] of Object.entries(BROKEN)) {
  Deno.test(`a file that is ${name} is set aside once, and its id is free`, async () => {
    await using root = await temporaryRoot();
    const { notes, reports, folder } = await damagedStore(root.path);
    await write(`${folder}/bad.json`, content);
    assertEquals(await notes.has("bad"), true);
    assertEquals(await notes.get("bad"), undefined);
    assertEquals(await notes.get("bad"), undefined);
    assertEquals(reports.length, 1);
    const { path, movedTo } = reports[0]!;
    assertEquals(path, `${folder}/bad.json`);
    assertMatch(movedTo!, /\/bad\.json\.corrupt-\d{8}T\d{6}Z$/);
    const kept = await Deno.readFile(movedTo!);
    assertEquals(kept, typeof content === "string" ? new TextEncoder().encode(content) : content);
    assertEquals(await notes.create("bad", note(2)), true);
    assertEquals(await notes.ids(), ["bad", "good"]);
  });
}

Deno.test("a listing sets damaged files aside and fills the page with the next records", async () => {
  await using root = await temporaryRoot();
  const { notes, reports, folder } = await damagedStore(root.path);
  for (let n = 0; n < 30; n++) await notes.create(`note-${n}`, note(n));
  for (let n = 0; n < 100; n++) await write(`${folder}/bad-${n}.json`, "{");
  for (let n = 0; n < 5; n++) await write(`${folder}/a-foreign-${n}.json`, "{}");
  const page = await notes.list({ limit: 10 });
  assertEquals(page.entries.length, 10);
  assertEquals(page.entries[0]!.id, "good");
  assertEquals(reports.length, 105);
  assertEquals(reports.filter((report) => report.movedTo === undefined).length, 5);
  const rest = await notes.list({ limit: 100, cursor: page.cursor! });
  assertEquals([rest.entries.length, rest.cursor], [21, undefined]);
  assertEquals(reports.length, 105);
});

Deno.test("a damaged file never takes the place of one set aside before", async () => {
  await using root = await temporaryRoot();
  const { notes, reports, folder } = await damagedStore(root.path);
  for (let n = 0; n < 4; n++) {
    await write(`${folder}/bad.json`, `{${n}`);
    assertEquals(await notes.get("bad"), undefined);
  }
  const texts = await Promise.all(reports.map(({ movedTo }) => Deno.readTextFile(movedTo!)));
  assertEquals(texts, ["{0", "{1", "{2", "{3"]);
});

Deno.test("many readers of one damaged file report it once", async () => {
  await using root = await temporaryRoot();
  const { notes, reports, folder } = await damagedStore(root.path);
  await write(`${folder}/bad.json`, "{", false);
  const readings = await Promise.all(Array.from({ length: 10 }, () => notes.get("bad")));
  assertEquals(readings, Array(10).fill(undefined));
  assertEquals(reports.length, 1);
});

Deno.test("a young file gets time to be finished by a writer who is not atomic", async () => {
  await using root = await temporaryRoot();
  const path = `${root.path}/notes/slow.json`;
  let looks = 0;
  const fs = hookedFileSystem((operation, at) => {
    if (operation !== "open" || at !== path) return;
    looks++;
    if (looks === 2) Deno.writeTextFileSync(path, WHOLE.slice(0, 12));
    if (looks === 3) Deno.writeTextFileSync(path, WHOLE);
  });
  const reports: DamageReport[] = [];
  const store = openFileStore(root.path, { fs, onDamage: (report) => reports.push(report) });
  await Deno.mkdir(`${root.path}/notes`);
  await write(path, WHOLE.slice(0, 5), false);
  assertEquals(await store.collection("notes", noteCodec).get("slow"), note(1, "a"));
  assertEquals([looks, reports], [3, []]);
});

Deno.test("a young file that nobody finishes is judged", async () => {
  await using root = await temporaryRoot();
  const { notes, reports, folder } = await damagedStore(root.path);
  await write(`${folder}/bad.json`, WHOLE.slice(0, 5), false);
  assertEquals(await notes.get("bad"), undefined);
  assertEquals(reports.length, 1);
});

Deno.test("an update takes a damaged record for an absent one, set aside", async () => {
  await using root = await temporaryRoot();
  const { notes, reports, folder } = await damagedStore(root.path);
  await write(`${folder}/bad.json`, "{");
  assertEquals(
    await notes.update("bad", (current) => note(current === undefined ? 1 : 2)),
    note(1),
  );
  assertEquals(reports.length, 1);
  assertEquals(await notes.get("bad"), note(1));
});

Deno.test("a record of another shape is reported once per version and left alone", async () => {
  await using root = await temporaryRoot();
  const { notes, reports, folder } = await damagedStore(root.path);
  await write(`${folder}/new.json`, '{"text":"a"}');
  assertEquals(await notes.get("new"), undefined);
  assertEquals((await notes.list()).entries.length, 1);
  assertEquals(reports.length, 1);
  assertEquals(reports[0]!.movedTo, undefined);
  assertStringIncludes(reports[0]!.reason, "n is not a number");
  const error = await assertRejects(() => notes.update("new", () => note(1)), MeshError);
  assertEquals(error.code, "damaged");
  assertEquals(await Deno.readTextFile(`${folder}/new.json`), '{"text":"a"}');
  await write(`${folder}/new.json`, '{"text":"ab"}');
  assertEquals(await notes.get("new"), undefined);
  assertEquals(reports.length, 2);
  assertEquals(await notes.create("new", note(1)), false);
  await notes.put("new", note(1));
  assertEquals(await notes.get("new"), note(1));
});

Deno.test("a file of many megabytes is reported and not read", async () => {
  await using root = await temporaryRoot();
  const read = new Set<string>();
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "read") read.add(path);
  });
  const reports: DamageReport[] = [];
  const store = openFileStore(root.path, { fs, onDamage: (report) => reports.push(report) });
  const notes = store.collection("notes", noteCodec);
  await notes.create("good", note(1));
  const huge = await Deno.create(`${root.path}/notes/huge.json`);
  await huge.truncate(2 ** 40);
  huge.close();
  assertEquals(await notes.get("huge"), undefined);
  assertEquals((await notes.list()).entries.length, 1);
  assertEquals(reports.map(({ movedTo }) => movedTo), [undefined]);
  assertEquals([...read], [`${root.path}/notes/good.json`]);
  assertEquals(await notes.delete("huge"), true);
});

Deno.test("a file that cannot be read is an error to ask for, and a gap in a listing", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "read" && path.endsWith("bad.json")) throw systemError("EIO");
  });
  const reports: DamageReport[] = [];
  const store = openFileStore(root.path, { fs, onDamage: (report) => reports.push(report) });
  const notes = store.collection("notes", noteCodec);
  await notes.create("bad", note(1));
  await notes.create("good", note(2));
  assertEquals((await assertRejects(() => notes.get("bad"), MeshError)).code, "io");
  assertEquals(
    (await assertRejects(() => notes.update("bad", () => note(3)), MeshError)).code,
    "io",
  );
  assertEquals((await notes.list()).entries.map(({ id }) => id), ["good"]);
  assertEquals((await notes.list()).entries.map(({ id }) => id), ["good"]);
  assertEquals(reports.length, 1);
});

Deno.test("a damaged file that cannot be moved is reported once and stays", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "rename" && path.includes(".corrupt-")) throw systemError("EROFS");
  });
  const reports: DamageReport[] = [];
  const store = openFileStore(root.path, { fs, onDamage: (report) => reports.push(report) });
  const notes = store.collection("notes", noteCodec);
  await notes.create("good", note(1));
  await write(`${root.path}/notes/bad.json`, "{");
  assertEquals([await notes.get("bad"), await notes.get("bad")], [undefined, undefined]);
  const error = await assertRejects(() => notes.update("bad", () => note(2)), MeshError);
  assertEquals(error.code, "damaged");
  assertEquals(reports.map(({ movedTo }) => movedTo), [undefined]);
  assertEquals(await filesBelow(`${root.path}/notes`), ["bad.json", "good.json"]);
});

Deno.test("a damaged record whose lock is held is no reason to wait for ever", async () => {
  await using root = await temporaryRoot();
  const { notes, folder } = await damagedStore(root.path);
  const reports: DamageReport[] = [];
  const onDamage = (report: DamageReport) => reports.push(report);
  const hasty = openFileStore(root.path, { lockTimeout: 30, onDamage }).collection(
    "notes",
    noteCodec,
  );
  await notes.put("bad", note(1));
  await notes.update("bad", async () => {
    await write(`${folder}/bad.json`, "{");
    assertEquals(await hasty.get("bad"), undefined);
    assertEquals(reports.map(({ movedTo }) => movedTo), [undefined]);
    return note(2);
  });
  assertEquals(await hasty.get("bad"), note(2));
  assertEquals(await hasty.update("bad", () => note(3)), note(3));
});

Deno.test("the memory of what was reported is bounded", () => {
  const told: string[] = [];
  const reporter = new DamageReporter(({ path }) => told.push(path));
  for (let n = 0; n < 1_001; n++) reporter.left({ path: `${n}`, reason: "" }, "mark");
  assertEquals(told.length, 1_001);
  reporter.left({ path: "1000", reason: "" }, "mark");
  assertEquals(told.length, 1_001);
  reporter.left({ path: "0", reason: "" }, "mark");
  assertEquals(told.length, 1_002);
});
