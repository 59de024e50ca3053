import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { parseOcgConfig } from "../../../lib/ocg/config.ts";
import type { PeerQuestion } from "../../../lib/ocg/peer_agent.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, FakeChannel, runGateway, streamed, until, WHOLE } from "./fakes.ts";

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
  const about = { peer: "anna", topic: "chat/home", text: "hi", session };
  assertEquals(asked[0], { ...about, id: "a", timeoutMs: 300_000 });
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

Deno.test("an account that could not be started is tried again when its configuration changes", async () => {
  await using root = await temporaryRoot();
  const factory = (
    { account, settings }: { account: string; settings: Record<string, unknown> },
  ) => {
    if (!settings.botToken) throw new MeshError("config_invalid", "botToken is missing");
    return Promise.resolve(new FakeChannel(account, EDITING));
  };
  await using running = await runGateway(root.path, {}, EDITING, { factories: { fake: factory } });
  const { gateway } = running;
  const state = () => gateway.status()[0]?.status.state;
  const take = async (channels: unknown) => {
    const { config } = parseOcgConfig(JSON.stringify({ dailyMessages: 0, channels }));
    await gateway.configure(config);
  };
  assertEquals(state(), "failed");
  await take({ fake: { model: "still none" } });
  assertEquals(state(), "failed");
  await take({ fake: { botToken: "1:x" } });
  assertEquals(state(), "running");
  await gateway.stopChannel("fake");
  await take({ fake: { botToken: "1:y" } });
  assertEquals(state(), "stopped");
  await take({ fake: { botToken: "1:y", enabled: false } });
  await take({ fake: { botToken: "1:y" } });
  assertEquals(state(), "running");
});

Deno.test("an agent's address out of the environment is judged, and shown without its secrets", async () => {
  await using root = await temporaryRoot();
  for (const url of ["no address", "http://me:pw@agent.example/", "ftp://agent.example/"]) {
    const env = (name: string) => name === "OCG_AGENT_URL" ? url : undefined;
    await using running = await runGateway(root.path, {}, EDITING, { env });
    const [one] = running.gateway.status();
    assertStringIncludes(one?.status.error ?? "", "OCG_AGENT_URL is no address of an agent (an ");
    assertEquals(JSON.stringify(running.gateway.status()).includes("pw"), false);
  }
});

Deno.test("a channel that is told what an error is, and which change is the last one, is told so", async () => {
  await using root = await temporaryRoot();
  const said: unknown[] = [];
  class Telling extends FakeChannel {
    override async send(...args: Parameters<FakeChannel["send"]>) {
      said.push(["send", args[1].text, args[1].isError ?? false]);
      return await super.send(...args);
    }
    override async edit(...args: [...Parameters<FakeChannel["edit"]>, boolean?]) {
      said.push(["edit", args[2], args[4]]);
      const [chat, sent, text, signal] = args;
      return await super.edit(chat, sent, text, signal);
    }
  }
  await using agent = fakeAgent(({ messages }) =>
    messages[0]?.content === "fail"
      ? new Response("no", { status: 500 })
      : streamed(["One. ", "Two."], 150)
  );
  // The end comes before the platform lets the message be changed.
  const channel = new Telling("default", { ...EDITING, editEveryMs: 1_000 });
  await using _running = await runGateway(root.path, { agentUrl: agent.url }, EDITING, {
    factories: { fake: () => channel },
  });
  await channel.write("1", "a", "fine");
  await until(() => channel.texts("1")[0] === "One. Two.");
  const edits = said.filter((one) => Array.isArray(one) && one[0] === "edit");
  assertEquals(edits.at(-1), ["edit", "One. Two.", true]);
  assertEquals(said[0], ["send", "One.", false]);
  said.splice(0);
  await channel.write("1", "b", "fail");
  await until(() => channel.texts("1").length === 2);
  assertEquals(said, [["send", "⚠️ The agent had an error of its own.", true]]);
});

Deno.test("a message that is on its way when the gateway stops arrives, and is not sent again", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["done"]));
  const onItsWay = Promise.withResolvers<void>();
  class Slow extends FakeChannel {
    override async send(...[chat, message, signal]: Parameters<FakeChannel["send"]>) {
      const sent = await super.send(chat, message);
      onItsWay.resolve();
      // The platform has it; its word for that takes a while.
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, 200);
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
      return sent;
    }
  }
  const channel = new Slow("default", WHOLE);
  const options = { factories: { fake: () => channel } };
  const config = { agentUrl: agent.url };
  {
    await using _running = await runGateway(root.path, config, WHOLE, options);
    await channel.write("1", "a", "go");
    await onItsWay.promise;
  }
  await using running = await runGateway(root.path, config, WHOLE, options);
  await channel.write("1", "b", "and again");
  await until(() => running.gateway.status()[0]?.waiting === 0);
  assertEquals(channel.texts("1"), ["done", "done"]);
  assertEquals(agent.asked.length, 2);
});
