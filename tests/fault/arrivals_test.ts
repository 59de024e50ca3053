import { assert, assertEquals } from "@std/assert";
import { openFileStore } from "../../lib/store/file_store.ts";
import type { Collection } from "../../lib/store/store.ts";
import { hookedFileSystem, type Operation, systemError } from "../unit/store/hooked_file_system.ts";
import {
  assertSamePages,
  fillNotes,
  FROM,
  journaled,
  journalFile,
  newest,
} from "../unit/store/journaled.ts";
import { type Note, note } from "../unit/store/notes.ts";
import { filesBelow, pause, temporaryRoot } from "../unit/store/temporary_root.ts";
import { partCodec, partOf } from "./parts.ts";
import { startWorker, type Worker } from "./worker.ts";

/** The folders of these tests need journals, which Windows has not. */
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });

const CHANGES: Record<string, (notes: Collection<Note>) => Promise<unknown>> = {
  "create": (notes) => notes.create("new", note(1)),
  "create what is there": (notes) => notes.create("note-3", note(1)),
  "put over an old record": (notes) => notes.put("note-3", note(1)),
  "put over a new record": (notes) => notes.put("note-28", note(1)),
  "update": (notes) => notes.update("note-4", () => note(1)),
  "delete": (notes) => notes.delete("note-3"),
  "list": (notes) => newest(notes),
  "list after another program was there": (notes) => newest(notes),
};

async function prepared(root: string, change: string): Promise<void> {
  fillNotes(root, 30);
  await newest(journaled(root));
  if (change.includes("another program")) await Deno.remove(`${root}/notes/note-1.json`);
}

class Death extends Error {}

for (const [name, change] of Object.entries(CHANGES)) {
  test(`${name}: a process that dies between any two steps leaves the order as it is`, async () => {
    for (let at = 1, dead = true; dead; at++) {
      await using root = await temporaryRoot();
      await prepared(root.path, name);
      let count = 0;
      const fs = hookedFileSystem((operation) => {
        count++;
        if (operation === "write" && count === at - 1) return 5;
        if (count >= at) throw new Death();
      });
      await change(journaled(root.path, { fs })).catch(() => {});
      dead = count >= at;
      await assertSamePages(root.path, journaled(root.path, { readonly: true }));
      await assertSamePages(root.path);
      assert(dead || at > 8);
    }
  });

  test(`${name}: whatever of the journal fails, once or for good, nothing else does`, async () => {
    const failed = new Set<Operation>();
    for (const [code, once] of [["EIO", true], ["ENOSPC", false]] as const) {
      for (let at = 1, hit = true; hit; at++) {
        await using root = await temporaryRoot();
        await prepared(root.path, name);
        let count = 0;
        const fs = hookedFileSystem((operation, path) => {
          if (!path.includes(".arrivals") || ++count < at || (once && count > at)) return;
          // A journal that can neither be written nor removed cannot be helped.
          if (!once && operation === "remove") return;
          failed.add(operation);
          throw systemError(code);
        });
        await change(journaled(root.path, { fs }));
        hit = count >= at;
        await assertSamePages(root.path, journaled(root.path, { readonly: true }));
        await assertSamePages(root.path);
      }
    }
    assert(failed.has("lstat") && failed.has("open"));
  });
}

test("a full disk that takes half a line loses the journal, and no change", async () => {
  await using root = await temporaryRoot();
  await prepared(root.path, "");
  const fs = hookedFileSystem((operation, path) =>
    operation === "write" && path.endsWith(".arrivals") ? 4 : undefined
  );
  const notes = journaled(root.path, { fs });
  await notes.put("note-3", note(1));
  assertEquals((await filesBelow(root.path)).includes("notes/.arrivals"), false);
  await assertSamePages(root.path, notes);
  await notes.create("new", note(1));
  await assertSamePages(root.path, notes);
});

test("a journal that others put in place at any moment before a record is replaced has its line", async () => {
  for (let at = 1, hit = true; hit; at++) {
    await using root = await temporaryRoot();
    await prepared(root.path, "");
    const text = await Deno.readTextFile(journalFile(root.path));
    let count = 0;
    let replaced = false;
    hit = false;
    const fs = hookedFileSystem((operation, path) => {
      if (++count !== at || replaced) return;
      replaced = operation === "rename" && path.endsWith("note-3.json");
      hit = true;
      // Another process has begun a new journal, and has seen the record as it was.
      const next = `${root.path}/next`;
      Deno.writeTextFileSync(next, "");
      const { ino } = Deno.statSync(next);
      Deno.writeTextFileSync(next, text.replace(/^# 1 \d+/, `# 1 ${ino}`));
      Deno.renameSync(next, journalFile(root.path));
    });
    // Whatever comes after the record has its place is too late to count.
    const upToRename = {
      ...fs,
      renameSync(from: string, to: string) {
        fs.renameSync(from, to);
        replaced ||= to.endsWith("note-3.json");
      },
    };
    const notes = journaled(root.path, { fs: upToRename });
    await notes.put("note-3", note(1));
    const reading = journaled(root.path, { readonly: true });
    assertEquals((await newest(reading))[0], "note-3", `at ${at}`);
    assert(hit || at > 10);
  }
});

test("three processes that write and list, one killed in each of 15 rounds, leave the order right", async () => {
  await using root = await temporaryRoot();
  await using writers = new AsyncDisposableStack();
  fill(`${root.path}/parts`);
  let started = 0;
  let said = 0;
  const start = (): Worker => {
    const args = [root.path, `w${started++}`, String(FROM)];
    return writers.use(startWorker("write_and_list", args));
  };
  const alive = [start(), start(), start()];
  const order = { order: "newest", limit: 10 } as const;
  const ids = async (ordered: boolean) => {
    const store = openFileStore(root.path, { journalFrom: FROM });
    const { entries } = await store.collection("parts", partCodec, { ordered }).list(order);
    return entries.map(({ id }) => id);
  };
  for (let round = 0; round < 15; round++) {
    const place = round % alive.length;
    await alive[place]!.has(1);
    await pause(Math.random() * 20);
    await alive[place]!.kill();
    said += alive[place]!.lines.length;
    if (round % 5 === 4) {
      for (const writer of alive) await writer.kill();
      assertEquals(await ids(true), await ids(false));
      assertEquals(await ids(true), await ids(false));
      alive.splice(0, alive.length, start(), start(), start());
    } else alive[place] = start();
  }
  for (const writer of alive) {
    await writer.kill();
    assertEquals(writer.lines.filter((line) => line.startsWith("damage")), []);
  }
  assert(said > 15, `They said no more than ${said} lines`);
  await openFileStore(root.path).sweep();
  const others = (await filesBelow(root.path)).filter((path) => !path.endsWith(".json"));
  assertEquals(others.filter((path) => path !== "parts/.arrivals"), []);
});

function fill(folder: string): void {
  Deno.mkdirSync(folder);
  for (let n = 0; n < 300; n++) {
    const path = `${folder}/part-${n}.json`;
    Deno.writeTextFileSync(path, partCodec.print(partOf(`part-${n}`, 0)));
    Deno.utimeSync(path, 1_700_000_000 + n, 1_700_000_000 + n);
  }
}
