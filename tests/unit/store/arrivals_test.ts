import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { JOURNAL_LIMIT } from "../../../lib/store/arrivals_text.ts";
import { denoFileSystem, type FileSystem } from "../../../lib/store/file_system.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { hookedFileSystem, type Operation } from "./hooked_file_system.ts";
import {
  assertSamePages,
  fillNotes,
  FOLDER,
  FROM,
  journaled,
  journalFile,
  journalText,
  newest,
  noteFile,
  unjournaled,
} from "./journaled.ts";
import { note, noteCodec } from "./notes.ts";
import { filesBelow, temporaryRoot } from "./temporary_root.ts";

/** The folders of these tests need journals, which Windows has not. */
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os === "windows", fn });

/** A folder of 30 notes that has a journal. */
async function withJournal(root: string) {
  fillNotes(root, 30);
  const notes = journaled(root);
  await newest(notes);
  assertEquals(journalText(root)?.split("\n").length, 1 + FROM + 1);
  return notes;
}

/** Whether a listing looks at the files of the old notes, or knows better. */
async function looksAtAll(root: string): Promise<boolean> {
  let looks = 0;
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "lstat" && path.endsWith("note-0.json")) looks++;
  });
  await newest(journaled(root, { fs, readonly: true }));
  return looks > 0;
}

/** As if nothing had been written to the journal for a while. */
function letJournalAge(root: string): void {
  const then = Date.now() / 1000 - 60;
  Deno.utimeSync(journalFile(root), then, then);
}

test("a folder of few records has no journal, nor has one that is listed by name or in full", async () => {
  await using root = await temporaryRoot();
  fillNotes(root.path, FROM - 1);
  const notes = journaled(root.path);
  await assertSamePages(root.path, notes);
  assertEquals(journalText(root.path), undefined);
  await notes.create("one-more", note(1));
  await notes.list({ limit: 3 });
  await notes.list({ order: "newest" });
  assertEquals(journalText(root.path), undefined);
  await assertSamePages(root.path, notes);
  assertNotEquals(journalText(root.path), undefined);
});

test("the newest of very many records cost a look at those that the journal names", async () => {
  await using root = await temporaryRoot();
  fillNotes(root.path, 5_000);
  const count: Partial<Record<Operation, number>> = {};
  const fs = hookedFileSystem((operation, path) => {
    if (path.endsWith(".json")) count[operation] = (count[operation] ?? 0) + 1;
  });
  const store = openFileStore(root.path, { fs });
  const notes = store.collection(FOLDER, noteCodec, { ordered: true });
  const ids = Array.from({ length: 20 }, (_, n) => `note-${4_999 - n}`);
  assertEquals(await newest(notes, { limit: 20 }), ids);
  assertEquals(count.lstat, 5_000 + 20);
  count.lstat = 0;
  assertEquals(await newest(notes, { limit: 20 }), ids);
  assertEquals(count.lstat, 2_000 + 20);
});

test("what is created, replaced and deleted after a journal was begun is found by it", async () => {
  await using root = await temporaryRoot();
  const notes = await withJournal(root.path);
  await notes.create("new", note(1));
  await notes.put("note-3", note(3));
  await notes.update("note-4", () => note(4));
  await notes.delete("note-29");
  await notes.delete("note-5");
  assertEquals(await notes.create("note-6", note(6)), false);
  assertEquals(await notes.create("new", note(6)), false);
  assertEquals(await looksAtAll(root.path), false);
  assertEquals((await newest(notes)).slice(3), ["note-28", "note-27"]);
  await assertSamePages(root.path, notes);
  const lines = journalText(root.path)!.split("\n").slice(1 + FROM, -1);
  const expected = ["+new", "=note-3", "=note-4", "-note-29", "-note-5"];
  assertEquals(lines, [...expected, "+note-6", "!note-6", "+new", "!new"]);
});

test("pages behind what the journal knows follow without gap or repetition", async () => {
  await using root = await temporaryRoot();
  const notes = await withJournal(root.path);
  for (const limit of [1, 4, 7, FROM, 30]) await assertSamePages(root.path, notes, limit);
  const first = await notes.list({ order: "newest", limit: 5 });
  await notes.create("new", note(1));
  const next = await newest(notes, { cursor: first.cursor! });
  assertEquals(next, ["note-24", "note-23", "note-22", "note-21", "note-20"]);
});

