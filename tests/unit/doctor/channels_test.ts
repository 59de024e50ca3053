import { assertEquals, assertStringIncludes } from "@std/assert";
import { channels } from "../../../lib/doctor/channels.ts";
import type { DoctorOptions } from "../../../lib/doctor/context.ts";
import { identity } from "../../../lib/doctor/identity.ts";
import { port } from "../../../lib/doctor/port.ts";
import { openOcgState } from "../../../lib/ocg/state.ts";
import { pairingCode } from "../../../lib/ocg/pairing.ts";
import { FakeTelegram } from "../../fakes/telegram_api.ts";
import { closedPort } from "../mesh/scan/servers.ts";
import { only, TempNode } from "./nodes.ts";

const TOKEN = "123456:good-token-good-token-good-token-good";

async function configured(config: unknown): Promise<TempNode> {
  const node = await TempNode.empty();
  await node.write("ocg.json", JSON.stringify(config));
  return node;
}

async function look(node: TempNode, options: DoctorOptions = {}): Promise<string[]> {
  return (await node.run(channels, options)).map(({ level, message }) => `${level}: ${message}`);
}

Deno.test("a node without channels is not told to have some", async () => {
  await using node = await TempNode.named("stan");
  assertEquals(await node.run(channels), []);
});

Deno.test("a configuration that will not do is a failure that names the key", async () => {
  await using node = await configured({ callbackPort: "many" });
  const { level, message } = only(await node.run(channels));
  assertEquals(level, "failure");
  assertStringIncludes(message, '"callbackPort" is "many"');
});

Deno.test("a token is shown to its platform, the agent is asked, and nothing secret is told", async () => {
  const agent = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.json({ data: [] }),
  );
  const telegram = await FakeTelegram.start();
  await using _ = {
    async [Symbol.asyncDispose]() {
      await Promise.all([telegram.close(), agent.shutdown()]);
    },
  };
  const account = (botToken: string) => ({ botToken, apiRoot: telegram.apiRoot });
  await using node = await configured({
    agentUrl: `http://127.0.0.1:${agent.addr.port}/v1/chat/completions`,
    channels: {
      telegram: { accounts: { good: account(telegram.token), bad: account("999:other") } },
    },
  });
  const found = await look(node);
  assertEquals(found.length, 4, found.join("\n"));
  assertEquals(found[0], "warning: No chat channel runs");
  assertStringIncludes(found[1] ?? "", "ok: The token of telegram/good is good: it is @");
  assertStringIncludes(found[2] ?? "", "failure: The token of telegram/bad was not confirmed");
  assertStringIncludes(found[3] ?? "", "ok: The chats' agent at http://127.0.0.1");
  for (const line of found) assertEquals(line.includes("TEST-token"), false);
});

Deno.test("an agent and a platform that do not answer are warnings", async () => {
  const away = `http://127.0.0.1:${closedPort()}`;
  await using node = await configured({
    agentUrl: `${away}/v1/chat/completions`,
    channels: { telegram: { botToken: TOKEN, apiRoot: away } },
  });
  const levels = (await node.run(channels)).map(({ level }) => level);
  assertEquals(levels, ["warning", "warning", "warning"]);
});

Deno.test("people who wait to be let in are counted", async () => {
  await using node = await configured({ channels: { webchat: {} } });
  using state = openOcgState(node.root);
  await pairingCode(state, {
    channel: "telegram",
    account: "default",
    chat: "1",
    id: "1",
    kind: "direct",
    sender: { id: "1", name: "Bert" },
    text: "hi",
    addressed: true,
    sentAt: new Date(),
  }, new Date());
  const found = await node.run(channels);
  const last = found.at(-1);
  assertEquals([last?.message, last?.fix], [
    "1 person waits to be let in",
    "mesh ocg channels people",
  ]);
});

Deno.test("who only runs channels needs no identity", async () => {
  await using node = await configured({ channels: { webchat: {} } });
  assertEquals(only(await node.run(identity)).level, "ok");
  assertEquals(await node.run(port), []);
});
