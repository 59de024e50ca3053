import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { RateLedgers, type WindowLimit } from "../../../lib/ledger/rate_ledgers.ts";
import { filesBelow, temporaryRoot } from "../store/temporary_root.ts";
import { hookedLedger } from "./hooked_ledger.ts";

const START = Date.UTC(2026, 10, 21, 12);
const at = (ms: number) => new Date(START + ms);
const HOUR: WindowLimit = { requests: 3, windowSeconds: 3600 };

Deno.test("as many requests pass as the limit says, and the next one when the first has left the window", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  for (const ms of [0, 1000, 2000]) assertEquals(await rates.take("a", HOUR, at(ms)), { ok: true });
  assertEquals(await rates.take("a", HOUR, at(2500)), { ok: false, retryAfterSeconds: 3598 });
  assertEquals(await rates.take("a", HOUR, at(3_599_999)), { ok: false, retryAfterSeconds: 1 });
  assertEquals(await rates.take("a", HOUR, at(3_600_000)), { ok: true });
  assertEquals(await rates.take("a", HOUR, at(3_600_000)), { ok: false, retryAfterSeconds: 1 });
});

Deno.test("names are counted apart, whatever is in them", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(`${root.path}/rates`);
  const limit = { requests: 1, windowSeconds: 60 };
  const names = [
    "a",
    "../a",
    "a/b",
    "",
    ".",
    "a\0",
    "é",
    "x".repeat(5000),
    "x".repeat(5001),
    "\ud800",
  ];
  for (const name of names) assertEquals((await rates.take(name, limit, at(0))).ok, true, name);
  for (const name of names) assertEquals((await rates.take(name, limit, at(1))).ok, false, name);
  const files = await filesBelow(root.path);
  assertEquals(files.length, names.length);
  assert(files.every((file) => file.startsWith("rates/") && file.endsWith(".rate")));
});

Deno.test("a ledger reads as lines of times, and its owner's alone", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(`${root.path}/deep/rates`);
  await rates.take("anna", HOUR, new Date(1_763_713_513_123));
  await rates.take("anna", HOUR, new Date(1_763_713_513_999));
  const path = `${root.path}/deep/rates/anna.rate`;
  assertEquals(await Deno.readTextFile(path), "1763713513123\n1763713513999\n");
  if (Deno.build.os !== "windows") {
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    assertEquals((await Deno.stat(`${root.path}/deep`)).mode! & 0o777, 0o700);
  }
});

/** What happens in a property: some time passes, and somebody asks under one of the limits. */
const anyStep = fc.record({
  pass: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 4000 })),
  limit: fc.integer({ min: 0, max: 2 }),
  reopen: fc.boolean(),
});
const anyLimit = fc.record({
  requests: fc.integer({ min: 1, max: 6 }),
  windowSeconds: fc.constantFrom(0.02, 0.5, 1, 3),
});

