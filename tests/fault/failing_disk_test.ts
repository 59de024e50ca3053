import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ErrorCode, MeshError } from "../../lib/error.ts";
import { openFileStore } from "../../lib/store/file_store.ts";
import { denoFileSystem, type FileSystem } from "../../lib/store/file_system.ts";
import type { Collection, Store } from "../../lib/store/store.ts";
import {
  hookedFileSystem,
  hookedHandle,
  type Operation,
  systemError,
} from "../unit/store/hooked_file_system.ts";
import { type Note, note, noteCodec } from "../unit/store/notes.ts";
import { filesBelow, temporaryRoot } from "../unit/store/temporary_root.ts";

const OLD = note(1, "old");
const NEW = note(2, "new");

interface Change {
  /** Whether there is a record before. */
  readonly replaces: boolean;
  run(notes: Collection<Note>): Promise<unknown>;
  /** What is there after success. */
  readonly result: Note | undefined;
}

const CHANGES: Record<string, Change> = {
  "create": { replaces: false, run: (notes) => notes.create("a", NEW), result: NEW },
  "first put": { replaces: false, run: (notes) => notes.put("a", NEW), result: NEW },
  "put": { replaces: true, run: (notes) => notes.put("a", NEW), result: NEW },
  "first update": { replaces: false, run: (notes) => notes.update("a", () => NEW), result: NEW },
  "update": { replaces: true, run: (notes) => notes.update("a", () => NEW), result: NEW },
  "delete": { replaces: true, run: (notes) => notes.delete("a"), result: undefined },
};

async function prepared(root: string, change: Change): Promise<Collection<Note>> {
  const notes = openFileStore(root).collection("notes", noteCodec);
  if (change.replaces) await notes.create("a", OLD);
  return notes;
}

const open = (root: string, fs: FileSystem): Collection<Note> =>
  openFileStore(root, { fs }).collection("notes", noteCodec);

/** Runs a change once for each operation that it does, with that operation failing. */
async function failEach(
  change: Change,
  code: string,
  check: (failed: Operation, path: string, error: unknown, root: string) => Promise<void>,
): Promise<Set<string>> {
  const failed = new Set<string>();
  for (let at = 1;; at++) {
    await using root = await temporaryRoot();
    await prepared(root.path, change);
    let count = 0;
    let hit: { operation: Operation; path: string } | undefined;
    const fs = hookedFileSystem((operation, path) => {
      if (++count !== at) return;
      hit = { operation, path };
      throw systemError(code);
    });
    let error: unknown;
    await change.run(open(root.path, fs)).catch((thrown) => error = thrown);
    if (hit === undefined) {
      assertEquals(error, undefined);
      return failed;
    }
    const of = hit.path.endsWith(".tmp") ? "temporary" : hit.path.endsWith(".json") ? "record" : "";
    failed.add(`${hit.operation} ${of || (hit.path.endsWith(".lock") ? "lock" : "directory")}`);
    await check(hit.operation, hit.path, error, root.path);
  }
}

for (const [name, change] of Object.entries(CHANGES)) {
  for (const [system, code] of [["ENOSPC", "disk_full"], ["EIO", "io"]] as [string, ErrorCode][]) {
    Deno.test(`${name}: whichever operation fails with ${system}, nothing is half done or falsely reported`, async () => {
      const failed = await failEach(change, system, async (operation, path, error, root) => {
        const at = `${operation} of ${path}`;
        const there = await openFileStore(root).collection("notes", noteCodec).get("a");
        const before = change.replaces ? OLD : undefined;
        if (error === undefined) {
          // Only what is tidied up afterwards may fail in silence.
          assert(operation !== "sync" && operation !== "write", at);
          assertEquals(there, change.result, at);
        } else {
          assert(error instanceof MeshError, at);
          assertEquals(error.code, code, at);
          assert(error.hint !== undefined);
          const durable = JSON.stringify(there) === JSON.stringify(before);
          const visible = JSON.stringify(there) === JSON.stringify(change.result);
          // A record that was replaced or deleted cannot be brought back when the directory fails.
          const lateFailure = path.endsWith("/notes") && name !== "create";
          assert(durable || (visible && lateFailure), at);
        }
        const temporary = (await filesBelow(root)).filter((file) => file.endsWith(".tmp"));
        assertEquals(temporary.length, operation === "remove" && path.endsWith(".tmp") ? 1 : 0, at);
        const again = openFileStore(root);
        await retry(again, change, error !== undefined);
        await again.sweep();
        assertEquals(await filesBelow(root), change.result ? ["notes/a.json"] : [], at);
      });
      const expected = name === "delete" ? ["remove record", "sync directory"] : [
        "open temporary",
        "lock temporary",
        "write temporary",
        "sync temporary",
        "sync directory",
      ];
      for (const operation of expected) assert(failed.has(operation), operation);
    });
  }
}

