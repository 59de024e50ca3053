import { assert, assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { announce } from "../../../lib/run/run_file.ts";
import { migrateState } from "../../../lib/state_version/migrate.ts";
import type { Migration } from "../../../lib/state_version/migrations.ts";
import { readStateVersion } from "../../../lib/state_version/state_version.ts";
import { temporaryRoot } from "../store/temporary_root.ts";

const now = new Date("2026-01-02T03:04:05.678Z");
const BACKUP = "state-1-2026-01-02T03-04-05.678Z";

/** A layout of tomorrow: notes are in a folder, and each says who wrote it. */
const TO_FOLDER: Migration = {
  to: 2,
  what: "Notes are in a folder",
  touches: ["note.txt", "old"],
  async apply(store) {
    const text = await Deno.readTextFile(`${store.root}/note.txt`).catch(() => undefined);
    // Done already, before a crash.
    if (text === undefined) return;
    await store.writeFile("notes/1.txt", text);
    await Deno.remove(`${store.root}/note.txt`);
  },
};

const TO_NAMES: Migration = {
  to: 3,
  what: "Notes have names",
  touches: ["notes"],
  async apply(store) {
    const text = await Deno.readTextFile(`${store.root}/notes/1.txt`);
    await store.writeFile("notes/1.txt", text.replace(/^(?!Anna)/, "Anna: "));
  },
};

const migrations = [TO_FOLDER, TO_NAMES];

async function older() {
  const root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/note.txt`, "hello");
  await Deno.mkdir(`${root.path}/old/deep`, { recursive: true });
  await Deno.writeTextFile(`${root.path}/old/deep/file`, "kept");
  return root;
}

Deno.test("an older state is brought up to date step by step, and kept as it was", async () => {
  await using root = await older();
  const steps = await migrateState(root.path, { migrations, now });
  assertEquals(steps.map(({ to }) => to), [2, 3]);
  assertEquals(steps[0]?.backup, `${root.path}/backups/${BACKUP}`);
  assertEquals(readStateVersion(root.path), 3);
  assertEquals(await Deno.readTextFile(`${root.path}/notes/1.txt`), "Anna: hello");
  const backup = `${root.path}/backups/${BACKUP}`;
  assertEquals(await Deno.readTextFile(`${backup}/note.txt`), "hello");
  assertEquals(await Deno.readTextFile(`${backup}/old/deep/file`), "kept");
  const second = `${root.path}/backups/${BACKUP.replace("-1-", "-2-")}`;
  assertEquals(await Deno.readTextFile(`${second}/notes/1.txt`), "hello");
  assertEquals(await Deno.readTextFile(`${second}/version.json`), '{\n  "state": 2\n}\n');
  assertEquals(await migrateState(root.path, { migrations }), []);
});

Deno.test("of several at once, one does it", async () => {
  await using root = await older();
  const all = await Promise.all(
    Array.from({ length: 5 }, () => migrateState(root.path, { migrations })),
  );
  assertEquals(all.flat().length, 2);
  assertEquals(await Deno.readTextFile(`${root.path}/notes/1.txt`), "Anna: hello");
});

Deno.test("a step that fails leaves the version as it was, and is done again", async () => {
  await using root = await older();
  let failures = 1;
  const failing: Migration = {
    ...TO_NAMES,
    async apply(store) {
      await TO_NAMES.apply(store);
      if (failures-- > 0) throw new MeshError("disk_full", "The disk is full");
    },
  };
  const steps = [TO_FOLDER, failing];
  await assertRejects(() => migrateState(root.path, { migrations: steps, now }), MeshError);
  assertEquals(readStateVersion(root.path), 2);
  const later = new Date(now.getTime() + 1000);
  assertEquals((await migrateState(root.path, { migrations: steps, now: later })).length, 1);
  assertEquals(await Deno.readTextFile(`${root.path}/notes/1.txt`), "Anna: hello");
});

Deno.test("no step is taken without a copy", async () => {
  await using root = await older();
  await Deno.writeTextFile(`${root.path}/backups`, "in the way");
  const error = await assertRejects(() => migrateState(root.path, { migrations }), MeshError);
  assertEquals(error.code, "io");
  assertEquals(await Deno.readTextFile(`${root.path}/note.txt`), "hello");
  assertEquals(readStateVersion(root.path), 1);
});

Deno.test("no step is taken while a daemon of the older version runs", async () => {
  await using root = await older();
  const withdraw = await announce(root.path, {
    pid: Deno.pid,
    name: "serve",
    host: "127.0.0.1",
    port: 1,
    started_at: now.toISOString(),
  });
  const error = await assertRejects(() => migrateState(root.path, { migrations }), MeshError);
  assertEquals(error.code, "locked");
  assertEquals(readStateVersion(root.path), 1);
  await withdraw();
  assertEquals((await migrateState(root.path, { migrations })).length, 2);
});

Deno.test("a newer state is not migrated", async () => {
  await using root = await older();
  await Deno.writeTextFile(`${root.path}/version.json`, '{"state": 9}');
  await assertRejects(() => migrateState(root.path, { migrations }), MeshError, "newer version");
  assert((await Deno.stat(`${root.path}/note.txt`)).isFile);
});
