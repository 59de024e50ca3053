import { assertEquals, assertRejects } from "@std/assert";
import { listDeliveries } from "../../../lib/delivery/find.ts";
import { ACCEPTED, Bench, BUSY, REFUSED } from "./memory.ts";

// What a crash between two steps leaves behind, and what the next attempt makes of it.

Deno.test("a receipt that cannot be written keeps the entry", async () => {
  for (const outcome of [ACCEPTED, REFUSED]) {
    const bench = new Bench();
    await bench.add("m1");
    bench.carrier.answer = () => outcome;
    bench.carrier.settleFailure = new Error("The disk is full");
    await assertRejects(() => bench.outbox.attempt("m1"), Error, "The disk is full");
    assertEquals(bench.entry("m1").attempts, 0);
    assertEquals(bench.claims.size, 0);
    await bench.outbox.attempt("m1");
    assertEquals(bench.entries.records.size, 0);
    assertEquals(bench.carrier.settled, [`m1 ${outcome === ACCEPTED ? "accepted" : "failed"}`]);
  }
});

Deno.test("killed after the dead letter: it counts as waiting, and is in one place in the end", async () => {
  for (const [outcome, dead] of [[ACCEPTED, 0], [REFUSED, 1]] as const) {
    const bench = new Bench();
    await bench.add("m1");
    await bench.failed.put("m1", { ...bench.entry("m1"), attempts: 10 });
    const kept = { outbox: bench.entries, failed: bench.failed };
    assertEquals((await listDeliveries(kept)).map(({ state }) => state), ["waiting"]);
    bench.carrier.answer = () => outcome;
    await bench.outbox.attempt("m1");
    assertEquals(bench.entries.records.size, 0);
    assertEquals<number>(bench.failed.records.size, dead);
  }
});

Deno.test("killed while a dead letter is tried again: nothing of its new life is lost", async () => {
  const bench = new Bench();
  await bench.add("m1");
  const entry = { ...bench.entry("m1"), attempts: 3 };
  await bench.entries.put("m1", entry);
  await bench.failed.put("m1", { ...entry, attempts: 10 });
  bench.carrier.answer = () => BUSY;
  await bench.outbox.retry("m1");
  assertEquals(bench.entry("m1").attempts, 4);
  assertEquals(await bench.outbox.drop("m1", "not needed"), "dropped");
  assertEquals([bench.entries.records.size, bench.failed.records.size], [0, 0]);
});