/** After an error the same call succeeds, as if the failed one had never been. */
async function retry(store: Store, change: Change, failed: boolean): Promise<void> {
  if (!failed) return;
  const notes = store.collection("notes", noteCodec);
  const answer = await change.run(notes);
  if (!change.replaces && change.result) assert(answer !== false);
  assertEquals(await notes.get("a"), change.result);
}

Deno.test("a create that can neither be made durable nor taken back leaves a whole record", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation, path) => {
    const record = path.endsWith("/notes/a.json");
    if ((operation === "sync" && path.endsWith("/notes")) || (operation === "remove" && record)) {
      throw systemError("EIO");
    }
  });
  const error = await assertRejects(() => open(root.path, fs).create("a", NEW), MeshError);
  assertEquals(error.code, "io");
  const notes = openFileStore(root.path).collection("notes", noteCodec);
  assertEquals(await notes.get("a"), NEW);
  assertEquals(await notes.create("a", OLD), false);
});

Deno.test("an id is reported as taken only when its record is durable", async () => {
  await using root = await temporaryRoot();
  const notes = openFileStore(root.path).collection("notes", noteCodec);
  await notes.create("a", OLD);
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "sync" && path.endsWith("/notes")) throw systemError("EIO");
  });
  assertEquals(
    (await assertRejects(() => open(root.path, fs).create("a", NEW), MeshError)).code,
    "io",
  );
  assertEquals(await notes.get("a"), OLD);
});

Deno.test("whoever finds an id taken waits for a writer who may have to take it back", async () => {
  await using root = await temporaryRoot();
  await Deno.mkdir(`${root.path}/notes`);
  const meets = Promise.withResolvers<void>();
  const watching = hookedFileSystem((operation, path) => {
    if (operation === "lock" && path.endsWith("/notes/a.json")) meets.resolve();
  });
  let second: Promise<boolean> | undefined;
  const failing: FileSystem = {
    ...denoFileSystem,
    openSync(path, options) {
      const handle = denoFileSystem.openSync(path, options);
      if (!path.endsWith("/notes")) return handle;
      // The name is there, and not durable: now somebody else comes and finds it.
      const sync = async () => {
        second = open(root.path, watching).create("a", OLD);
        await meets.promise;
        throw systemError("EIO");
      };
      return { ...hookedHandle(() => {}, path, handle), sync };
    },
  };
  await assertRejects(() => open(root.path, failing).create("a", NEW), MeshError);
  assertEquals(await second, true);
  assertEquals(await open(root.path, denoFileSystem).get("a"), OLD);
});

Deno.test("on a disk that stays full, what is there can be read and deleted", async () => {
  await using root = await temporaryRoot();
  const notes = openFileStore(root.path).collection("notes", noteCodec);
  await notes.create("a", OLD);
  const fs = hookedFileSystem((operation) => {
    if (operation === "write" || operation === "mkdir") throw systemError("ENOSPC");
  });
  await Deno.mkdir(`${root.path}/locks`, { recursive: true });
  const full = open(root.path, fs);
  assertEquals((await assertRejects(() => full.create("b", NEW), MeshError)).code, "disk_full");
  assertEquals((await assertRejects(() => full.put("a", NEW), MeshError)).code, "disk_full");
  assertEquals(await full.get("a"), OLD);
  assertEquals((await full.list()).entries.length, 1);
  assertEquals(await full.delete("a"), true);
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("a write that the system takes in pieces is whole", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation) => operation === "write" ? 3 : undefined);
  await open(root.path, fs).create("a", NEW);
  assertEquals(await openFileStore(root.path).collection("notes", noteCodec).get("a"), NEW);
});

Deno.test("where files cannot have two names, an id is still created once", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation) => {
    if (operation === "link") throw systemError("EPERM");
  });
  const all = [open(root.path, fs), open(root.path, fs)];
  const attempts = Array.from({ length: 20 }, (_, n) => all[n % 2]!.create("a", note(n)));
  const created = (await Promise.all(attempts)).flatMap((done, n) => done ? [n] : []);
  assertEquals(created.length, 1);
  assertEquals(await all[0]!.get("a"), note(created[0]!));
  assertEquals(await filesBelow(root.path), ["notes/a.json"]);
});

Deno.test("a directory that cannot be flushed is as durable as it can be", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation, path) => {
    if (operation === "sync" && !path.endsWith(".tmp")) throw systemError("EINVAL");
  });
  assertEquals(await open(root.path, fs).create("a", NEW), true);
});