Deno.test("it lets through what a naive model does, also when limits change and it is reopened", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(anyLimit, anyLimit, anyLimit),
      fc.array(anyStep, { maxLength: 60 }),
      async (limits, steps) => {
        await using root = await temporaryRoot();
        let rates = new RateLedgers(root.path);
        const passed: number[] = [];
        let now = 0;
        try {
          for (const { pass, limit, reopen } of steps) {
            now += pass;
            const { requests, windowSeconds } = limits[limit]!;
            const length = windowSeconds * 1000;
            const inWindow = passed.filter((time) => time > now - length);
            const taking = await rates.take("x", { requests, windowSeconds }, at(now));
            assertEquals(taking.ok, inWindow.length < requests);
            if (taking.ok) passed.push(now);
            else {
              const until = inWindow.at(-requests)! + length;
              assertEquals(taking.retryAfterSeconds, Math.max(1, Math.ceil((until - now) / 1000)));
            }
            if (!reopen) continue;
            rates[Symbol.dispose]();
            rates = new RateLedgers(root.path);
          }
        } finally {
          rates[Symbol.dispose]();
        }
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("no window of the real time holds too many, however the clock is set back", async () => {
  const anyMove = fc.record({
    pass: fc.integer({ min: 0, max: 900_000 }),
    back: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      fc.integer({ min: 1, max: 70_000 }),
      fc.integer({ min: 60_000, max: 400_000_000 }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyMove, { maxLength: 60 }), async (moves) => {
      await using root = await temporaryRoot();
      using rates = new RateLedgers(root.path);
      const limit = { requests: 3, windowSeconds: 3600 };
      const passed: number[] = [];
      let real = 0;
      let error = 0;
      for (const { pass, back } of moves) {
        real += pass;
        error -= back;
        const taking = await rates.take("x", limit, at(real + error));
        if (!taking.ok) {
          assertLessOrEqual(taking.retryAfterSeconds, 3600 + 60);
          continue;
        }
        passed.push(real);
        const inWindow = passed.filter((time) => time > real - 3_600_000);
        assertLessOrEqual(inWindow.length, limit.requests);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("a clock that was a year ahead locks nobody out for longer than a window", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  const year = 365 * 24 * 3_600_000;
  for (const ms of [0, 1, 2]) assert((await rates.take("a", HOUR, at(year + ms))).ok);
  assertEquals(await rates.take("a", HOUR, at(0)), { ok: false, retryAfterSeconds: 3600 });
  assertEquals(await rates.take("a", HOUR, at(3_599_999)), { ok: false, retryAfterSeconds: 1 });
  assertEquals(await rates.take("a", HOUR, at(3_600_000)), { ok: true });
});

Deno.test("callers who looked at the clock a little earlier than others change nothing", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  assert((await rates.take("a", HOUR, at(30_000))).ok);
  assert((await rates.take("a", HOUR, at(0))).ok);
  const lines = (await Deno.readTextFile(`${root.path}/a.rate`)).trim().split("\n");
  assertEquals(lines, [String(START + 30_000), String(START + 30_000)]);
});

Deno.test("a file that has grown is trimmed, and still knows what it must", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  const narrow = { requests: 10, windowSeconds: 0.01 };
  const sizes: number[] = [];
  let now = 0;
  for (let n = 0; n < 4000; n++) {
    assert((await rates.take("a", narrow, at(now++))).ok);
    sizes.push((await Deno.stat(`${root.path}/a.rate`)).size / 14);
  }
  assertLessOrEqual(Math.max(...sizes), 2 * (10 + 512));
  const text = await Deno.readTextFile(`${root.path}/a.rate`);
  const [head] = text.split("\n");
  assertEquals(Number(head) + text.trim().split("\n").length - 1, 4000);
  assertEquals(await filesBelow(root.path), ["a.rate"]);

  // A limit that reaches beyond what was kept counts what was cut off as new as it can be.
  const wide = { requests: 4001, windowSeconds: 3600 };
  assert((await rates.take("a", wide, at(now))).ok);
  const refused = await rates.take("a", wide, at(now));
  assert(!refused.ok);
  assert((await rates.take("a", { ...wide, requests: 4002 }, at(now))).ok);
  assert((await rates.take("a", wide, at(now + 3_600_000))).ok);
});

Deno.test("10,000 names take no more than the files that may be open", async () => {
  await using root = await temporaryRoot();
  const { fs, open } = hookedLedger();
  const limit = { requests: 2, windowSeconds: 3600 };
  {
    using rates = new RateLedgers(root.path, { fs, openFiles: 20 });
    for (let n = 0; n < 10_000; n++) assert((await rates.take(`n${n}`, limit, at(n))).ok);
    await Promise.all(
      Array.from({ length: 10_000 }, (_, n) => rates.take(`n${n}`, limit, at(10_000))),
    );
    assertEquals(await rates.take("n0", limit, at(20_000)), { ok: false, retryAfterSeconds: 3580 });
    assertLessOrEqual(open.most, 21);
    assertEquals(open.now, 20);
  }
  assertEquals(open.now, 0);
});

Deno.test("after it was disposed of it still counts, and keeps nothing open", async () => {
  await using root = await temporaryRoot();
  const { fs, open } = hookedLedger();
  const rates = new RateLedgers(root.path, { fs });
  const limit = { requests: 2, windowSeconds: 60 };
  await rates.take("a", limit, at(0));
  rates[Symbol.dispose]();
  assertEquals(open.now, 0);
  assertEquals((await rates.take("a", limit, at(1))).ok, true);
  assertEquals((await rates.take("a", limit, at(2))).ok, false);
  assertEquals(open.now, 0);
});

Deno.test("files of names that were long not used are swept, others stay", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  assertEquals(await rates.sweep(at(0), 60), 0);
  for (const name of ["old", "new"]) await rates.take(name, HOUR, new Date());
  const now = new Date();
  await Deno.utime(`${root.path}/old.rate`, now, new Date(now.getTime() - 100_000));
  assertEquals(await rates.sweep(now, 60), 1);
  assertEquals(await filesBelow(root.path), ["new.rate"]);
  for (const n of [1, 2, 3]) assert((await rates.take("old", HOUR, now)).ok, String(n));
});

Deno.test("a limit or a time that is none is refused, and nothing is written", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  const wrong: WindowLimit[] = [
    { requests: 0, windowSeconds: 1 },
    { requests: 1.5, windowSeconds: 1 },
    { requests: NaN, windowSeconds: 1 },
    { requests: 1, windowSeconds: 0 },
    { requests: 1, windowSeconds: Infinity },
  ];
  for (const limit of wrong) {
    const error = await assertRejects(() => rates.take("a", limit, at(0)), MeshError);
    assertEquals(error.code, "usage");
  }
  for (const now of [new Date(NaN), new Date(8.64e15)]) {
    const error = await assertRejects(() => rates.take("a", HOUR, now), MeshError);
    assertEquals(error.code, "usage");
  }
  assertEquals(await filesBelow(root.path), []);
  for (const now of [new Date(-1e12), new Date(0)]) assert((await rates.take("a", HOUR, now)).ok);
});