const FOREIGN: Record<string, (root: string) => void> = {
  "a record that another program creates": (root) =>
    Deno.writeTextFileSync(noteFile(root, "theirs"), '{"text":"a","n":1}\n'),
  "an old record that another program deletes": (root) => Deno.removeSync(noteFile(root, "note-2")),
  "a new record that another program deletes": (root) => Deno.removeSync(noteFile(root, "note-28")),
  "a new record that another program changes": (root) =>
    Deno.utimeSync(noteFile(root, "note-28"), 1, 1),
  "many new records that another program changes": (root) => {
    for (const n of [24, 25, 26, 27]) Deno.utimeSync(noteFile(root, `note-${n}`), n, n);
  },
  "an old record that an editor replaces": (root) => {
    letJournalAge(root);
    Deno.writeTextFileSync(`${root}/${FOLDER}/swap`, '{"text":"a","n":1}\n');
    Deno.renameSync(`${root}/${FOLDER}/swap`, noteFile(root, "note-2"));
  },
  "a killed writer's line without a record": (root) =>
    Deno.writeTextFileSync(journalFile(root), "+never\n=note-3\n-note-4\n", { append: true }),
  "a killed writer's line that was to be taken back": (root) =>
    Deno.writeTextFileSync(journalFile(root), "+note-3\n", { append: true }),
  "a line that is cut off": (root) =>
    Deno.writeTextFileSync(journalFile(root), "=no", { append: true }),
  "lines after one that was cut off": (root) =>
    Deno.writeTextFileSync(journalFile(root), "=no\0\0=note-3\n", { append: true }),
  "a name that leads elsewhere": (root) =>
    Deno.writeTextFileSync(journalFile(root), "+../notes/note-3\n", { append: true }),
  "zeros": (root) => Deno.writeFileSync(journalFile(root), new Uint8Array(1_000)),
  "nothing": (root) => Deno.truncateSync(journalFile(root)),
  "an endless line": (root) => Deno.truncateSync(journalFile(root), 2 ** 40),
  "a beginning that was cut off": (root) =>
    Deno.truncateSync(journalFile(root), journalText(root)!.length - 10),
  "a beginning twice": (root) =>
    Deno.writeTextFileSync(journalFile(root), journalText(root)!, { append: true }),
  "a beginning of another version": (root) =>
    Deno.writeTextFileSync(journalFile(root), journalText(root)!.replace("# 1", "# 2")),
  "no file": (root) => {
    Deno.removeSync(journalFile(root));
    Deno.mkdirSync(journalFile(root));
  },
  "a pipe": (root) => {
    Deno.removeSync(journalFile(root));
    new Deno.Command("mkfifo", { args: [journalFile(root)] }).outputSync();
  },
};

for (const [what, happens] of Object.entries(FOREIGN)) {
  test(`${what}: the newest are listed all the same, before and after further changes`, async () => {
    await using root = await temporaryRoot();
    const notes = await withJournal(root.path);
    happens(root.path);
    await assertSamePages(root.path, journaled(root.path, { readonly: true }));
    await assertSamePages(root.path, journaled(root.path, { readonly: true }), FROM - 1);
    // A change of ours would hide what an editor did, until somebody lists.
    if (what.includes("editor")) await newest(notes);
    await notes.put("note-7", note(7));
    await assertSamePages(root.path, notes);
    await notes.create("new", note(7));
    await notes.delete("note-26");
    await assertSamePages(root.path, notes);
    if (what !== "no file") assertEquals(await looksAtAll(root.path), false);
  });
}

for (const when of ["listed", "listed for the first time"]) {
  test(`what is created and replaced while a folder is ${when} does not spoil its journal`, async () => {
    await using root = await temporaryRoot();
    const others = journaled(root.path);
    if (when === "listed") await withJournal(root.path);
    else fillNotes(root.path, 30);
    let passes = 0;
    const fs: FileSystem = {
      ...denoFileSystem,
      async *readDir(path) {
        const names = await Array.fromAsync(Deno.readDir(path));
        // The first pass over a folder without a journal only sees how large it is.
        const isMeant = when === "listed" || ++passes === 2;
        // More than are looked at together, so that the changes come between two looks.
        const files = names.filter(({ name }) => name.endsWith(".json"));
        yield* files;
        yield* Array.from({ length: 40 }, (_, n) => ({ ...files[0]!, name: `filling-${n}` }));
        if (!isMeant) return;
        await others.put("note-3", note(3));
        await others.create("new", note(1));
        yield { ...files[0]!, name: "new.json" };
      },
    };
    await newest(journaled(root.path, { fs }));
    assertEquals(await looksAtAll(root.path), false);
    assertEquals((await newest(others)).slice(0, 2), ["new", "note-3"]);
    await assertSamePages(root.path, others);
  });
}

