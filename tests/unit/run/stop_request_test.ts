import { assertEquals } from "@std/assert";
import { announce, listRunning, type Running } from "../../../lib/run/run_file.ts";
import { clearStopRequest, requestStop, stopRequested } from "../../../lib/run/stop_request.ts";
import { temporaryRoot } from "../mesh/parties.ts";

function running(changes: Partial<Running> = {}): Running {
  return {
    pid: 4711,
    name: "ogp",
    host: "127.0.0.1",
    port: 18790,
    started_at: "2026-11-21T12:00:00.000Z",
    ...changes,
  };
}

/** A folder in which a daemon could run. */
async function rootWithRun() {
  const root = await temporaryRoot();
  await Deno.mkdir(`${root.path}/run`);
  return root;
}

Deno.test("a daemon hears that it is asked to stop, at once", async () => {
  await using root = await rootWithRun();
  const asked = stopRequested(root.path, running(), new AbortController().signal);
  const start = performance.now();
  await requestStop(root.path, running());
  await requestStop(root.path, running());
  assertEquals(await asked, true);
  assertEquals(performance.now() - start < 2_000, true);
  await clearStopRequest(root.path, running());
  await clearStopRequest(root.path, running());
  assertEquals(await Array.fromAsync(Deno.readDir(`${root.path}/run`)), []);
});

Deno.test("a request that was there before the daemon looked is heard, too", async () => {
  await using root = await rootWithRun();
  await requestStop(root.path, running());
  assertEquals(await stopRequested(root.path, running(), new AbortController().signal), true);
});

Deno.test("a request is for one daemon, even where another has its number", async () => {
  await using root = await rootWithRun();
  const others = [
    running({ started_at: "2026-11-21T12:00:00.001Z" }),
    running({ name: "serve" }),
    running({ pid: 4712 }),
  ];
  const stop = new AbortController();
  const waiting = others.map((other) => stopRequested(root.path, other, stop.signal));
  await requestStop(root.path, running());
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort();
  assertEquals(await Promise.all(waiting), [false, false, false]);
});

Deno.test("who waits can be told to wait no longer, also before it began", async () => {
  await using root = await rootWithRun();
  assertEquals(await stopRequested(root.path, running(), AbortSignal.abort()), false);
});

Deno.test("without a folder to watch it is looked at from time to time", async () => {
  await using root = await temporaryRoot();
  const asked = stopRequested(root.path, running(), new AbortController().signal);
  await Deno.mkdir(`${root.path}/run`);
  await requestStop(root.path, running());
  assertEquals(await asked, true);
});

Deno.test("a request is not taken for a daemon", async () => {
  await using root = await temporaryRoot();
  const withdraw = await announce(root.path, running({ pid: Deno.pid }));
  await requestStop(root.path, running({ pid: Deno.pid }));
  assertEquals((await listRunning(root.path)).length, 1);
  await withdraw();
});
