import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pause, resume } from "../../../../lib/delivery/pause.ts";
import { notifyConfig } from "../../../../lib/notify/config.ts";
import { requeueHandovers } from "../../../../lib/ogp/handover/requeue.ts";
import { registerIntent } from "../../../../lib/ogp/intents/registry.ts";
import { setTopics } from "../../../../lib/ogp/policies/changes.ts";
import { GLOBAL } from "../../../../lib/ogp/policies/policy_store.ts";
import { answerMessage } from "../../../../lib/ogp/replies.ts";
import { befriend } from "../gateways.ts";
import { House, say, SECRET } from "./agent.ts";

Deno.test("what a peer says reaches the agent in a frame, and the agent's answer is the reply", async () => {
  await using house = await House.open();
  const message = await house.comms("How do you persist context?", { topic: "memory-management" });
  assertEquals((await house.mark(message)).state, "queued");
  assertEquals((await house.hand(message)).state, "accepted");
  const heading = "[OGP Agent-Comms] Stan → memory-management [SUMMARY]:";
  assertEquals(house.agent.prompts, [`${heading} How do you persist context?`]);
  assertEquals(await house.reply(message), {
    success: true,
    data: { text: `echo: ${heading} How do you persist context?` },
  });
  const { state, level } = await house.mark(message);
  assertEquals([state, level], ["replied", "summary"]);
  assertEquals(await house.node.state.outbox.ids(), []);
});

Deno.test("where nobody is to get it, a message is stored and nothing else", async () => {
  await using house = await House.open({ default: "none" });
  const plain = await house.receive();
  const comms = await house.comms("hello");
  assertEquals([await house.mark(plain), (await house.mark(comms)).state], [undefined, "stored"]);
  assertEquals(await house.node.state.outbox.ids(), []);
  // What the owner configures later is about what comes later.
  await notifyConfig(house.node.state.store).change({ default: "agent" });
  assertEquals(await requeueHandovers(house.node, house.outbox), []);
});

Deno.test("a pause of everything outgoing holds nothing back from the owner's own agent", async () => {
  await using house = await House.open();
  await pause(house.node.state.store, house.gateway.clock.now());
  const message = await house.comms("hello");
  assertEquals((await house.hand(message)).state, "accepted");
  await resume(house.node.state.store);
});

Deno.test("each level does what it says", async (t) => {
  await using house = await House.open();
  const level = async (level: "full" | "deny" | "off" | "escalate") =>
    await setTopics(house.node.state, GLOBAL, { topics: ["general"], level });

  await t.step("full is in the frame", async () => {
    await level("full");
    await house.hand(await house.comms("a"));
    assertEquals(house.agent.prompts.splice(0), ["[OGP Agent-Comms] Stan → general [FULL]: a"]);
  });
  await t.step("deny answers by itself, and the agent hears nothing", async () => {
    await level("deny");
    const message = await house.comms("b");
    assertEquals((await house.hand(message)).state, "accepted");
    assertEquals(await house.reply(message), {
      success: true,
      data: {
        text: "Thank you for asking, but I'm not able to discuss that topic.",
        level: "deny",
      },
    });
    assertEquals([house.agent.calls.length, (await house.mark(message)).state], [1, "declined"]);
  });
  await t.step("deny answers also where there is no agent", async () => {
    await notifyConfig(house.node.state.store).change({ default: undefined });
    const message = await house.comms("b2");
    await house.hand(message);
    assertEquals((await house.reply(message)).data.level, "deny");
    await notifyConfig(house.node.state.store).change({ default: "agent" });
  });
  await t.step("off is refused, signed, and not stored", async () => {
    await level("off");
    const before = await house.node.state.messagesIn.ids();
    const error = await house.comms("c").catch((error) => error);
    assertEquals([error.code, error.response.status], ["refused", "rejected"]);
    assertMatch(error.response.signature, /^[0-9a-f]{128}$/);
    assertEquals(await house.node.state.messagesIn.ids(), before);
  });
  await t.step("the level that counts is that of the time at which it came", async () => {
    await level("full");
    const message = await house.comms("d");
    await level("off");
    await house.hand(message);
    assertStringIncludes(house.agent.prompts.at(-1) ?? "", "[FULL]: d");
  });
});

