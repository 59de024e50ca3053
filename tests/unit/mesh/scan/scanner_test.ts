import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import type { ProbeResult } from "../../../../lib/mesh/scan/probe.ts";
import { type Scan, scan, type ScanSummary } from "../../../../lib/mesh/scan/scanner.ts";
import { parseTargets, type Target, type TargetSet } from "../../../../lib/mesh/scan/targets.ts";
import {
  answering,
  closedPort,
  discovery,
  type RawServer,
  sampleCard,
  silent,
  targetAt,
} from "./servers.ts";

async function all(run: Scan): Promise<ProbeResult[]> {
  return await Array.fromAsync(run);
}

function refusing(count: number): Set<Target> {
  const port = closedPort();
  return new Set(
    Array.from({ length: count }, (_, i) => targetAt(`http://127.0.0.1:${port}/${i}`)),
  );
}

/** The same server under many URLs. */
function copies(server: RawServer, count: number): Set<Target> {
  return new Set(Array.from({ length: count }, (_, i) => targetAt(`${server.target.url}/${i}`)));
}

Deno.test("a scan tells agents, closed ports and silence apart", async () => {
  await using agent = answering(JSON.stringify(discovery(await sampleCard())));
  await using quiet = silent();
  await using web = answering("<html>");
  const targets = new Set([agent.target, quiet.target, web.target, ...refusing(2)]);
  const run = scan(targets, { timeoutMs: 300 });
  assertEquals((await all(run)).length, 5);
  const { millis, ...summary } = run.summary;
  assertEquals(summary, {
    total: 5,
    probed: 5,
    answered: 1,
    refused: 2,
    silent: 1,
    failed: 1,
    skipped: 0,
    endedBy: "done",
  });
  assertGreater(millis, 250);
});

Deno.test("results come before the slowest probe is done", async () => {
  await using agent = answering(JSON.stringify(discovery(await sampleCard())));
  await using quiet = silent();
  const order: boolean[] = [];
  const run = scan(new Set([quiet.target, agent.target]), { timeoutMs: 400 });
  for await (const result of run) {
    order.push(result.ok);
    if (result.ok) assertEquals(run.summary.endedBy, "running");
  }
  assertEquals(order, [true, false]);
});

Deno.test("254 places, 8 of them agents, take little longer than one timeout", async () => {
  const timeoutMs = 500;
  const agents = await Promise.all(
    Array.from(
      { length: 8 },
      async (_, i) => answering(JSON.stringify(discovery(await sampleCard(`agent-${i}`)))),
    ),
  );
  await using quiet = silent();
  const targets = new Set([
    ...copies(quiet, 123),
    ...refusing(123),
    ...agents.map((agent) => agent.target),
  ]);
  const run = scan(targets, { timeoutMs });
  const results = await all(run);
  for (const agent of agents) await agent[Symbol.asyncDispose]();
  assertEquals(results.filter(({ ok }) => ok).length, 8);
  assertEquals(run.summary.silent, 123);
  assertEquals(run.summary.refused, 123);
  // The aim is 1.25, which the benchmark measures; tests share the machine with other tests.
  assertLess(run.summary.millis, 3 * timeoutMs);
});

Deno.test("no more probes run at once than allowed", async () => {
  let [now, most] = [0, 0];
  const server = Deno.serve({ port: 0, onListen() {} }, async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 20));
    now--;
    return new Response();
  });
  const targets = new Set(
    Array.from({ length: 30 }, (_, i) => targetAt(`http://127.0.0.1:${server.addr.port}/${i}`)),
  );
  await all(scan(targets, { concurrency: 4, timeoutMs: 10_000 }));
  await server.shutdown();
  assertEquals(most, 4);
});

Deno.test("targets are made only as there is room for them", async () => {
  const port = closedPort();
  let made = 0;
  const endless: TargetSet = {
    size: 1_000_000,
    *[Symbol.iterator]() {
      for (;;) yield targetAt(`http://127.0.0.1:${port}/${made++}`);
    },
  };
  let seen = 0;
  for await (const _ of scan(endless, { concurrency: 10 })) {
    if (++seen === 100) break;
  }
  assertLess(made, 130);
});

Deno.test("an agent among thousands of refusals is not starved", async () => {
  await using agent = answering(JSON.stringify(discovery(await sampleCard())));
  const many = [...refusing(6000)];
  const targets = new Set([...many.slice(0, 150), agent.target, ...many.slice(150)]);
  const run = scan(targets, { timeoutMs: 10_000 });
  let position = 0;
  let found = 0;
  for await (const { ok } of run) {
    position++;
    if (ok) found = position;
  }
  assertEquals(run.summary.refused, 6000);
  assertGreater(found, 0);
  assertLess(found, 3000);
});

