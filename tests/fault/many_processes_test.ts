import { assert, assertEquals, assertExists, assertLess } from "@std/assert";
import { openFileStore } from "../../lib/store/file_store.ts";
import { jsonCodec } from "../../lib/store/json_codec.ts";
import { filesBelow, temporaryRoot } from "../unit/store/temporary_root.ts";
import { partCodec, partOf } from "./parts.ts";
import { startWorker } from "./worker.ts";

function startAll(count: number, name: string, args: (n: number) => string[]) {
  const stack = new AsyncDisposableStack();
  const workers = Array.from({ length: count }, (_, n) => stack.use(startWorker(name, args(n))));
  return { workers, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

Deno.test("eight processes that add 1 to one record 1,000 times each make 8,000", async () => {
  await using root = await temporaryRoot();
  await using all = startAll(8, "count", () => [root.path, "1000"]);
  assertEquals(await Promise.all(all.workers.map((worker) => worker.ended)), Array(8).fill(0));
  const codec = jsonCodec({ parse: (value) => value as { count: number } });
  const counters = openFileStore(root.path).collection("counters", codec);
  assertEquals(await counters.get("shared"), { count: 8_000 });
  assertEquals(await filesBelow(root.path), ["counters/shared.json"]);
});

Deno.test("of six processes that create the same records, one creates each", async () => {
  await using root = await temporaryRoot();
  await using all = startAll(6, "create_all", (n) => [root.path, `w${n}`, "150"]);
  assertEquals(await Promise.all(all.workers.map((worker) => worker.ended)), Array(6).fill(0));
  const creator = new Map<string, string>();
  for (const [n, worker] of all.workers.entries()) {
    for (const id of worker.lines) {
      assert(!creator.has(id), `"${id}" was created twice`);
      creator.set(id, `w${n}`);
    }
  }
  assertEquals(creator.size, 150);
  const { entries } = await openFileStore(root.path).collection("parts", partCodec).list();
  assertEquals(entries.length, 150);
  for (const { id, value } of entries) assertEquals(value, partOf(creator.get(id)!, value.n));
  assertEquals((await filesBelow(root.path)).length, 150);
});

Deno.test("no two processes hold one claim at a time", async () => {
  await using root = await temporaryRoot();
  await using all = startAll(4, "hold_claim", () => [root.path, "500"]);
  assertEquals(await Promise.all(all.workers.map((worker) => worker.ended)), Array(4).fill(0));
  for (const worker of all.workers) assertEquals(worker.lines, ["held 500"]);
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("what a killed process held is free", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path, { lockTimeout: 5_000 });
  await using holder = startWorker("hold_claim", [root.path, "keep"]);
  await holder.has(1);
  assertEquals(holder.lines, ["held"]);
  assertEquals(await store.tryClaim("serve"), undefined);
  const waiting = store.withLock("work", () => Promise.resolve("free"));
  await holder.kill();
  assertEquals(await waiting, "free");
  const claim = await store.tryClaim("serve");
  assertExists(claim);
  await claim.release();
});

for (const kind of ["plain", "ordered"]) {
  Deno.test(`listing a large ${kind} folder again and again keeps no memory`, async () => {
    await using root = await temporaryRoot();
    const count = 20_000;
    fill(`${root.path}/parts`, count);
    const flags = ["--v8-flags=--expose-gc"];
    await using worker = startWorker("list_newest", [root.path, kind], flags);
    assertEquals(await worker.ended, 0);
    // A single number kept per file and listing would be 800 kB.
    assertLess(Number(worker.lines[0]), 300_000);
  });
}

function fill(folder: string, count: number): void {
  Deno.mkdirSync(folder);
  const bytes = new TextEncoder().encode(partCodec.print(partOf("a", 0)));
  for (let n = 0; n < count; n++) Deno.writeFileSync(`${folder}/part-${n}.json`, bytes);
}