test("a journal that came with a copy of its folder is not trusted", async () => {
  await using root = await temporaryRoot();
  await using copy = await temporaryRoot();
  await withJournal(root.path);
  await Deno.mkdir(`${copy.path}/${FOLDER}`);
  for (const file of await filesBelow(root.path)) {
    await Deno.copyFile(`${root.path}/${file}`, `${copy.path}/${file}`);
  }
  await Deno.utime(noteFile(copy.path, "note-2"), 1_900_000_000, 1_900_000_000);
  assertEquals(await looksAtAll(copy.path), true);
  await assertSamePages(copy.path);
  assertEquals((await newest(journaled(copy.path)))[0], "note-2");
});

test("a clock that is set back or forth changes nothing about what is found", async () => {
  await using root = await temporaryRoot();
  fillNotes(root.path, 30);
  await Deno.utime(noteFile(root.path, "note-1"), 3_000_000_000, 3_000_000_000);
  const notes = journaled(root.path);
  await assertSamePages(root.path, notes);
  await notes.create("before-all", note(1));
  await Deno.utime(noteFile(root.path, "before-all"), 1_000, 1_000);
  await notes.create("now", note(1));
  await notes.put("note-2", note(2));
  assertEquals(await looksAtAll(root.path), false);
  await assertSamePages(root.path, notes);
  assertEquals((await newest(notes))[0], "note-1");
});

test("a store that is open for reading uses a journal and leaves everything as it is", async () => {
  await using root = await temporaryRoot();
  fillNotes(root.path, 30);
  const reading = journaled(root.path, { readonly: true });
  await assertSamePages(root.path, reading);
  assertEquals(journalText(root.path), undefined);
  await newest(journaled(root.path));
  const before = journalText(root.path);
  await assertSamePages(root.path, reading);
  await Deno.remove(noteFile(root.path, "note-0"));
  await assertSamePages(root.path, reading);
  assertEquals(journalText(root.path), before);
});

test("a journal that has grown long is dropped by its writers and begun anew", async () => {
  await using root = await temporaryRoot();
  const notes = await withJournal(root.path);
  const lines = "+long-ago\n".repeat(JOURNAL_LIMIT / 10);
  await Deno.writeTextFile(journalFile(root.path), lines, { append: true });
  assertEquals(await looksAtAll(root.path), true);
  await notes.put("note-3", note(3));
  assertEquals(journalText(root.path), undefined);
  await assertSamePages(root.path, notes);
  assert(journalText(root.path)!.length < 1_000);
});

test("the journal goes when most of the records have gone", async () => {
  await using root = await temporaryRoot();
  const notes = await withJournal(root.path);
  for (let n = 3; n < 30; n++) await notes.delete(`note-${n}`);
  await assertSamePages(root.path, notes);
  assertEquals(await filesBelow(root.path), [0, 1, 2].map((n) => `${FOLDER}/note-${n}.json`));
});

test("damaged records are set aside and do not hold up the journal", async () => {
  await using root = await temporaryRoot();
  const notes = await withJournal(root.path);
  for (const n of [29, 28, 26]) await Deno.writeTextFile(noteFile(root.path, `note-${n}`), "{");
  for (const n of [29, 28, 26]) await Deno.utime(noteFile(root.path, `note-${n}`), 2e9, 2e9);
  const expected = ["note-27", "note-25", "note-24", "note-23", "note-22"];
  assertEquals(await newest(notes), expected);
  assertEquals(await looksAtAll(root.path), false);
  await assertSamePages(root.path, notes);
});

test("while one process begins a journal, others list without", async () => {
  await using root = await temporaryRoot();
  fillNotes(root.path, 30);
  const lists = Array.from({ length: 6 }, () => newest(journaled(root.path)));
  const expected = await newest(unjournaled(root.path));
  for (const list of await Promise.all(lists)) assertEquals(list, expected);
  assertEquals(await looksAtAll(root.path), false);
  assertEquals((await filesBelow(root.path)).length, 31);
});
