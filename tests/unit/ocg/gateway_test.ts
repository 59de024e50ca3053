import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { parseOcgConfig } from "../../../lib/ocg/config.ts";
import type { PeerQuestion } from "../../../lib/ocg/peer_agent.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, FakeChannel, runGateway, streamed, until } from "./fakes.ts";

Deno.test("channels are started and stopped one by one, and one that fails holds up no other", async () => {
  await using root = await temporaryRoot();
  await using running = await runGateway(
    root.path,
    {
      channels: {
        broken: {},
        unknown: {},
        off: { enabled: false },
        fake: { accounts: { a: {}, b: { agentUrl: "http://b.example/chat" } } },
      },
    },
    EDITING,
    {
      factories: {
        broken: () => {
          throw new MeshError("config_invalid", "botToken is missing");
        },
        off: ({ account }) => new FakeChannel(account, EDITING),
        fake: ({ account }) => new FakeChannel(account, EDITING),
      },
    },
  );
  const { gateway } = running;
  const states = () =>
    gateway.status().map(({ channel, account, status }) => `${channel}/${account} ${status.state}`);
  assertEquals(states(), [
    "broken/default failed",
    "unknown/default failed",
    "off/default stopped",
    "fake/a running",
    "fake/b running",
  ]);
  assertStringIncludes(gateway.status()[0]?.status.error ?? "", "botToken");
  assertEquals(gateway.status()[4]?.agent.url, "http://b.example/chat");
  await gateway.stopChannel("fake", "a");
  await gateway.startChannel("off");
  assertEquals(states().slice(2), ["off/default running", "fake/a stopped", "fake/b running"]);
  await assertRejects(() => gateway.startChannel("nope"), MeshError, '"nope"');
  await assertRejects(() => gateway.startChannel("broken"), MeshError, "botToken");
});

Deno.test("two programs on one root do not run the same account", async () => {
  await using root = await temporaryRoot();
  await using first = await runGateway(root.path, {});
  await using second = await runGateway(root.path, {});
  assertEquals(first.gateway.status()[0]?.status.state, "running");
  assertStringIncludes(second.gateway.status()[0]?.status.error ?? "", "Another program");
  await first.gateway.stopChannel("fake");
  await second.gateway.startChannel("fake");
  assertEquals(second.gateway.status()[0]?.status.state, "running");
});

Deno.test("a chat can talk to a federated peer", async () => {
  await using root = await temporaryRoot();
  const asked: Omit<PeerQuestion, "signal">[] = [];
  await using running = await runGateway(root.path, { agentUrl: "ogp:anna/chat/home" }, EDITING, {
    askPeer: ({ signal: _, ...question }) => {
      asked.push(question);
      if (question.text === "empty") return Promise.resolve(" ");
      return Promise.resolve("from anna");
    },
  });
  const { channel } = running;
  await channel.write("1", "a", "hi");
  await channel.write("1", "b", "empty");
  await until(() => channel.texts("1").length === 2);
  assertEquals(channel.texts("1")[0], "from anna");
  assertStringIncludes(channel.texts("1")[1] ?? "", "⚠️");
  const session = "fake:default:1";
  assertEquals(asked[0], { peer: "anna", topic: "chat/home", text: "hi", session });
});

Deno.test("an agent of a kind that is not built in is a failure of the channel that wants it", async () => {
  await using root = await temporaryRoot();
  await using running = await runGateway(root.path, { agentUrl: "ogp:anna/chat" });
  assertStringIncludes(running.gateway.status()[0]?.status.error ?? "", '"ogp" cannot be used');
});

Deno.test("stopping interrupts an agent that hangs, and the message waits for the next start", async () => {
  await using root = await temporaryRoot();
  const open = Promise.withResolvers<Response>();
  await using agent = fakeAgent(() => open.promise);
  const running = await runGateway(root.path, { agentUrl: agent.url });
  await running.channel.write("1", "a", "hi");
  await until(() => agent.asked.length === 1);
  assertEquals(running.gateway.status()[0]?.waiting, 1);
  const start = performance.now();
  await running[Symbol.asyncDispose]();
  assert(performance.now() - start < 3000);
  assertEquals((await running.state.waiting.ids()).length, 1);
  assertEquals(running.events.filter(({ type }) => type === "agent_failed"), []);
  open.resolve(streamed(["x"]));
});

Deno.test("another configuration stops, restarts and starts what it changes, and nothing else", async () => {
  await using root = await temporaryRoot();
  const made: string[] = [];
  const fake = ({ account, agent }: { account: string; agent: { url: string } }) => {
    made.push(`${account} ${agent.url}`);
    return new FakeChannel(account, EDITING);
  };
  const accounts = { a: { agentUrl: "http://a/" }, b: { agentUrl: "http://b/" }, c: {} };
  await using running = await runGateway(root.path, { channels: { fake: { accounts } } }, EDITING, {
    factories: { fake },
  });
  const { gateway } = running;
  made.splice(0);
  const changed = {
    a: { agentUrl: "http://a/" },
    b: { agentUrl: "http://new/" },
    d: { agentUrl: "http://d/" },
    e: { enabled: false },
  };
  const { config } = parseOcgConfig(JSON.stringify({
    allowFrom: ["*"],
    dailyMessages: 0,
    channels: { fake: { accounts: changed } },
  }));
  await gateway.configure(config);
  assertEquals(made, ["b http://new/", "d http://d/"]);
  const states = gateway.status().map(({ account, status }) => `${account} ${status.state}`);
  assertEquals(states, ["a running", "b running", "d running", "e stopped"]);
});
