import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { DayTallies } from "../../../lib/ledger/day_tallies.ts";
import { filesBelow, temporaryRoot } from "../store/temporary_root.ts";

const noon = new Date("2026-11-21T12:00:00Z");
const late = new Date("2026-11-21T23:59:59.500Z");
const tomorrow = new Date("2026-11-22T00:00:00Z");
const BUDGET = { messages: 3, bytes: 1000 };

Deno.test("a day's budget is spent once, and the next day has its own", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  for (const messages of [1, 2, 3]) {
    const used = { messages, bytes: messages * 10 };
    assertEquals(await days.spend("a", BUDGET, 10, noon), { ok: true, used });
  }
  assertEquals(await days.spend("a", BUDGET, 10, late), {
    ok: false,
    exceeded: "messages",
    used: { messages: 3, bytes: 30 },
    retryAfterSeconds: 1,
  });
  assertEquals((await days.spend("b", BUDGET, 10, noon)).ok, true);
  const used = { messages: 1, bytes: 10 };
  assertEquals(await days.spend("a", BUDGET, 10, tomorrow), { ok: true, used });
  assertEquals(await days.read("a", noon), { messages: 3, bytes: 30 });
});

Deno.test("bytes count as well, to the last one", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  assert((await days.spend("a", BUDGET, 999, noon)).ok);
  const refused = await days.spend("a", BUDGET, 2, noon);
  assertEquals(refused.ok ? undefined : [refused.exceeded, refused.retryAfterSeconds], [
    "bytes",
    43_200,
  ]);
  assert((await days.spend("a", BUDGET, 1, noon)).ok);
  assert((await days.spend("a", BUDGET, 0, noon)).ok);
});

Deno.test("what can never fit leaves no file", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  for (const name of ["a", "b"]) {
    assertEquals((await days.spend(name, BUDGET, 1001, noon)).ok, false);
    assertEquals((await days.spend(name, { messages: 0, bytes: 1 }, 0, noon)).ok, false);
    assertEquals(await days.read(name, noon), { messages: 0, bytes: 0 });
    await days.refund(name, 10, noon);
  }
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("a look at the budget spends nothing, and what is refunded can be spent again", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  for (const bytes of [100, 200, 300]) await days.spend("a", BUDGET, bytes, noon);
  assertEquals((await days.check("a", BUDGET, 1, noon)).ok, false);
  await days.refund("a", 200, noon);
  assertEquals(await days.read("a", noon), { messages: 2, bytes: 400 });
  for (let n = 0; n < 3; n++) assert((await days.check("a", BUDGET, 1, noon)).ok);
  assert((await days.spend("a", BUDGET, 600, noon)).ok);
  for (let n = 0; n < 9; n++) await days.refund("a", 900, noon);
  assertEquals(await days.read("a", noon), { messages: 0, bytes: 0 });
});

Deno.test("totals are those of a naive model, however often it is reopened", async () => {
  const anyStep = fc.record({
    name: fc.constantFrom("a", "A/b", "é"),
    bytes: fc.integer({ min: 0, max: 400 }),
    day: fc.integer({ min: 0, max: 1 }),
    budget: fc.constantFrom(BUDGET, { messages: 5, bytes: 1500 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      await using root = await temporaryRoot();
      const model = new Map<string, { messages: number; bytes: number }>();
      for (const [n, { name, bytes, day, budget }] of steps.entries()) {
        using days = new DayTallies(root.path);
        const now = new Date(Date.UTC(2026, 11, 31 + day, n % 24));
        const key = `${name} ${day}`;
        const used = model.get(key) ?? { messages: 0, bytes: 0 };
        const fits = used.messages < budget.messages && used.bytes + bytes <= budget.bytes;
        if (fits) model.set(key, { messages: used.messages + 1, bytes: used.bytes + bytes });
        const spending = await days.spend(name, budget, bytes, now);
        assertEquals(spending.ok, fits);
        assertEquals(spending.used, model.get(key) ?? used);
        assertEquals(await days.read(name, now), model.get(key) ?? used);
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("a tally reads as lines of totals, and does not grow without end", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  const budget = { messages: 1e9, bytes: Infinity };
  await days.spend("a", budget, 7, noon);
  const path = `${root.path}/2026-11-21/a.tally`;
  assertEquals(await Deno.readTextFile(path), "000000000001 0000000000000007\n");
  for (let n = 1; n < 5000; n++) assert((await days.spend("a", budget, 7, noon)).ok);
  assertEquals(await days.read("a", noon), { messages: 5000, bytes: 35_000 });
  assertLessOrEqual((await Deno.stat(path)).size, 2048 * 30);
});

Deno.test("a torn or damaged last line leaves the total before it", async () => {
  const good = "000000000002 0000000000000020\n";
  for (const rest of ["0", good.slice(0, -1), "x".repeat(29) + "\n", "\0".repeat(60)]) {
    await using root = await temporaryRoot();
    using days = new DayTallies(root.path);
    await Deno.mkdir(`${root.path}/2026-11-21`);
    await Deno.writeTextFile(`${root.path}/2026-11-21/a.tally`, good + rest);
    assertEquals(await days.read("a", noon), { messages: 2, bytes: 20 });
    const spending = await days.spend("a", BUDGET, 5, noon);
    assertEquals(spending, { ok: true, used: { messages: 3, bytes: 25 } });
    assertEquals(await days.read("a", noon), { messages: 3, bytes: 25 });
  }
});

Deno.test("days before yesterday are swept, and what else is there stays", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  assertEquals(await days.sweep(noon), 0);
  for (const day of ["18", "19", "20", "21", "22"]) {
    for (const name of ["a", "b"]) {
      await days.spend(name, BUDGET, 1, new Date(`2026-11-${day}T12:00:00Z`));
    }
  }
  await Deno.writeTextFile(`${root.path}/notes.txt`, "");
  assertEquals(await days.sweep(noon), 4);
  assertEquals(await days.sweep(noon), 0);
  const left = await filesBelow(root.path);
  assertEquals(left.map((file) => file.slice(0, 10)), [
    ...Array(2).fill("2026-11-20"),
    ...Array(2).fill("2026-11-21"),
    ...Array(2).fill("2026-11-22"),
    "notes.txt",
  ]);
  assert((await days.spend("a", BUDGET, 1, new Date("2026-11-18T12:00:00Z"))).ok);
});

Deno.test("a clock that is set back over midnight finds what was spent then", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  for (let n = 0; n < 3; n++) await days.spend("a", BUDGET, 1, noon);
  assert((await days.spend("a", BUDGET, 1, tomorrow)).ok);
  await days.sweep(tomorrow);
  assertEquals((await days.spend("a", BUDGET, 1, late)).ok, false);
});

Deno.test("bytes and times that are none are refused", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  for (const bytes of [-1, 0.5, NaN, Infinity]) {
    const error = await assertRejects(() => days.spend("a", BUDGET, bytes, noon), MeshError);
    assertEquals(error.code, "usage");
  }
  const error = await assertRejects(() => days.spend("a", BUDGET, 1, new Date(NaN)), MeshError);
  assertEquals(error.code, "usage");
});
