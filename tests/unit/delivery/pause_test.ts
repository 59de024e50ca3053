import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { isPaused, pause, readPause, resume } from "../../../lib/delivery/pause.ts";
import { DeliveryWorker } from "../../../lib/delivery/worker.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { Bench, BUSY, START } from "./memory.ts";

const NOON = new Date(START);

Deno.test("a pause is a file in the root, kept until it is taken back", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  assertEquals(await isPaused(store), false);
  assertEquals(await pause(store, NOON), { since: NOON.toISOString() });
  assertEquals(await pause(store, new Date(START + 5000)), { since: NOON.toISOString() });
  // Another process sees it.
  const other = openFileStore(root.path);
  assert(await isPaused(other));
  assertEquals(JSON.parse(await Deno.readTextFile(`${root.path}/paused.json`)), {
    since: "2026-01-01T12:00:00.000Z",
  });
  assertEquals(await resume(other), true);
  assertEquals(await resume(store), false);
  assertEquals([await isPaused(store), await readPause(store)], [false, undefined]);
});

Deno.test("a pause whose file is damaged is a pause", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/paused.json`, "{");
  const store = openFileStore(root.path, { onDamage: () => {} });
  assert(await isPaused(store));
});

Deno.test("while it is paused nothing is tried, and nothing counts", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => BUSY;
  await bench.add("old");
  await bench.outbox.attempt("old");
  bench.failed.records.set("dead", { ...bench.entry("old"), id: "dead" });
  bench.now += 3_600_000;
  const before = { ...bench.entry("old") };
  await pause(bench.store(), new Date(bench.now));
  const attempts = [
    await bench.outbox.send("new", "fake", "stan"),
    await bench.outbox.attempt("old"),
    await bench.outbox.attempt("old", { assume: BUSY }),
    await bench.outbox.retry("dead"),
  ];
  for (const attempt of attempts) {
    assert(attempt.state === "queued" && attempt.outcome.kind === "retry");
    assertEquals(attempt.outcome.paused, true);
    assertEquals(attempt.entry.last_error?.reason.includes("paused"), true);
  }
  assertEquals(bench.carrier.sent, ["old"]);
  assertEquals(bench.entry("old"), before);
  assertEquals(bench.entry("new").attempts, 0);
  // The dead letter that the owner wanted to be sent again waits like the others.
  assertEquals(bench.entry("dead").attempts, 0);
  assertEquals(await bench.outbox.drop("dead", "not needed"), "dropped");
  await resume(bench.store());
  assertEquals((await bench.outbox.attempt("new")).state, "queued");
  assertEquals(bench.carrier.sent, ["old", "new"]);
});

Deno.test("a worker rests while it is paused, and goes on soon after", async () => {
  const bench = new Bench();
  await pause(bench.store(), NOON);
  for (const id of ["m1", "m2"]) await bench.add(id);
  const worker = new DeliveryWorker(bench.outbox, { now: () => bench.now, rescanMs: 5 });
  worker.start();
  try {
    await wait(400);
    worker.peerIsUp("stan");
    await wait(100);
    assertEquals([bench.carrier.sent, bench.entries.lists], [[], 0]);
    await resume(bench.store());
    const started = performance.now();
    while (bench.carrier.sent.length < 2) await wait(5);
    assertLessOrEqual(performance.now() - started, 2_000);
  } finally {
    await worker.stop();
  }
});

Deno.test("a pause in the middle of a peer's messages holds the rest of them", async () => {
  const bench = new Bench();
  const told: string[] = [];
  bench.carrier.answer = async () => {
    await pause(bench.store(), NOON);
    return { kind: "accepted", answer: {} };
  };
  for (const id of ["m1", "m2", "m3"]) await bench.add(id);
  const worker = new DeliveryWorker(bench.outbox, {
    now: () => bench.now,
    onEvent: ({ entry }) => told.push(entry.id),
  });
  worker.start();
  await wait(300);
  await worker.stop();
  assertEquals([bench.carrier.sent, told], [["m1"], ["m1"]]);
  assertEquals([...bench.entries.records.keys()], ["m2", "m3"]);
});

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
