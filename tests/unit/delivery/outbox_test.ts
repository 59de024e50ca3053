import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import type { Outcome } from "../../../lib/delivery/outbox.ts";
import { ACCEPTED, Bench, BUSY, OWN_FAULT, REFUSED, START, UNREACHABLE } from "./memory.ts";

const HOUR = 3_600_000;

Deno.test("what the peer accepts has its receipt and is out of the queue", async () => {
  const bench = new Bench();
  const attempt = await bench.outbox.send("m1", "fake", "stan");
  assertEquals(attempt, { state: "accepted", answer: { ok: true } });
  assertEquals(bench.carrier.settled, ["m1 accepted"]);
  assertEquals(bench.entries.records.size + bench.failed.records.size, 0);
  assertEquals(bench.claims.size, 0);
});

Deno.test("queueing a message again changes nothing", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => BUSY;
  await bench.outbox.send("m1", "fake", "stan");
  const before = bench.entry("m1");
  bench.now += 1000;
  await bench.outbox.add("m1", "fake", "stan");
  assertEquals(bench.entry("m1"), before);
});

Deno.test("what may pass is tried again after 5 s, 5 min, 30 min and so on", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => BUSY;
  await bench.add("m1");
  const waits = [];
  for (let i = 0; i < 4; i++) {
    await bench.outbox.attempt("m1");
    waits.push(bench.dueIn("m1") / 1000);
    bench.now += bench.dueIn("m1");
  }
  assertEquals(waits, [5, 300, 1800, 7200]);
  assertEquals(bench.entry("m1").attempts, 4);
  assertEquals(bench.entry("m1").last_error?.status, 503);
  assertEquals(bench.entry("m1").created_at, new Date(START).toISOString());
  assertEquals(bench.carrier.settled, []);
});

Deno.test("after the tenth failure it is a dead letter with its reason", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => UNREACHABLE;
  await bench.add("m1");
  const states = [];
  for (let i = 0; i < 10; i++) {
    bench.now = Math.max(bench.now, Date.parse(bench.entry("m1").next_attempt_at));
    states.push((await bench.outbox.attempt("m1")).state);
  }
  assertEquals(states, [...Array(9).fill("queued"), "failed"]);
  assertEquals(bench.entries.records.size, 0);
  assertEquals(bench.failed.records.get("m1")?.attempts, 10);
  assertEquals(bench.failed.records.get("m1")?.last_error?.reason, "silence");
  assertEquals(bench.carrier.settled, ["m1 failed"]);
  const days = (bench.now - START) / (24 * HOUR);
  assertEquals(Math.floor(days), 3);
  assertEquals((await bench.outbox.attempt("m1")).state, "gone");
});

Deno.test("what the peer refuses is a dead letter at once", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => REFUSED;
  const attempt = await bench.outbox.send("m1", "fake", "stan");
  assertEquals(attempt.state, "failed");
  assertEquals(bench.failed.records.get("m1")?.last_error, {
    at: new Date(START).toISOString(),
    reason: "no",
    status: 403,
  });
  assertEquals(bench.carrier.sent, ["m1"]);
});

Deno.test("a longer Retry-After than the table's wait is honoured, up to a day", async () => {
  const seconds: [asked: number | undefined, waited: number][] = [
    [undefined, 5],
    [1, 5],
    [60, 60],
    [24 * 3600, 24 * 3600],
    [999_999, 24 * 3600],
  ];
  for (const [asked, waited] of seconds) {
    const bench = new Bench();
    const outcome: Outcome = {
      ...BUSY,
      kind: "retry",
      reason: "busy",
      ...(asked === undefined ? {} : { retryAfter: asked }),
    };
    bench.carrier.answer = () => outcome;
    await bench.add("m1");
    await bench.outbox.attempt("m1");
    assertEquals([asked, bench.dueIn("m1") / 1000], [asked, waited]);
  }
});

Deno.test("a fault of this machine's network costs the message nothing", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => OWN_FAULT;
  await bench.add("m1");
  for (let i = 0; i < 30; i++) {
    assertEquals((await bench.outbox.attempt("m1")).state, "queued");
    bench.now += bench.dueIn("m1");
  }
  assertEquals(bench.entry("m1").attempts, 0);
  assertEquals(bench.entry("m1").last_error?.reason, "no network");
});

