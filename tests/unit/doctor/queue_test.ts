import { assertEquals } from "@std/assert";
import { queue } from "../../../lib/doctor/queue.ts";
import { announce } from "../../../lib/run/run_file.ts";
import { only, TempNode } from "./nodes.ts";

const HOUR = 3_600_000;

function entry(id: string, to: string, age = 0) {
  const created_at = new Date(Date.now() - age).toISOString();
  return { id, protocol: "mesh", to, created_at, attempts: 1, next_attempt_at: created_at };
}

async function daemonOn(node: TempNode): Promise<AsyncDisposable> {
  const withdraw = await announce(node.root, {
    pid: Deno.pid,
    name: "serve",
    host: "127.0.0.1",
    port: 1,
    started_at: new Date().toISOString(),
  });
  return { [Symbol.asyncDispose]: withdraw };
}

Deno.test("an empty queue is ok", async () => {
  await using node = await TempNode.named("stan");
  const found = only(await node.run(queue));
  assertEquals([found.level, found.message], ["ok", "No message is waiting"]);
});

Deno.test("messages wait in vain where no daemon runs", async () => {
  await using node = await TempNode.named("stan");
  await node.state.outbox.create("msg_1", entry("msg_1", "kyle"));
  const found = only(await node.run(queue));
  assertEquals([found.level, found.fix], ["warning", "mesh serve"]);
});

Deno.test("a message may wait for an hour", async () => {
  await using node = await TempNode.named("stan");
  await using _daemon = await daemonOn(node);
  await node.state.outbox.create("msg_1", entry("msg_1", "kyle", HOUR / 2));
  const young = only(await node.run(queue));
  assertEquals([young.level, young.message], [
    "ok",
    '1 message to "kyle" waits, the oldest for 30 min',
  ]);
  await node.state.outbox.create("msg_2", entry("msg_2", "eric", 3 * HOUR));
  const old = only(await node.run(queue));
  assertEquals([old.level, old.message, old.fix], [
    "warning",
    '2 messages to "kyle", "eric" wait, the oldest for 3 h',
    "mesh queue list",
  ]);
});

Deno.test("dead letters are a warning, unless a crash left them beside a living entry", async () => {
  await using node = await TempNode.named("stan");
  await using _daemon = await daemonOn(node);
  await node.state.outbox.create("msg_1", entry("msg_1", "kyle"));
  await node.state.failed.create("msg_1", entry("msg_1", "kyle"));
  assertEquals(only(await node.run(queue)).level, "ok");
  await node.state.failed.create("msg_2", entry("msg_2", "eric"));
  const [waiting, dead] = await node.run(queue);
  assertEquals(waiting?.level, "ok");
  assertEquals([dead?.level, dead?.message, dead?.fix], [
    "warning",
    '1 message to "eric" was given up',
    "mesh queue list",
  ]);
});

Deno.test("an entry without a readable time still counts", async () => {
  await using node = await TempNode.named("stan");
  await using _daemon = await daemonOn(node);
  await node.state.outbox.create("msg_1", { ...entry("msg_1", "kyle"), created_at: "yesterday" });
  const found = only(await node.run(queue));
  assertEquals([found.level, found.message], ["ok", '1 message to "kyle" waits']);
});

Deno.test("a gateway is called by its name, and what nobody knows by the beginning of its key", async () => {
  await using node = await TempNode.named("stan");
  await using _daemon = await daemonOn(node);
  const key = "b3b723abf2a278415f681357c4b332e7446328724b5d16dd96466f4dac481fa7";
  await node.state.failed.create("n-1", { ...entry("n-1", key), protocol: "ogp" });
  assertEquals(
    only(await node.run(queue)).message,
    '1 message to "b3b723abf2a27841" was given up',
  );
});
