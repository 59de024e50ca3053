/**
 * Folders with an arrivals journal, small enough for tests.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type FileStoreOptions, openFileStore } from "../../../lib/store/file_store.ts";
import type { Collection, ListOptions } from "../../../lib/store/store.ts";
import { type Note, noteCodec } from "./notes.ts";

/** From so many records on the folders of these tests have a journal. */
export const FROM = 12;

/** The folder of the notes below a root. */
export const FOLDER = "notes";

/**
 * The notes of a root, as a process that keeps a journal sees them.
 *
 * @param root The root.
 * @param options Further options of the store.
 * @returns The collection.
 */
export function journaled(root: string, options: FileStoreOptions = {}): Collection<Note> {
  const store = openFileStore(root, { journalFrom: FROM, ...options });
  return store.collection(FOLDER, noteCodec, { ordered: true });
}

/**
 * The notes of a root, as a program that knows nothing of journals sees them.
 *
 * @param root The root.
 * @returns The collection.
 */
export function unjournaled(root: string): Collection<Note> {
  return openFileStore(root).collection(FOLDER, noteCodec);
}

/**
 * The ids of a page of the newest.
 *
 * @param notes The collection.
 * @param options Limit and cursor.
 * @returns The ids in order.
 */
export async function newest(
  notes: Collection<Note>,
  options: ListOptions = {},
): Promise<string[]> {
  const { entries } = await notes.list({ limit: 5, ...options, order: "newest" });
  return entries.map(({ id }) => id);
}

/**
 * Asserts that a journal changes nothing about what is listed, page after page.
 *
 * @param root The root.
 * @param notes The collection with a journal. Default: one of its own.
 * @param limit The length of the pages.
 */
export async function assertSamePages(root: string, notes = journaled(root), limit = 5) {
  let cursor: string | undefined;
  do {
    const options = { order: "newest", limit, ...(cursor ? { cursor } : {}) } as const;
    const expected = await unjournaled(root).list(options);
    assertEquals(await notes.list(options), expected);
    cursor = expected.cursor;
  } while (cursor !== undefined);
}

/**
 * Fills a folder as another program would: `note-0` is the oldest, each one a second older than the next.
 *
 * @param root The root.
 * @param count How many notes.
 */
export function fillNotes(root: string, count: number): void {
  Deno.mkdirSync(`${root}/${FOLDER}`, { recursive: true });
  for (let n = 0; n < count; n++) {
    const path = noteFile(root, `note-${n}`);
    Deno.writeTextFileSync(path, `{"text":"a","n":${n}}\n`);
    Deno.utimeSync(path, 1_700_000_000 + n, 1_700_000_000 + n);
  }
}

/**
 * Where a note is.
 *
 * @param root The root.
 * @param id Its id.
 * @returns Its file.
 */
export function noteFile(root: string, id: string): string {
  return `${root}/${FOLDER}/${id}.json`;
}

/**
 * Where the journal is.
 *
 * @param root The root.
 * @returns Its file.
 */
export function journalFile(root: string): string {
  return `${root}/${FOLDER}/.arrivals`;
}

/**
 * The journal's text.
 *
 * @param root The root.
 * @returns What is in it; `undefined` if there is none.
 */
export function journalText(root: string): string | undefined {
  try {
    return Deno.readTextFileSync(journalFile(root));
  } catch {
    return undefined;
  }
}