Deno.test("the deadline ends the scan and counts what was left out", async () => {
  await using quiet = silent();
  const run = scan(copies(quiet, 100), { concurrency: 10, timeoutMs: 150, deadlineMs: 400 });
  const results = await all(run);
  const { probed, skipped, total, endedBy, millis } = run.summary;
  assertEquals(endedBy, "deadline");
  assertEquals(results.length, probed);
  assertEquals(probed + skipped, total);
  assert(probed === 20 || probed === 10, `${probed} probes were done`);
  assertLess(millis, 2000);
  await closed(quiet);
});

Deno.test("a deadline that has passed asks nobody", async () => {
  await using quiet = silent();
  const run = scan(copies(quiet, 5), { deadlineMs: 0 });
  assertEquals(await all(run), []);
  assertEquals(run.summary.skipped, 5);
  assertEquals(run.summary.endedBy, "deadline");
  assertEquals(quiet.requests, []);
});

Deno.test("an interrupt ends the scan without an exception and keeps what was found", async () => {
  await using agent = answering(JSON.stringify(discovery(await sampleCard())));
  await using quiet = silent();
  const abort = new AbortController();
  const targets = new Set([agent.target, ...copies(quiet, 50)]);
  const run = scan(targets, { timeoutMs: 60_000, signal: abort.signal });
  const found: ProbeResult[] = [];
  for await (const result of run) {
    found.push(result);
    abort.abort();
  }
  assertEquals(found.map(({ ok }) => ok), [true]);
  const { probed, skipped, endedBy } = run.summary;
  assertEquals({ probed, skipped, endedBy }, { probed: 1, skipped: 50, endedBy: "interrupted" });
  await closed(quiet);
});

Deno.test("a scan that is interrupted before its start asks nobody", async () => {
  const run = scan(refusing(3), { signal: AbortSignal.abort() });
  assertEquals(await all(run), []);
  assertEquals(run.summary.endedBy, "interrupted");
});

Deno.test("a walk that is broken off leaves no connection behind", async () => {
  await using quiet = silent();
  const targets = new Set([...copies(quiet, 20), ...refusing(1)]);
  const run = scan(targets, { timeoutMs: 60_000 });
  for await (const _ of run) break;
  assertEquals(run.summary.endedBy, "interrupted");
  assertEquals(run.summary.skipped, 20);
  await closed(quiet);
});

Deno.test("nothing happens before the walk, and a second walk is empty", async () => {
  const run = scan(refusing(2), {});
  assertEquals(run.summary.endedBy, "running");
  assertEquals(run.summary.probed, 0);
  assertEquals((await all(run)).length, 2);
  assertEquals(await all(run), []);
});

Deno.test("progress is told after each probe", async () => {
  const seen: ScanSummary[] = [];
  await all(scan(refusing(7), { onProgress: (summary) => seen.push(summary) }));
  assertEquals(seen.map(({ probed }) => probed), [1, 2, 3, 4, 5, 6, 7]);
  assert(seen.every(({ total, endedBy }) => total === 7 && endedBy === "running"));
});

Deno.test("a fault in the caller's code comes out of the walk", async () => {
  await using quiet = silent();
  const onProgress = () => {
    throw new RangeError("broken bar");
  };
  const targets = new Set([...copies(quiet, 3), ...refusing(1)]);
  const run = scan(targets, { timeoutMs: 60_000, onProgress });
  await assertRejects(() => all(run), RangeError, "broken bar");
  await closed(quiet);
});

Deno.test("an empty scan is done at once", async () => {
  const run = scan(parseTargets([]));
  assertEquals(await all(run), []);
  assertEquals(run.summary.endedBy, "done");
});

Deno.test("options that make no sense are refused", () => {
  for (
    const options of [
      { concurrency: 0 },
      { concurrency: 1.5 },
      { concurrency: 5000 },
      { timeoutMs: 0 },
      { timeoutMs: NaN },
      { timeoutMs: Infinity },
      { deadlineMs: NaN },
    ]
  ) {
    const error = assertThrows(() => scan(new Set(), options), MeshError);
    assertEquals(error.code, "usage");
  }
});

async function closed(server: RawServer): Promise<void> {
  for (let i = 0; i < 500 && server.open > 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assertEquals(server.open, 0);
}
