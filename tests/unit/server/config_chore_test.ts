import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { ownCard } from "../../../lib/ogp/card.ts";
import { ogpConfig } from "../../../lib/ogp/config.ts";
import { configChore } from "../../../server/config_chore.ts";
import { testGateway } from "../ogp/gateways.ts";

Deno.test("a gateway that runs says what is configured now", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const chore = configChore(node);
  await chore.run(true);
  const url = "https://new-words.example.com";
  await ogpConfig(node.state.store).change({ gatewayUrl: url });
  assertEquals(ownCard(node).gatewayUrl, "http://127.0.0.1:18790");
  await chore.run(false);
  assertEquals([ownCard(node).gatewayUrl, node.config.gatewayUrl], [url, url]);
  await ogpConfig(node.state.store).change({ gatewayUrl: undefined });
  await chore.run(false);
  assertEquals(ownCard(node).gatewayUrl, "");
});

Deno.test("a mistake in the file is told once, and what was valid goes on", async () => {
  await using gateway = await testGateway();
  const { node, root } = gateway;
  const chore = configChore(node);
  await chore.run(true);
  const before = node.config;
  await Deno.writeTextFile(`${root}/config.json`, '{"ogp":{"daemonPort":"x"}}');
  const error = await assertRejects(() => chore.run(false), MeshError);
  assertEquals(error.code, "config_invalid");
  await chore.run(false);
  assertEquals(node.config, before);
  await Deno.writeTextFile(`${root}/config.json`, '{"ogp":{"email":"a@b.c"}}');
  await chore.run(false);
  assertEquals(node.config.email, "a@b.c");
});
