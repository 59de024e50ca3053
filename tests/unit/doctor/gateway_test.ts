import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Finding } from "../../../lib/doctor/check.ts";
import { openDoctor } from "../../../lib/doctor/context.ts";
import { federation } from "../../../lib/doctor/federation.ts";
import { gateway } from "../../../lib/doctor/gateway.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { ogpConfig } from "../../../lib/ogp/config.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { startGateway } from "../../../server/gateway.ts";
import { closedPort } from "../mesh/scan/servers.ts";
import { befriend, stranger, testGateway } from "../ogp/gateways.ts";
import { only, TempNode } from "./nodes.ts";

async function look(root: string, check = gateway): Promise<Finding[]> {
  return await runChecks([check], openDoctor(root, { probeMs: 2_000 }));
}

Deno.test("a node that is no gateway is not told to become one", async () => {
  await using node = await TempNode.named("stan");
  assertEquals(await node.run(gateway), []);
  assertEquals(await node.run(federation), []);
});

Deno.test("a gateway that runs and is found at its URL is well", async () => {
  const port = closedPort();
  const config = { daemonPort: port, gatewayUrl: `http://127.0.0.1:${port}` };
  await using one = await testGateway({ config });
  const daemon = await startGateway(one.node, { host: "127.0.0.1", port });
  try {
    const found = await look(one.root);
    assertEquals(found.map(({ level }) => level), ["ok", "ok"]);
    assertStringIncludes(found[1]!.message, "answers with this gateway's key");
  } finally {
    await daemon.stop(1_000);
  }
});

Deno.test("one that does not run, and has no URL, is told how to", async () => {
  await using one = await testGateway({
    config: { daemonPort: closedPort(), gatewayUrl: undefined },
  });
  const found = await look(one.root);
  assertEquals(found.map(({ level, fix }) => [level, fix]), [
    ["warning", "mesh ogp start --background"],
    ["warning", "mesh ogp setup --gateway-url URL"],
  ]);
});

Deno.test("another gateway at its URL is a failure", async () => {
  const port = closedPort();
  await using other = await testGateway({ displayName: "Other" });
  await using one = await testGateway({
    config: { daemonPort: port, gatewayUrl: `http://127.0.0.1:${port}` },
  });
  const daemon = await startGateway(other.node, { host: "127.0.0.1", port });
  try {
    const found = await look(one.root);
    assertEquals(found.map(({ level }) => level), ["failure", "failure"]);
    assertStringIncludes(found[0]!.message, 'another one, "Other", is at');
    assertStringIncludes(found[1]!.message, '"Other" answers with another key');
  } finally {
    await daemon.stop(1_000);
  }
});

Deno.test("a slip in the configuration is said, and nothing else is guessed", async () => {
  await using one = await testGateway();
  await Deno.writeTextFile(`${one.root}/config.json`, '{"ogp": {"daemonPort": "many"}}');
  const { level, message } = only(await look(one.root));
  assertEquals(level, "failure");
  assertStringIncludes(message, "ogp.daemonPort");
});

Deno.test("gateways that do not answer are named, with the command that asks them again", async () => {
  await using one = await testGateway();
  const [stan, kyle] = [stranger(), stranger()];
  await befriend(one, stan, { alias: "stan" });
  await befriend(one, kyle, { displayName: "Kyle" });
  assertEquals((await look(one.root, federation)).map(({ message }) => message), [
    "Nothing is wrong with 2 gateways",
  ]);
  const at = new Date().toISOString();
  await one.node.state.health.put(peerName(stan.publicKey), {
    lastCheckedAt: at,
    lastError: "Cannot reach http://127.0.0.1:19999",
    failures: [at],
  });
  const [sound, ill] = await look(one.root, federation);
  assertEquals(sound?.message, "Nothing is wrong with 1 gateway");
  assertEquals([ill?.level, ill?.fix], ["warning", "mesh ogp federation ping stan"]);
  assertEquals(ill?.message, 'Gateway "stan" did not answer: cannot reach http://127.0.0.1:19999');
});

Deno.test("the configuration of a gateway is enough to be one", async () => {
  await using node = await TempNode.named("stan");
  await ogpConfig(node.context().ogp.store).change({ daemonPort: closedPort() });
  assertEquals((await node.run(gateway)).length, 2);
});
