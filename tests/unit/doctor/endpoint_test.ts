import { assertEquals, assertStringIncludes } from "@std/assert";
import { endpoint } from "../../../lib/doctor/endpoint.ts";
import { announce } from "../../../lib/run/run_file.ts";
import { closedPort, silent } from "../mesh/scan/servers.ts";
import { CardServer, only, TempNode } from "./nodes.ts";

Deno.test("an endpoint that answers with the own key is ok", async () => {
  await using server = new CardServer();
  await using node = await TempNode.named("stan", server.url);
  server.card = await node.card();
  const found = only(await node.run(endpoint));
  assertEquals([found.level, found.fix], ["ok", undefined]);
});

Deno.test("without an identity there is no endpoint to look at", async () => {
  await using node = await TempNode.empty();
  assertEquals(await node.run(endpoint), []);
});

Deno.test("an endpoint where another key answers is a failure", async () => {
  await using server = new CardServer();
  await using node = await TempNode.named("stan", server.url);
  await using other = await TempNode.named("kyle");
  server.card = await other.card();
  const found = only(await node.run(endpoint));
  assertEquals(found.level, "failure");
  assertStringIncludes(found.message, '"kyle" answers with another key');
  assertStringIncludes(found.fix!, "mesh config set identity.endpoint http://");
});

Deno.test("a card from before the last change of identity.json asks for a restart", async () => {
  await using server = new CardServer();
  await using node = await TempNode.named("stan", server.url);
  server.card = { ...await node.card(), endpoint: "http://10.0.0.7:8787" };
  const found = only(await node.run(endpoint));
  assertEquals([found.level, found.fix], ["warning", "restart mesh serve"]);
});

Deno.test("an endpoint that is silent wants a daemon, or, if there is one, another address", async () => {
  const free = closedPort();
  await using node = await TempNode.named("stan", `http://127.0.0.1:${free}`);
  const alone = only(await node.run(endpoint, { nameRoot: true }));
  assertEquals([alone.level, alone.fix], [
    "warning",
    `mesh serve --port ${free} --state-dir ${node.root}`,
  ]);
  assertStringIncludes(alone.message, "nothing listens on that port");

  const withdraw = await announce(node.root, {
    pid: Deno.pid,
    name: "serve",
    host: "0.0.0.0",
    port: 9111,
    started_at: new Date().toISOString(),
  });
  const served = only(await node.run(endpoint));
  await withdraw();
  assertEquals(served.level, "warning");
  assertStringIncludes(served.message, "this node listens on 0.0.0.0 port 9111");
  assertStringIncludes(served.fix!, ":9111");
});

Deno.test("an endpoint that hangs is given up", async () => {
  await using mute = silent();
  await using node = await TempNode.named("stan", mute.target.url);
  const found = only(await node.run(endpoint, { probeMs: 150 }));
  assertEquals(found.level, "warning");
  assertStringIncludes(found.message, "no complete answer within 150 ms");
});

Deno.test("an endpoint that is missing or that nobody can be at is told before it is asked", async () => {
  await using node = await TempNode.named("stan");
  await node.edit({ endpoint: null });
  assertEquals(only(await node.run(endpoint)).level, "warning");
  await node.edit({ endpoint: "http://169.254.1.1:8787" });
  const found = only(await node.run(endpoint));
  assertEquals(found.level, "failure");
  assertStringIncludes(found.message, "no peer can be there");
});
