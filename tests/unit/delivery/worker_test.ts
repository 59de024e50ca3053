import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { type DeliveryEvent, DeliveryWorker } from "../../../lib/delivery/worker.ts";
import type { WorkerOptions } from "../../../lib/delivery/worker.ts";
import { ACCEPTED, Bench, BUSY, OWN_FAULT, REFUSED, START, UNREACHABLE } from "./memory.ts";

/** A worker on a bench's outbox. It is stopped when it is disposed of. */
class Working implements AsyncDisposable {
  readonly events: DeliveryEvent[] = [];
  readonly worker: DeliveryWorker;

  constructor(readonly bench: Bench, options: WorkerOptions = {}) {
    this.worker = new DeliveryWorker(bench.outbox, {
      now: () => bench.now,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.worker.start();
  }

  /** Waits until so many attempts have ended. */
  async attempts(count: number): Promise<void> {
    await until(`${count} attempts`, () => this.events.length >= count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.stop();
  }
}

async function until(what: string, come: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!come()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come`);
    await pause(2);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("what is due is sent, in the order in which it was written", async () => {
  const bench = new Bench();
  for (const id of ["m3", "m1", "m2"]) await bench.add(id);
  await using working = new Working(bench);
  await working.attempts(3);
  assertEquals(bench.carrier.sent, ["m3", "m1", "m2"]);
  assertEquals(bench.entries.records.size, 0);
});

Deno.test("what is added while the worker runs is sent soon", async () => {
  const bench = new Bench();
  await using working = new Working(bench);
  await pause(20);
  await bench.add("m1");
  await working.attempts(1);
  assertEquals(working.events[0]?.attempt?.state, "accepted");
});

Deno.test("one message at a time goes to a peer, and peers do not wait for each other", async () => {
  const bench = new Bench();
  const held = Promise.withResolvers<void>();
  const busy = new Map<string, number>();
  bench.carrier.answer = async ({ to }) => {
    busy.set(to, (busy.get(to) ?? 0) + 1);
    assertEquals(busy.get(to), 1);
    if (to === "slow") await held.promise;
    else await pause(1);
    busy.set(to, (busy.get(to) ?? 0) - 1);
    return ACCEPTED;
  };
  for (const id of ["s1", "s2"]) await bench.add(id, "slow");
  for (const id of ["a1", "a2", "a3"]) await bench.add(id, "ann");
  await using working = new Working(bench);
  await working.attempts(3);
  assertEquals(working.events.map(({ entry }) => entry.id), ["a1", "a2", "a3"]);
  held.resolve();
  await working.attempts(5);
  assertEquals(bench.carrier.sent.filter((id) => id.startsWith("s")), ["s1", "s2"]);
});

Deno.test("no more peers are served at once than allowed, and all are in the end", async () => {
  const bench = new Bench();
  let active = 0;
  let most = 0;
  bench.carrier.answer = async () => {
    most = Math.max(most, ++active);
    await pause(2);
    active--;
    return ACCEPTED;
  };
  for (let i = 0; i < 7; i++) await bench.add(`m${i}`, `peer${i}`);
  await using working = new Working(bench, { concurrency: 2 });
  await working.attempts(7);
  assertEquals(most, 2);
});

Deno.test("a peer that cannot be reached is tried once, and its other messages wait as well", async () => {
  const bench = new Bench();
  bench.carrier.answer = ({ to }) => to === "gone" ? UNREACHABLE : ACCEPTED;
  for (const id of ["g1", "g2", "g3"]) await bench.add(id, "gone");
  await bench.add("a1", "ann");
  await using working = new Working(bench);
  await working.attempts(4);
  assertEquals(bench.carrier.sent.filter((id) => id.startsWith("g")), ["g1"]);
  const attempts = ["g1", "g2", "g3"].map((id) => bench.entry(id).attempts);
  assertEquals(attempts, [1, 1, 1]);
});

Deno.test("an answer about one message is no verdict about the others", async () => {
  const bench = new Bench();
  const answers = { m1: BUSY, m2: REFUSED, m3: ACCEPTED };
  bench.carrier.answer = ({ id }) => answers[id as keyof typeof answers];
  for (const id of Object.keys(answers)) await bench.add(id);
  await using working = new Working(bench);
  await working.attempts(3);
  const states = working.events.map(({ attempt }) => attempt?.state);
  assertEquals(states, ["queued", "failed", "accepted"]);
});

Deno.test("what failed is sent again when it is due, not before", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => BUSY;
  await bench.add("m1");
  await using working = new Working(bench, { rescanMs: 5 });
  await working.attempts(1);
  bench.now += 4_000;
  await pause(150);
  assertEquals(bench.carrier.sent, ["m1"]);
  bench.now += 1_100;
  await working.attempts(2);
  assertEquals(bench.entry("m1").attempts, 2);
});

Deno.test("a peer that is heard from gets what could not reach it, at no cost to the schedule", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => UNREACHABLE;
  for (const id of ["m1", "m2"]) await bench.add(id);
  await bench.add("other", "ann");
  await using working = new Working(bench);
  await working.attempts(3);
  // It sends, and still cannot be reached: however often, the messages lose none of their attempts.
  for (let i = 1; i <= 15; i++) {
    await until("the worker to rest", () => bench.claims.size === 0);
    await pause(0);
    const before = bench.carrier.sent.length;
    await until("an attempt", () => {
      working.worker.peerIsUp("stan");
      return bench.carrier.sent.length > before;
    });
  }
  assertEquals(bench.entry("m1").attempts, 1);
  assertEquals(bench.entry("m2").attempts, 1);
  assertEquals(bench.carrier.sent.filter((id) => id === "other").length, 1);
  bench.carrier.answer = () => ACCEPTED;
  working.worker.peerIsUp("stan");
  await until("both", () => bench.entries.records.size === 1);
});

Deno.test("a peer that is heard from is not bothered before the time that it asked for", async () => {
  const bench = new Bench();
  bench.carrier.answer = ({ id }) =>
    id === "m1" ? { kind: "retry", reason: "later", status: 503, retryAfter: 600 } : ACCEPTED;
  await bench.add("m1");
  await using working = new Working(bench);
  await working.attempts(1);
  working.worker.peerIsUp("stan");
  // That another message is accepted tells the same as hearing from the peer.
  await bench.add("m2");
  await working.attempts(2);
  await pause(150);
  assertEquals(bench.carrier.sent, ["m1", "m2"]);
});

Deno.test("a message that was accepted tells that the peer is up", async () => {
  const bench = new Bench();
  let up = false;
  bench.carrier.answer = () => up ? ACCEPTED : UNREACHABLE;
  await bench.add("m1");
  await using working = new Working(bench);
  await working.attempts(1);
  up = true;
  await bench.add("m2");
  await working.attempts(3);
  assertEquals(bench.carrier.sent, ["m1", "m2", "m1"]);
  assertEquals(bench.entries.records.size, 0);
});

Deno.test("stopping interrupts what is under way, which stays queued as it was", async () => {
  const bench = new Bench();
  bench.carrier.answer = (_entry, signal) =>
    new Promise((resolve) => signal?.addEventListener("abort", () => resolve(OWN_FAULT)));
  for (const id of ["m1", "m2"]) await bench.add(id);
  const before = structuredClone([...bench.entries.records.values()]);
  const working = new Working(bench);
  await until("an attempt", () => bench.carrier.sent.length === 1);
  const started = performance.now();
  await working.worker.stop();
  assert(performance.now() - started < 1_000);
  assertEquals(working.events, []);
  assertEquals([...bench.entries.records.values()], before);
  assertEquals(bench.claims.size, 0);
});

Deno.test("a worker that was never started can be stopped", async () => {
  await new DeliveryWorker(new Bench().outbox).stop();
});

Deno.test("while nothing is due the disk is left alone", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => BUSY;
  for (const id of ["m1", "m2", "m3"]) await bench.add(id);
  await using working = new Working(bench);
  await working.attempts(3);
  let before = -1;
  while (before !== bench.entries.lists) {
    before = bench.entries.lists;
    await pause(200);
  }
  await pause(300);
  assertEquals(bench.entries.lists, before);
  for (let i = 0; i < 100; i++) working.worker.peerIsUp("nobody");
  await pause(100);
  assertEquals(bench.entries.lists, before);
});

Deno.test("many changes become few looks at the disk", async () => {
  const bench = new Bench();
  await using working = new Working(bench);
  for (let i = 0; i < 200; i++) await bench.add(`m${i}`, `peer${i % 4}`);
  await working.attempts(200);
  assertLessOrEqual(bench.entries.lists, 60);
});

Deno.test("an entry that another process is at is looked at again later, not at once", async () => {
  const bench = new Bench();
  await bench.add("m1");
  bench.claims.add("outbox-m1");
  await using working = new Working(bench, { rescanMs: 5 });
  await pause(300);
  assertLessOrEqual(bench.entries.lists, 12);
  bench.claims.clear();
  bench.now += 2_000;
  await working.attempts(1);
});

Deno.test("a fault of this machine is told, and the entry tried again later", async () => {
  const bench = new Bench();
  let broken = true;
  bench.carrier.answer = () => {
    if (broken) throw new Error("The disk is full");
    return ACCEPTED;
  };
  await bench.add("m1");
  await bench.add("m2", "ann");
  await using working = new Working(bench, { rescanMs: 5 });
  await working.attempts(2);
  assertEquals(working.events[0]?.error, "This machine could not try: The disk is full");
  assertEquals(bench.entry("m1").attempts, 0);
  await pause(150);
  assertEquals(bench.carrier.sent, ["m1", "m2"]);
  broken = false;
  bench.now += 15_000;
  await working.attempts(4);
  assertEquals(bench.entries.records.size, 0);
});

Deno.test("a look at the disk that fails is not the last one", async () => {
  const bench = new Bench();
  bench.entries.listFailure = new Error("Too many open files");
  await using working = new Working(bench);
  await pause(20);
  await bench.add("m1");
  await working.attempts(1);
});

Deno.test("where the system cannot watch the disk, it is looked at from time to time", async () => {
  const bench = new Bench();
  bench.entries.watchFailure = new Error("Too many watches");
  await using working = new Working(bench, { rescanMs: 20 });
  await pause(20);
  await bench.add("m1");
  await working.attempts(1);
});

Deno.test("a listener that throws does not stop deliveries", async () => {
  const bench = new Bench();
  for (const id of ["m1", "m2", "m3"]) await bench.add(id);
  await using _working = new Working(bench, {
    onEvent: () => {
      throw new Error("The log is full");
    },
  });
  await until("all of them", () => bench.entries.records.size === 0);
  assertEquals(bench.carrier.sent, ["m1", "m2", "m3"]);
});

Deno.test("entries of protocols that others speak are left to them", async () => {
  const bench = new Bench();
  await bench.outbox.add("theirs", "other", "stan");
  await bench.add("ours");
  await using working = new Working(bench, { rescanMs: 5 });
  await working.attempts(1);
  await pause(100);
  assertEquals(working.events.map(({ entry }) => entry.id), ["ours"]);
  assertEquals(bench.claims.size, 0);
  assertEquals(bench.entry("theirs").attempts, 0);
});

Deno.test("a peer that is left alone is asked about once, and all that waits for it is put off", async () => {
  const bench = new Bench();
  const later = new Date(START + 1_800_000).toISOString();
  bench.carrier.answer = () => ({ kind: "retry", reason: "left alone", postponedTo: later });
  for (const id of ["m1", "m2", "m3"]) await bench.add(id);
  await using working = new Working(bench);
  await working.attempts(3);
  assertEquals(bench.carrier.sent, ["m1"]);
  for (const id of ["m1", "m2", "m3"]) {
    assertEquals([bench.entry(id).attempts, bench.entry(id).next_attempt_at], [0, later]);
  }
  bench.carrier.answer = () => ACCEPTED;
  await until("all of them", () => {
    working.worker.peerIsUp("stan");
    return bench.entries.records.size === 0;
  });
});
