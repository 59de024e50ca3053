import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { announce, type Running } from "../../../lib/run/run_file.ts";
import { untilReady } from "../../../lib/service/readiness.ts";

const RUNNING: Running = {
  pid: Deno.pid,
  name: "serve",
  host: "127.0.0.1",
  port: 8787,
  started_at: "2026-01-01T00:00:00.000Z",
};

Deno.test("a daemon is ready once it has announced itself", async () => {
  const root = await Deno.makeTempDir();
  const waiting = untilReady(root, { pid: Deno.pid, timeoutMs: 60_000 });
  const withdraw = await announce(root, RUNNING);
  assertEquals(await waiting, RUNNING);
  await withdraw();
  await Deno.remove(root, { recursive: true });
});

Deno.test("a daemon that has ended is not waited for", async () => {
  const root = await Deno.makeTempDir();
  const child = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
  await child.status;
  const waiting = untilReady(root, { pid: child.pid, timeoutMs: 60_000 });
  assertEquals((await assertRejects(() => waiting, MeshError)).code, "unavailable");
  await Deno.remove(root, { recursive: true });
});

Deno.test("another daemon of the state directory does not count", async () => {
  const root = await Deno.makeTempDir();
  const withdraw = await announce(root, { ...RUNNING, pid: 1 });
  for (const one of [{ pid: Deno.pid }, { name: "up" }]) {
    const waiting = untilReady(root, { ...one, timeoutMs: 200 });
    assertEquals((await assertRejects(() => waiting, MeshError)).code, "timeout");
  }
  await withdraw();
  await Deno.remove(root, { recursive: true });
});
