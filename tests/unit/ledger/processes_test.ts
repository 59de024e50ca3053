import { assert, assertEquals, assertGreater } from "@std/assert";
import { DayTallies } from "../../../lib/ledger/day_tallies.ts";
import { RateLedgers } from "../../../lib/ledger/rate_ledgers.ts";
import { filesBelow, temporaryRoot } from "../store/temporary_root.ts";

const PROGRAM = new URL("./taker.ts", import.meta.url).pathname;

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", PROGRAM, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function runFour(...args: string[]): Promise<number[]> {
  const outputs = await Promise.all([1, 2, 3, 4].map(() => start(...args).output()));
  return outputs.map(({ code, stdout }) => {
    assertEquals(code, 0);
    return Number(new TextDecoder().decode(stdout));
  });
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

Deno.test("of four processes that take from one ledger exactly the limit passes", async () => {
  await using root = await temporaryRoot();
  const passed = await runFour(root.path, "take", "20000");
  assertEquals(sum(passed), 20_000);
  assertGreater(passed.filter((count) => count > 0).length, 1);
  using rates = new RateLedgers(root.path);
  const limit = { requests: 20_000, windowSeconds: 3600 };
  assertEquals((await rates.take("shared", limit, new Date())).ok, false);
});

Deno.test("four processes that trim one ledger again and again lose nothing of it", async () => {
  await using root = await temporaryRoot();
  const passed = await runFour(root.path, "churn", "5000");
  const [head, ...times] = (await Deno.readTextFile(`${root.path}/shared.rate`)).trim().split("\n");
  assert(head!.startsWith("+"));
  assertEquals(Number(head) + times.length, sum(passed));
  assertEquals(times, times.toSorted());
  assertEquals(await filesBelow(root.path), ["shared.rate"]);
});

Deno.test("two ledgers of one process count together", async () => {
  await using root = await temporaryRoot();
  using one = new RateLedgers(root.path);
  using two = new RateLedgers(root.path);
  const limit = { requests: 700, windowSeconds: 3600 };
  const takings = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => (n % 2 ? one : two).take("a", limit, new Date())),
  );
  assertEquals(takings.filter(({ ok }) => ok).length, 700);
});

Deno.test("four processes that spend one budget spend exactly all of it", async () => {
  await using root = await temporaryRoot();
  const passed = await runFour(root.path, "spend", "5000");
  assertEquals(sum(passed), 5000);
  using days = new DayTallies(root.path);
  const used = await days.read("shared", new Date("2026-11-21T23:00:00Z"));
  assertEquals(used, { messages: 5000, bytes: 35_000 });
});

Deno.test("killed processes leave a ledger that goes on, and in which nothing that passed is missing", async () => {
  await using root = await temporaryRoot();
  let told = 0;
  for (let round = 0; round < 4; round++) {
    const children = [start(root.path, "keep", "1000000"), start(root.path, "keep", "1000000")];
    const counting = children.map(async (child) => {
      let lines = 0;
      for await (const bytes of child.stdout) {
        for (const byte of bytes) if (byte === 0x0a) lines++;
        if (lines >= 200 + 37 * round) break;
      }
      child.kill("SIGKILL");
      await child.status;
      return lines;
    });
    told += sum(await Promise.all(counting));
  }
  using rates = new RateLedgers(root.path, { lockTimeout: 1000 });
  const limit = { requests: 1_000_000, windowSeconds: 3600 };
  assert((await rates.take("shared", limit, new Date())).ok);
  const lines = (await Deno.readTextFile(`${root.path}/shared.rate`)).split("\n");
  assertEquals(lines.pop(), "");
  assert(lines.every((line) => /^\d{13}$/.test(line)));
  assertGreater(lines.length, told);
});

Deno.test({
  name:
    "a process that is stopped with the lock holds up nobody's other work, and then it is an error",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using root = await temporaryRoot();
    using rates = new RateLedgers(root.path, { lockTimeout: 300 });
    const limit = { requests: 100, windowSeconds: 3600 };
    await rates.take("shared", limit, new Date());
    // The lock is the file's, so anything that holds it will do.
    using other = Deno.openSync(`${root.path}/shared.rate`, { read: true, write: true });
    assert(other.tryLockSync(true));
    const began = performance.now();
    const waiting = Array.from({ length: 50 }, () =>
      rates.take("shared", limit, new Date()).then(
        () => "passed",
        (error) => error.code,
      ));
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    assert((await rates.take("another", limit, new Date())).ok);
    assert(performance.now() - began < 200);
    assertEquals(await Promise.all(waiting), Array(50).fill("locked"));
    clearInterval(timer);
    assertGreater(ticks, 10);

    const patient = rates.take("shared", limit, new Date());
    other.unlockSync();
    assertEquals(await patient, { ok: true });
  },
});
