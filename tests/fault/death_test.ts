import { assert, assertEquals } from "@std/assert";
import { openFileStore } from "../../lib/store/file_store.ts";
import type { FileSystem } from "../../lib/store/file_system.ts";
import type { Collection } from "../../lib/store/store.ts";
import { hookedFileSystem } from "../unit/store/hooked_file_system.ts";
import { type Note, note, noteCodec } from "../unit/store/notes.ts";
import { filesBelow, temporaryRoot } from "../unit/store/temporary_root.ts";

class Death extends Error {}

/**
 * A file system of a process that dies before its operation number `at`: from then on nothing that it does
 * has any effect, and the kernel closes its files. A write is cut in half.
 */
function dyingFileSystem(at: number): FileSystem & { readonly dead: boolean } {
  let count = 0;
  const fs = hookedFileSystem((operation) => {
    count++;
    if (operation === "write" && count === at - 1) return 5;
    if (count >= at) throw new Death();
  });
  return {
    ...fs,
    get dead() {
      return count >= at;
    },
  };
}

const OLD = note(1, "old");
const NEW = note(2, "new");

const CHANGES: [
  string,
  Note | undefined,
  (notes: Collection<Note>) => Promise<unknown>,
  unknown,
][] = [
  ["create", undefined, (notes) => notes.create("a", NEW), NEW],
  ["put", undefined, (notes) => notes.put("a", NEW), NEW],
  ["put over an old record", OLD, (notes) => notes.put("a", NEW), NEW],
  ["update", OLD, (notes) => notes.update("a", () => NEW), NEW],
  ["delete", OLD, (notes) => notes.delete("a"), undefined],
];

for (const [name, before, change, after] of CHANGES) {
  Deno.test(`${name}: a process that dies between any two steps leaves a whole record or none`, async () => {
    for (let at = 1;; at++) {
      await using root = await temporaryRoot();
      const store = openFileStore(root.path, {
        lockTimeout: 1_000,
        onDamage: ({ path }) => assert(false, path),
      });
      const notes = store.collection("notes", noteCodec);
      if (before) await notes.create("a", before);

      const fs = dyingFileSystem(at);
      const dying = openFileStore(root.path, { fs }).collection("notes", noteCodec);
      let reported = true;
      await change(dying).catch(() => reported = false);

      const there = await notes.get("a");
      if (reported) assertEquals(there, after);
      else assert([before, after].some((one) => JSON.stringify(one) === JSON.stringify(there)));
      // Others go on at once, with whatever is there, and the sweep leaves nothing of the dead.
      assertEquals(await notes.update("a", (current) => note((current?.n ?? 0) + 10)), {
        ...note((there?.n ?? 0) + 10),
      });
      await store.sweep();
      assertEquals(await filesBelow(root.path), ["notes/a.json"]);
      assertEquals(await notes.delete("a"), true);
      if (!fs.dead) return assert(at > 8);
    }
  });
}