Deno.test("a throwing carrier is this machine's fault: the entry stays as it is", async () => {
  const bench = new Bench();
  await bench.add("m1");
  const before = bench.entry("m1");
  bench.carrier.answer = () => Promise.reject(new MeshError("io", "Cannot read"));
  await assertRejects(() => bench.outbox.attempt("m1"), MeshError, "Cannot read");
  assertEquals(bench.entry("m1"), before);
  assertEquals(bench.claims.size, 0);
});

Deno.test("an attempt before its time that fails does not count, however often it is made", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => UNREACHABLE;
  await bench.outbox.send("m1", "fake", "stan");
  await bench.outbox.attempt("m1");
  const due = bench.entry("m1").next_attempt_at;
  for (let i = 0; i < 30; i++) await bench.outbox.retry("m1");
  assertEquals(bench.entry("m1").attempts, 1);
  assertEquals(bench.entry("m1").next_attempt_at, due);
  bench.now = Date.parse(due);
  await bench.outbox.attempt("m1");
  assertEquals(bench.entry("m1").attempts, 2);
});

Deno.test("an attempt before its time can succeed, be refused, and be told to wait", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => BUSY;
  for (const id of ["m1", "m2", "m3"]) await bench.outbox.send(id, "fake", "stan");
  bench.carrier.answer = () => ACCEPTED;
  assertEquals((await bench.outbox.attempt("m1")).state, "accepted");
  bench.carrier.answer = () => REFUSED;
  assertEquals((await bench.outbox.attempt("m2")).state, "failed");
  bench.carrier.answer = () => ({ kind: "retry", reason: "later", status: 429, retryAfter: 3600 });
  await bench.outbox.attempt("m3");
  assertEquals(bench.dueIn("m3"), HOUR);
});

Deno.test("an interrupted attempt leaves the entry as it is, due at once", async () => {
  const bench = new Bench();
  await bench.add("m1");
  const before = bench.entry("m1");
  const stop = new AbortController();
  bench.carrier.answer = () => {
    stop.abort();
    return OWN_FAULT;
  };
  const attempt = await bench.outbox.attempt("m1", { signal: stop.signal });
  assertEquals(attempt.state, "queued");
  assertEquals(bench.entry("m1"), before);
});

Deno.test("what was accepted before the interruption stays accepted", async () => {
  const bench = new Bench();
  await bench.add("m1");
  const stop = new AbortController();
  bench.carrier.answer = () => {
    stop.abort();
    return ACCEPTED;
  };
  assertEquals((await bench.outbox.attempt("m1", { signal: stop.signal })).state, "accepted");
  assertEquals(bench.carrier.settled, ["m1 accepted"]);
});

Deno.test("an assumed outcome is recorded without sending", async () => {
  const bench = new Bench();
  await bench.add("m1");
  const attempt = await bench.outbox.attempt("m1", { assume: UNREACHABLE });
  assertEquals(attempt.state, "queued");
  assertEquals(bench.carrier.sent, []);
  assertEquals(bench.entry("m1").attempts, 1);
});

Deno.test("a dead letter that is tried again has all its attempts before it", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => REFUSED;
  await bench.outbox.send("m1", "fake", "stan");
  bench.carrier.answer = () => BUSY;
  assertEquals((await bench.outbox.retry("m1")).state, "queued");
  assertEquals(bench.failed.records.size, 0);
  assertEquals(bench.entry("m1").attempts, 1);
  assertEquals(bench.dueIn("m1"), 5000);
  assertEquals(bench.carrier.settled, ["m1 failed", "m1 queued"]);
  bench.carrier.answer = () => ACCEPTED;
  assertEquals((await bench.outbox.retry("m1")).state, "accepted");
  assertEquals((await bench.outbox.retry("m1")).state, "gone");
});

Deno.test("a dead letter that another process is at is left to it", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => REFUSED;
  await bench.outbox.send("m1", "fake", "stan");
  bench.claims.add("outbox-m1");
  assertEquals((await bench.outbox.retry("m1")).state, "busy");
  assertEquals(bench.failed.records.size, 1);
  assertEquals(bench.entries.records.size, 0);
});

