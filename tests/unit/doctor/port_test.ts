import { assertEquals, assertStringIncludes } from "@std/assert";
import { port, servedPort } from "../../../lib/doctor/port.ts";
import { openMeshNode } from "../../../lib/mesh/node.ts";
import { announce } from "../../../lib/run/run_file.ts";
import { startDaemon } from "../../../server/daemon.ts";
import { answering, closedPort, silent } from "../mesh/scan/servers.ts";
import { CardServer, only, TempNode } from "./nodes.ts";

Deno.test("a daemon that answers with the node's key is ok", async () => {
  await using node = await TempNode.named("stan");
  const daemon = await startDaemon(await openMeshNode(node.root), { host: "0.0.0.0", port: 0 });
  try {
    const found = only(await node.run(port));
    assertEquals(found.level, "ok");
    assertStringIncludes(found.message, `(process ${Deno.pid}) on 0.0.0.0 port ${daemon.port}`);
  } finally {
    await daemon.stop(1_000);
  }
});

Deno.test("a daemon that was started under another identity is a failure", async () => {
  await using node = await TempNode.named("stan");
  const daemon = await startDaemon(await openMeshNode(node.root), { host: "127.0.0.1", port: 0 });
  try {
    await using other = await TempNode.named("stan");
    await node.edit(await other.card() as unknown as Record<string, unknown>);
    const found = only(await node.run(port));
    assertEquals(found.level, "failure");
    assertStringIncludes(found.message, "another key");
    assertEquals(found.fix, `kill ${Deno.pid}; mesh serve --port ${daemon.port}`);
  } finally {
    await daemon.stop(1_000);
  }
});

Deno.test("a daemon that hangs is a failure", async () => {
  await using node = await TempNode.named("stan");
  await using mute = silent();
  const withdraw = await announce(node.root, {
    pid: Deno.pid,
    name: "serve",
    host: "127.0.0.1",
    port: mute.port,
    started_at: new Date().toISOString(),
  });
  const found = only(await node.run(port, { probeMs: 200 }));
  await withdraw();
  assertEquals(found.level, "failure");
  assertStringIncludes(found.message, "does not answer");
});

Deno.test("one surface of a process that runs everything is not mended by ending that process alone", async () => {
  await using node = await TempNode.named("stan");
  await using mute = silent();
  const self = {
    pid: Deno.pid,
    host: "127.0.0.1",
    port: mute.port,
    started_at: "2026-01-01T00:00:00Z",
  };
  const serve = await announce(node.root, { ...self, name: "serve" });
  const up = await announce(node.root, { ...self, name: "up" });
  const found = only(await node.run(port, { probeMs: 200 }));
  await Promise.all([serve(), up()]);
  assertEquals(found.fix, "mesh stop; mesh up --background");
});

Deno.test("without a daemon the command that starts one is named, with the endpoint's port", async () => {
  const free = closedPort();
  await using node = await TempNode.named("stan", `http://127.0.0.1:${free}`);
  const found = only(await node.run(port));
  assertEquals([found.level, found.fix], ["warning", `mesh serve --port ${free}`]);
});

Deno.test("a port that another node has is a failure that names it", async () => {
  await using other = await TempNode.named("kyle");
  await using server = new CardServer();
  server.card = await other.card();
  await using node = await TempNode.named("stan", server.url);
  const found = only(await node.run(port));
  assertEquals([found.level, found.fix], ["failure", `mesh serve --port ${server.port + 1}`]);
  assertStringIncludes(found.message, 'the mesh node "kyle" has port');
});

Deno.test("a port that another program has is a failure, whatever that program says", async () => {
  for (const server of [answering("<html>"), silent()]) {
    await using running = server;
    await using node = await TempNode.named("stan", running.target.url);
    const found = only(await node.run(port, { probeMs: 200 }));
    assertEquals(found.level, "failure");
    assertStringIncludes(found.message, `another program has port ${running.port}`);
  }
});

Deno.test("another program that answers for this node does not deliver for it", async () => {
  await using server = new CardServer();
  await using node = await TempNode.named("stan", server.url);
  server.card = await node.card();
  const found = only(await node.run(port));
  assertEquals([found.level, found.fix], ["warning", "mesh queue retry"]);
});

Deno.test("only an endpoint that leads straight to the daemon tells its port", () => {
  assertEquals(servedPort("http://10.0.0.7:9000"), 9000);
  assertEquals(servedPort("http://10.0.0.7:9000/"), 9000);
  for (
    const endpoint of [
      undefined,
      "",
      "no url",
      "http://10.0.0.7",
      "https://mesh.example:9000",
      "http://10.0.0.7:9000/behind/proxy",
    ]
  ) assertEquals(servedPort(endpoint), 8787);
});