Deno.test("an agent that fails for good makes one clear reply, and the details stay here", async () => {
  await using house = await House.open();
  house.agent.answer = (_, response) => say(response, "secret details", 400);
  const message = await house.comms("hello");
  assertEquals((await house.hand(message)).state, "failed");
  assertEquals(await house.reply(message), {
    success: false,
    error: "The message could not be handed to the agent",
  });
  const { state, reason } = await house.mark(message);
  assertEquals(state, "failed");
  assertStringIncludes(reason, "status 400");
  assertEquals(await house.node.state.failed.ids(), [`handover-${message.name}`]);
});

Deno.test("a dead letter can be tried again, and its sender is not told two things", async () => {
  await using house = await House.open();
  const { answer } = house.agent;
  house.agent.answer = (_, response) => say(response, "no", 400);
  const message = await house.comms("hello");
  await house.hand(message);
  house.agent.answer = answer;
  const before = await house.reply(message);
  assertEquals((await house.outbox.retry(`handover-${message.name}`)).state, "accepted");
  assertEquals([await house.reply(message), (await house.mark(message)).state], [before, "handed"]);
  assertEquals([house.agent.calls.length, await house.node.state.failed.ids()], [2, []]);
});

Deno.test("an agent that is down gets it later; who waits for a day is told", async () => {
  await using house = await House.open();
  house.agent.answer = (_, response) => response.destroy();
  const message = await house.comms("hello");
  let attempts = 0;
  for (let state = "queued"; state === "queued"; attempts++) {
    const entry = await house.node.state.outbox.get(`handover-${message.name}`);
    assert(entry, "It is gone");
    const due = Date.parse(entry.next_attempt_at) - house.gateway.clock.now().getTime();
    house.gateway.clock.pass(Math.max(0, due));
    assertEquals(await house.reply(message), undefined);
    state = (await house.hand(message)).state;
  }
  const waited = house.gateway.clock.now().getTime() - message.receivedAt.getTime();
  assert(waited > 20 * 3_600_000 && waited < 23.9 * 3_600_000, `${waited / 3_600_000} h`);
  assert(attempts > 25, `${attempts} attempts`);
  assertEquals((await house.reply(message)).success, false);
});

Deno.test("each point at which a crash may come leaves a message that is answered once", async (t) => {
  await using house = await House.open();
  const id = (name: string) => `handover-${name}`;

  await t.step("stored, and not in the outbox", async () => {
    const message = await house.comms("a");
    await house.node.state.outbox.delete(id(message.name));
    assertEquals(await requeueHandovers(house.node, house.outbox), [id(message.name)]);
    assertEquals(await requeueHandovers(house.node, house.outbox), []);
    await house.hand(message);
    assertEquals((await house.mark(message)).state, "replied");
  });
  await t.step("stored, and the sender sends it again", async () => {
    const nonce = crypto.randomUUID();
    const message = await house.comms("b", { nonce });
    await house.node.state.outbox.delete(id(message.name));
    await house.comms("b", { nonce });
    assertEquals(await house.node.state.outbox.ids(), [id(message.name)]);
    await house.hand(message);
  });
  await t.step("replied, and not marked", async () => {
    const message = await house.comms("c");
    await answerMessage(house.node, house.outbox, message, { success: true, data: 1 });
    const before = house.agent.calls.length;
    assertEquals((await house.hand(message)).state, "accepted");
    assertEquals([house.agent.calls.length, (await house.mark(message)).state], [
      before,
      "replied",
    ]);
  });
  await t.step("marked, and still in the outbox", async () => {
    const message = await house.comms("d");
    const entry = await house.node.state.outbox.get(id(message.name));
    await house.hand(message);
    await house.node.state.outbox.put(id(message.name), entry!);
    const before = house.agent.calls.length;
    assertEquals((await house.hand(message)).state, "accepted");
    assertEquals(house.agent.calls.length, before);
  });
  await t.step("given up, and still in the outbox", async () => {
    const { answer } = house.agent;
    house.agent.answer = (_, response) => say(response, "no", 400);
    const message = await house.comms("e");
    const entry = await house.node.state.outbox.get(id(message.name));
    await house.hand(message);
    house.agent.answer = answer;
    await house.node.state.outbox.put(id(message.name), entry!);
    const before = house.agent.calls.length;
    assertEquals((await house.hand(message)).state, "failed");
    assertEquals([house.agent.calls.length, await house.node.state.failed.ids()], [
      before,
      [id(message.name)],
    ]);
  });
});