Deno.test("what is dropped is forgotten, queued or dead, and its receipt says so", async () => {
  const bench = new Bench();
  await bench.add("m1");
  assertEquals(await bench.outbox.drop("m1", "not needed"), "dropped");
  bench.carrier.answer = () => REFUSED;
  await bench.outbox.send("m2", "fake", "stan");
  assertEquals(await bench.outbox.drop("m2", "not needed"), "dropped");
  assertEquals(await bench.outbox.drop("m2", "not needed"), "absent");
  assertEquals(bench.carrier.settled, ["m1 failed", "m2 failed", "m2 failed"]);
  assertEquals(bench.entries.records.size + bench.failed.records.size, 0);
});

Deno.test("what another process is sending can be neither sent nor dropped here", async () => {
  const bench = new Bench();
  await bench.add("m1");
  bench.claims.add("outbox-m1");
  assertEquals((await bench.outbox.attempt("m1")).state, "busy");
  assertEquals((await bench.outbox.send("m1", "fake", "stan")).state, "busy");
  assertEquals(await bench.outbox.drop("m1", "not needed"), "busy");
  assertEquals(bench.carrier.sent, []);
  assertEquals(bench.entry("m1").attempts, 0);
});

Deno.test("one of many attempts at once sends, and the others find it busy or gone", async () => {
  const bench = new Bench();
  await bench.add("m1");
  const attempts = await Promise.all(Array.from({ length: 8 }, () => bench.outbox.attempt("m1")));
  assertEquals(attempts.filter(({ state }) => state === "accepted").length, 1);
  assertEquals(bench.carrier.sent, ["m1"]);
});

Deno.test("an entry of a protocol that only others speak is theirs, and stays", async () => {
  const bench = new Bench();
  for (const protocol of ["carrier pigeon", "toString"]) {
    assertEquals((await bench.outbox.send(protocol, protocol, "stan")).state, "busy");
    assertEquals((await bench.outbox.attempt(protocol)).state, "busy");
    assertEquals((await bench.outbox.retry(protocol)).state, "busy");
    await assertRejects(() => bench.outbox.drop(protocol, "no"), MeshError, `"${protocol}"`);
    assertEquals(bench.entry(protocol).attempts, 0);
  }
  bench.failed.records.set("dead", { ...bench.entry("toString"), id: "dead" });
  assertEquals((await bench.outbox.retry("dead")).state, "gone");
  assertEquals([...bench.failed.records.keys()], ["dead"]);
});

Deno.test("an attempt that was put off counts nothing and comes when it is due", async () => {
  const bench = new Bench();
  const until = new Date(START + 1_800_000).toISOString();
  bench.carrier.answer = () => UNREACHABLE;
  await bench.add("m1");
  await bench.outbox.attempt("m1");
  bench.now += 6_000;
  const { attempts, last_error } = bench.entry("m1");
  bench.carrier.answer = () => ({ kind: "retry", reason: "left alone", postponedTo: until });
  for (let i = 0; i < 20; i++) {
    assertEquals((await bench.outbox.attempt("m1")).state, "queued");
    assertEquals(bench.entry("m1"), { ...bench.entry("m1"), attempts, next_attempt_at: until });
  }
  // What was tried tells more than what was not.
  assertEquals(bench.entry("m1").last_error, last_error);
  await bench.add("m2");
  await bench.outbox.attempt("m2");
  assertEquals(bench.entry("m2").last_error?.reason, "left alone");
  bench.carrier.answer = () => ({ kind: "retry", reason: "?", postponedTo: "never" });
  await bench.add("m3");
  await bench.outbox.attempt("m3");
  assertEquals(bench.dueIn("m3"), 60_000);
});

Deno.test("what a peer says beside its refusal is kept with the receipt", async () => {
  const bench = new Bench();
  bench.carrier.answer = () => ({ kind: "refused", reason: "no", status: 403, answer: { why: 1 } });
  await bench.add("m1");
  await bench.outbox.attempt("m1");
  const at = new Date(bench.now).toISOString();
  assertEquals(bench.carrier.detail, { at, reason: "no", status: 403, answer: { why: 1 } });
});
