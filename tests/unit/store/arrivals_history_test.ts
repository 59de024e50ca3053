import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Collection } from "../../../lib/store/store.ts";
import { hookedFileSystem } from "./hooked_file_system.ts";
import {
  assertSamePages,
  fillNotes,
  FROM,
  journaled,
  journalFile,
  noteFile,
  unjournaled,
} from "./journaled.ts";
import { type Note, note } from "./notes.ts";
import { temporaryRoot } from "./temporary_root.ts";

/** Two stores on one root stand for two processes. */
interface Scene {
  readonly root: string;
  readonly stores: readonly [Collection<Note>, Collection<Note>];
}

/** What may happen to the record of an id; `ours` tells by which store. */
type Step = (scene: Scene, id: string, ours: Collection<Note>) => unknown;

class Death extends Error {}

/** Does something in a process that dies right after its line is in the journal. */
async function dying(root: string, work: (notes: Collection<Note>) => Promise<unknown>) {
  let dead = false;
  const fs = hookedFileSystem((operation, path) => {
    if (dead && operation !== "lock") throw new Death();
    dead ||= operation === "write" && path.endsWith(".arrivals");
  });
  await work(journaled(root, { fs })).catch(() => {});
}

const fresh = () => `theirs-${crypto.randomUUID()}`;

const STEPS: Record<string, Step> = {
  create: (_, id, ours) => ours.create(id, note(1)),
  put: (_, id, ours) => ours.put(id, note(2)),
  update: (_, id, ours) => ours.update(id, (current) => current && note(current.n + 1)),
  delete: (_, id, ours) => ours.delete(id),
  list: ({ root }, _, ours) => assertSamePages(root, ours, 3),
  "begin a creation and die": ({ root }, id) => dying(root, (notes) => notes.create(id, note(3))),
  "begin a replacement and die": ({ root }, id) => dying(root, (notes) => notes.put(id, note(3))),
  // Under a name of its own: a name that is gone and comes back between two listings is a replaced record,
  // which may go unnoticed when it was none of ours.
  "create as another program": ({ root }) => unjournaled(root).create(fresh(), note(4)),
  "create long ago": async ({ root }) => {
    const id = fresh();
    await unjournaled(root).create(id, note(5));
    await Deno.utime(noteFile(root, id), 1e9, 1e9);
  },
  "delete as another program": ({ root }, id) => unjournaled(root).delete(id),
  "lose the journal": ({ root }) => Deno.remove(journalFile(root)).catch(() => {}),
  "cut the journal": ({ root }) => Deno.truncate(journalFile(root), 100).catch(() => {}),
  "replace many at once": ({ stores: [one, other] }) =>
    Promise.all(
      Array.from({ length: 6 }, (_, n) => (n % 2 ? one : other).put(`note-${n}`, note(6))),
    ),
  "list while both write": ({ stores: [one, other] }, id) =>
    Promise.all([
      one.list({ order: "newest", limit: 4 }),
      other.put(id, note(7)),
      one.put("note-9", note(7)),
      other.create(`${id}-too`, note(7)),
      other.list({ order: "newest", limit: 4 }),
    ]),
};

const step = fc.record({
  what: fc.constantFrom(...Object.keys(STEPS)),
  n: fc.nat({ max: 2 * FROM }),
  by: fc.constantFrom(0 as const, 1 as const),
});

Deno.test({
  name: "whatever happens to a folder, its journal changes nothing about what is listed",
  ignore: Deno.build.os === "windows",
  async fn() {
    const history = fc.array(step, { minLength: 3, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        await using root = await temporaryRoot();
        fillNotes(root.path, 20);
        const stores = [journaled(root.path), journaled(root.path)] as const;
        const scene = { root: root.path, stores };
        await stores[0].list({ order: "newest", limit: 1 });
        for (const { what, n, by } of steps) {
          await STEPS[what]!(scene, `note-${n}`, stores[by]);
          if (n % 4 === 0) await assertSamePages(root.path, stores[by], 1 + n % 7);
        }
        await assertSamePages(root.path, journaled(root.path, { readonly: true }));
        await assertSamePages(root.path);
      }),
      { numRuns: 40 },
    );
  },
});

Deno.test({
  name: "what was stored before a listing begins is in it, while others write and list",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using root = await temporaryRoot();
    fillNotes(root.path, 300);
    let going = true;
    const others = [0, 1].map(async (by) => {
      const notes = journaled(root.path);
      for (let n = 0; going; n++) {
        await notes.create(`other-${by}-${n}`, note(n));
        await notes.put(`note-${(n * 7) % 50}`, note(n));
        if (n % 5 === 0) await notes.delete(`other-${by}-${n - 3}`);
        await notes.list({ order: "newest", limit: 3 });
      }
    });
    const notes = journaled(root.path);
    try {
      for (let n = 0; n < 40; n++) {
        const id = n % 2 ? `mine-${n}` : `note-${100 + n}`;
        await notes.put(id, note(n));
        // Far in the future, so that it is the newest whatever the others do meanwhile.
        await Deno.utime(noteFile(root.path, id), 2e9 + n, 2e9 + n);
        const { entries } = await notes.list({ order: "newest", limit: 2 });
        const expected = n % 2 ? [`mine-${n}`, `note-${99 + n}`] : [`note-${100 + n}`];
        assertEquals(entries.map((entry) => entry.id).slice(0, expected.length), expected);
      }
    } finally {
      going = false;
      await Promise.all(others);
    }
    await assertSamePages(root.path, notes, 8);
  },
});