Deno.test("the same attempt has the same id, whatever happened to the one before", async () => {
  const targets = { hook: { type: "webhook", url: "http://127.0.0.1:9", secrets: [SECRET] } };
  await using house = await House.open();
  targets.hook.url = house.agent.url;
  await notifyConfig(house.node.state.store).change({ default: "hook", targets });
  house.agent.answer = (_, response) => response.writeHead(503).end();
  const message = await house.comms("hello");
  await house.hand(message);
  house.agent.answer = (_, response) => response.writeHead(204).end();
  house.gateway.clock.pass(3_600_000);
  assertEquals((await house.hand(message)).state, "accepted");
  const [first, second] = house.agent.calls;
  assertEquals(first?.headers["webhook-id"], message.name);
  assertEquals(second?.headers["webhook-id"], message.name);
  assertEquals(first?.body, second?.body);
  assertEquals([(await house.mark(message)).state, await house.reply(message)], [
    "handed",
    undefined,
  ]);
});

Deno.test("what is of a peer that was removed meanwhile does not reach the agent", async () => {
  await using house = await House.open();
  const message = await house.comms("hello");
  await befriend(house.gateway, house.stan, { status: "removed" });
  assertEquals((await house.hand(message)).state, "failed");
  assertEquals([house.agent.calls, await house.reply(message)], [[], undefined]);
});

Deno.test("an answer that is too large for a reply is one, too: a sentence", async () => {
  await using house = await House.open();
  house.agent.answer = (_, response) => say(response, "x".repeat(200_000));
  const message = await house.comms("hello");
  assertEquals((await house.hand(message)).state, "failed");
  assertEquals(await house.reply(message), {
    success: false,
    error: "The agent's answer was too large",
  });
});

Deno.test("a configuration that cannot be read costs no message, and no attempt", async () => {
  await using house = await House.open();
  const { store, root } = house.node.state;
  const config = await Deno.readTextFile(`${root}/config.json`);
  await Deno.writeTextFile(`${root}/config.json`, config.replace('"type": "agent"', '"type": "x"'));
  const message = await house.comms("hello");
  const attempt = await house.hand(message);
  assert(attempt.state === "queued");
  assertEquals(attempt.entry.attempts, 0);
  await notifyConfig(store).change({
    targets: { agent: { type: "agent", url: house.agent.url } },
  });
  assertEquals((await house.hand(message)).state, "accepted");
});

Deno.test("an intent's handler gets the message on its input and in its environment, and answers", async () => {
  await using house = await House.open();
  const { root } = house.node.state;
  const script = `${root}/handler.sh`;
  await Deno.writeTextFile(
    script,
    '#!/bin/sh\nread -r message\nprintf \'{"got":%s,"from":"%s","secret":"%s"}\' "$message" "$OGP_PEER_NAME" "$MESH_SECRET"\n',
    { mode: 0o755 },
  );
  Deno.env.set("MESH_SECRET", "hunter2");
  await registerIntent(house.node.state, { name: "deployment", handler: [script] }, new Date());
  const message = await house.receive({
    intent: "deployment",
    payload: { env: "staging" },
    replyTo: "http://127.0.0.1:19999/federation/reply/x",
  });
  assertEquals((await house.hand(message)).state, "accepted");
  Deno.env.delete("MESH_SECRET");
  const { success, data } = await house.reply(message);
  assertEquals([success, data.from, data.secret], [true, "Stan", ""]);
  assertEquals(
    [data.got.intent, data.got.payload, data.got.from, data.got.replyTo, data.got.nonce],
    ["deployment", { env: "staging" }, house.stan.id, message.replyTo, message.nonce],
  );
  assertEquals(house.agent.calls, []);
});

Deno.test("an intent without a handler goes where all others go", async () => {
  await using house = await House.open();
  await registerIntent(house.node.state, { name: "deployment" }, new Date());
  const message = await house.receive({ intent: "deployment", payload: { env: "staging" } });
  await house.hand(message);
  assertEquals(house.agent.prompts, ["[OGP Deployment] Stan: {"]);
  assertEquals((await house.reply(message)).success, true);
});
