import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { DirectorySync } from "../../../lib/store/directory_sync.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { denoFileSystem } from "../../../lib/store/file_system.ts";
import { Gate } from "../../../lib/store/gate.ts";
import { KeyedQueue } from "../../../lib/store/keyed_queue.ts";
import { LockFile, removeIfFree } from "../../../lib/store/lock_file.ts";
import { hookedFileSystem, systemError } from "./hooked_file_system.ts";
import { filesBelow, pause, temporaryRoot } from "./temporary_root.ts";

Deno.test("writers who wait for one directory share an fsync that starts after they came", async () => {
  await using root = await temporaryRoot();
  let count = 0;
  const syncs = new DirectorySync(hookedFileSystem((operation) => {
    if (operation === "sync") count++;
  }));
  const first = syncs.sync(root.path);
  const second = syncs.sync(root.path);
  const third = syncs.sync(root.path);
  assertStrictEquals(second, third);
  await first;
  const fourth = syncs.sync(root.path);
  await Promise.all([second, third, fourth]);
  assertEquals(count, 3);
  await syncs.sync(root.path);
  assertEquals(count, 4);
});

Deno.test("a failing fsync fails all who waited for it, and none of those who come later", async () => {
  await using root = await temporaryRoot();
  let count = 0;
  const syncs = new DirectorySync(hookedFileSystem((operation) => {
    if (operation === "sync" && ++count === 2) throw systemError("EIO");
  }));
  const all = await Promise.allSettled([1, 2, 3].map(() => syncs.sync(root.path)));
  assertEquals(all.map(({ status }) => status), ["fulfilled", "rejected", "rejected"]);
  await syncs.sync(root.path);
});

Deno.test("no more than so many are at work at once, and all get their turn", async () => {
  const gate = new Gate(3);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.allSettled(Array.from({ length: 10 }, (_, n) =>
    gate.run(async () => {
      most = Math.max(most, ++inside);
      order.push(n);
      await pause(1);
      inside--;
      if (n % 2) throw new Error("Work failed");
    })));
  assertEquals([inside, most, order], [0, 3, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
});

Deno.test("a queue lets in one after the other and forgets who has left", async () => {
  const queue = new KeyedQueue(1_000);
  assertEquals(await queue.enter("a"), true);
  assertEquals(await queue.enter("b"), true);
  const order: number[] = [];
  const waiting = [1, 2].map((n) => queue.enter("a").then((passed) => passed && order.push(n)));
  await pause(5);
  assertEquals(order, []);
  queue.leave("a");
  await waiting[0];
  assertEquals(order, [1]);
  queue.leave("a");
  await waiting[1];
  queue.leave("a");
  queue.leave("b");
  assertEquals(await queue.enter("a"), true);
  queue.leave("a");
});

Deno.test("whoever is held up for too long is told, and the queue goes on", async () => {
  const queue = new KeyedQueue(20);
  await queue.enter("a");
  assertEquals(await Promise.all([queue.enter("a"), queue.enter("a")]), [false, false]);
  const patient = queue.enter("a");
  queue.leave("a");
  assertEquals(await patient, true);
  queue.leave("a");
});

Deno.test("a lock that stays held is an error, whoever holds it, and free afterwards", async () => {
  await using root = await temporaryRoot();
  const holder = openFileStore(root.path);
  const hasty = openFileStore(root.path, { lockTimeout: 30 });
  const busy = () => Promise.resolve("free");
  await holder.withLock("a", async () => {
    const error = await assertRejects(() => hasty.withLock("a", busy), MeshError);
    assertEquals([error.code, error.retryAfter], ["locked", 1]);
    await assertRejects(() => hasty.withLock("a", () => hasty.withLock("a", busy)), MeshError);
  });
  await hasty.withLock("b", async () => {
    assertEquals((await assertRejects(() => hasty.withLock("b", busy), MeshError)).code, "locked");
  });
  // The waits that were given up are served first, and pass the lock on.
  assertEquals(await holder.withLock("a", busy), "free");
  assertEquals(await hasty.withLock("b", busy), "free");
  await holder.sweep();
  assertEquals(await filesBelow(root.path), []);
  // What was given up last may be granted and given back only now.
  await pause(300);
});

Deno.test("a lock file lives as long as somebody holds it or waits for it", async () => {
  await using root = await temporaryRoot();
  const path = `${root.path}/locks/a.lock`;
  const first = await LockFile.take(denoFileSystem, path, 0);
  assertEquals(removeIfFree(denoFileSystem, path), false);
  const order: number[] = [];
  const waiting = [1, 2, 3].map(async (n) => {
    const lock = await LockFile.take(denoFileSystem, path, 5_000);
    order.push(n);
    await pause(2);
    lock?.release();
  });
  await pause(20);
  assertEquals(await filesBelow(root.path), ["locks/a.lock"]);
  first?.release();
  await Promise.all(waiting);
  assertEquals(order.toSorted(), [1, 2, 3]);
  assertEquals(await filesBelow(root.path), []);
  assertEquals(removeIfFree(denoFileSystem, path), false);
});

Deno.test("a lock of a file that was removed meanwhile is not taken for the lock", async () => {
  await using root = await temporaryRoot();
  const path = `${root.path}/a.lock`;
  let replaced = false;
  const fs = hookedFileSystem((operation) => {
    if (operation !== "lock" || replaced) return;
    replaced = true;
    Deno.removeSync(path);
    Deno.writeTextFileSync(path, "");
  });
  const lock = await LockFile.take(fs, path, 0);
  assertEquals(await LockFile.take(denoFileSystem, path, 0), undefined);
  lock?.release();
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("a file system without locks is an error that says where to go", async () => {
  await using root = await temporaryRoot();
  const fs = hookedFileSystem((operation) => {
    if (operation === "lock") throw systemError("ENOLCK");
  });
  const store = openFileStore(root.path, { fs });
  const error = await assertRejects(() => store.tryClaim("serve"), MeshError);
  assertEquals([error.code, error.hint], ["io", "put the state directory on a local disk"]);
});
