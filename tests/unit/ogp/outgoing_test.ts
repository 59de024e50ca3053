import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pause as pauseAll, resume } from "../../../lib/delivery/pause.ts";
import { hostPort, keyId } from "../../../lib/ogp/names.ts";
import { requeueLostOgp, sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { findOutgoing, outgoingMessageOf } from "../../../lib/ogp/outgoing_record.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { codeFrom } from "../mesh/parties.ts";
import { stranger, type TestGateway, testGateway } from "./gateways.ts";
import { OK_02, OK_07, outboxOf, PeerGateway, receiptOf, type Told } from "./peer_gateway.ts";

const HELLO = { intent: "message", payload: { text: "hello" } };
const UNKNOWN: Told = { status: 403, body: { success: false, error: "Unknown peer" } };

function ownId({ node }: TestGateway): string {
  return keyId(node.privateKey.publicKey.der);
}

async function entryOf({ node }: TestGateway, nonce: string) {
  return await node.state.outbox.get(nonce);
}

Deno.test("a message is stored, sent as both dialects read it, and accepted", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me, { dialect: "0.7" });
  const { nonce, attempt, warning } = await sendOgpMessage(me.node, outboxOf(me.node), stan, {
    intent: "agent-comms",
    payload: { topic: "general", message: "héllo 🦝", priority: "normal" },
    conversationId: "c1",
    projectId: "p1",
    toAgent: "main",
  });
  assertEquals([attempt, warning], [{ state: "accepted", answer: { received: true } }, undefined]);
  assertMatch(nonce, /^[0-9a-f-]{36}$/);
  assertEquals(peer.asked.map(({ method, path }) => `${method} ${path}`), [
    "POST /federation/message",
  ]);
  const [message] = peer.messages(me.node);
  assertEquals(message, {
    intent: "agent-comms",
    from: ownId(me),
    to: peer.who.id,
    nonce,
    timestamp: "2026-03-12T18:05:00.000Z",
    payload: { topic: "general", message: "héllo 🦝", priority: "normal" },
    replyTo: `http://127.0.0.1:18790/federation/reply/${nonce}`,
    conversationId: "c1",
    projectId: "p1",
    toAgent: "main",
  });
  assertEquals(Object.keys(message!).slice(0, 7), [
    ...["intent", "from", "to", "nonce", "timestamp", "payload"],
    "replyTo",
  ]);
  const stored = await findOutgoing(me.node.state, nonce.slice(0, 8));
  assertEquals(stored.receipt, { state: "accepted", at: "2026-03-12T18:05:00.000Z" });
  assertEquals(stored.response, { received: true });
  assertEquals([stored.to, stored.conversationId], [peer.who.publicKey, "c1"]);
  assertEquals(await me.node.state.outbox.ids(), []);
});

Deno.test("a 0.2 gateway is written to by host and port, and answers with the response itself", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  peer.answer = () => OK_02;
  const stan = await peer.meet(me, { dialect: "0.2", knowsUsAs: "me.example:18790" });
  const { attempt } = await sendOgpMessage(me.node, outboxOf(me.node), stan, HELLO);
  assertEquals(attempt, { state: "accepted", answer: (OK_02 as { body: unknown }).body });
  const [message] = peer.messages(me.node);
  assertEquals([message?.from, message?.to], ["me.example:18790", hostPort(peer.url)]);
});

Deno.test("no reply is asked for where none is wanted, or where we have no URL", async () => {
  await using me = await testGateway();
  await using nowhere = await testGateway({ config: { gatewayUrl: undefined } });
  await using peer = await PeerGateway.listen();
  const outbox = outboxOf(me.node);
  await sendOgpMessage(me.node, outbox, await peer.meet(me), { ...HELLO, replyBy: "none" });
  assertEquals("replyTo" in peer.messages(me.node)[0]!, false);
  peer.asked.length = 0;
  const stan = await peer.meet(nowhere, { dialect: "0.2" });
  await sendOgpMessage(nowhere.node, outboxOf(nowhere.node), stan, HELLO);
  const [message] = peer.messages(nowhere.node);
  assertEquals(["replyTo" in message!, message?.from], [false, ownId(nowhere)]);
});

Deno.test("a message that waited is signed anew, and is the same message", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  peer.answer = () => ({ status: 503, body: "" });
  const outbox = outboxOf(me.node);
  const { nonce, attempt } = await sendOgpMessage(me.node, outbox, await peer.meet(me), HELLO);
  assert(attempt.state === "queued");
  assertEquals([attempt.entry.attempts, await receiptOf(me.node, nonce)], [1, {
    state: "queued",
    at: "2026-03-12T18:05:00.000Z",
  }]);
  me.clock.pass(3_600_000);
  peer.answer = () => OK_07;
  // Another process goes on, with another configuration by now.
  const again = await me.again();
  assertEquals(
    (await outboxOf({ ...again, config: { ...again.config, gatewayUrl: "http://b" } })
      .attempt(nonce)).state,
    "accepted",
  );
  const [first, second] = peer.messages(me.node);
  assertEquals(second, { ...first, timestamp: "2026-03-12T19:05:00.000Z" });
});

Deno.test("a peer that knows us by another name gets the same message under it, and it is remembered", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const known = hostPort(me.node.config.gatewayUrl!);
  peer.answer = ({ body }) => JSON.parse(body).message.from === known ? OK_02 : UNKNOWN;
  const outbox = outboxOf(me.node);
  const stan = await peer.meet(me, { dialect: "0.7" });
  const first = await sendOgpMessage(me.node, outbox, stan, HELLO);
  assertEquals(first.attempt.state, "accepted");
  const messages = peer.messages(me.node);
  assertEquals(messages.map(({ from }) => from), [ownId(me), known]);
  assertEquals(new Set(messages.map(({ nonce }) => nonce)), new Set([first.nonce]));
  const learnt = await me.node.index.get(stan.publicKey);
  assertEquals(learnt?.knowsUsAs, known);
  await sendOgpMessage(me.node, outbox, learnt!, HELLO);
  assertEquals(peer.messages(me.node).length, 3);
});

Deno.test("a peer that knows none of our names has refused", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  peer.answer = () => ({ status: 400, body: { error: "Unknown peer" } });
  const stan = await peer.meet(me, { dialect: "0.2", knowsUsAs: "old.example:1" });
  const { nonce, attempt } = await sendOgpMessage(me.node, outboxOf(me.node), stan, HELLO);
  assert(attempt.state === "failed");
  assertEquals(peer.messages(me.node).map(({ from }) => from), [
    "old.example:1",
    "127.0.0.1:18790",
    ownId(me),
  ]);
  assertEquals((await findOutgoing(me.node.state, nonce)).receipt.state, "failed");
  assertEquals((await me.node.index.get(stan.publicKey))?.knowsUsAs, "old.example:1");
});

Deno.test("a peer that our approval has not reached yet cannot know us, which passes", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  peer.answer = () => ({ status: 403, body: { success: false, error: "Peer not approved" } });
  const outbox = outboxOf(me.node);
  const stan = await peer.meet(me);
  const name = peerName(stan.publicKey);
  await outbox.add(`approve-${name}`, "ogp-approve", name);
  const { nonce, attempt } = await sendOgpMessage(me.node, outbox, stan, HELLO);
  assertEquals(attempt.state, "queued");
  await me.node.state.outbox.delete(`approve-${name}`);
  assertEquals((await outbox.attempt(nonce)).state, "failed");
});

Deno.test("a refusal is final and keeps the peer's words", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const response = { status: "rejected", reason: "topic-not-permitted", signature: "ab" };
  peer.answer = () => ({ status: 403, body: { success: false, error: "Goodbye.", response } });
  const { nonce, attempt } = await sendOgpMessage(
    me.node,
    outboxOf(me.node),
    await peer.meet(me),
    HELLO,
  );
  assert(attempt.state === "failed");
  assertEquals(attempt.entry.last_error?.reason, "Goodbye.");
  const { receipt } = await findOutgoing(me.node.state, nonce);
  assertEquals(receipt, {
    state: "failed",
    at: "2026-03-12T18:05:00.000Z",
    detail: { at: "2026-03-12T18:05:00.000Z", reason: "Goodbye.", status: 403, answer: response },
  });
  assertEquals(await me.node.state.failed.ids(), [nonce]);
});

Deno.test("a peer that asks to wait is waited for; a redirect leads nowhere; silence costs an attempt", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await using elsewhere = await PeerGateway.listen();
  const stan = await peer.meet(me);
  const outbox = outboxOf(me.node);
  const cases: [Told, number, number][] = [
    [{ status: 429, body: { success: false, error: "x", retryAfter: 600 } }, 1, 600_000],
    [{ status: 400, body: { error: "Rate limit exceeded for intent 'message'" } }, 1, 5_000],
    [{ status: 503, body: "", headers: { "retry-after": "70" } }, 1, 70_000],
    [{ status: 307, headers: { location: `${elsewhere.url}/federation/message` } }, 1, 5_000],
  ];
  for (const [told, attempts, wait] of cases) {
    peer.answer = () => told;
    const { attempt } = await sendOgpMessage(me.node, outbox, stan, HELLO);
    assert(attempt.state === "queued");
    const due = Date.parse(attempt.entry.next_attempt_at) - me.clock.now().getTime();
    assertEquals([attempt.entry.attempts, due], [attempts, wait]);
  }
  assertEquals(elsewhere.asked, []);
  await peer.close();
  const { attempt } = await sendOgpMessage(me.node, outbox, stan, HELLO);
  assert(attempt.state === "queued" && attempt.outcome.kind === "retry");
  assertEquals([attempt.entry.attempts, attempt.outcome.unreachable], [1, true]);
});

Deno.test("a peer that is not approved any more is not written to", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const outbox = outboxOf(me.node);
  const stan = await peer.meet(me);
  peer.answer = () => "silence";
  const { nonce } = await sendOgpMessage(me.node, outbox, stan, HELLO);
  peer.answer = () => OK_07;
  peer.asked.length = 0;
  const removed = await peer.meet(me, { status: "removed" });
  assertEquals(await codeFrom(sendOgpMessage(me.node, outbox, removed, HELLO)), "not_trusted");
  assertEquals((await outbox.attempt(nonce)).state, "failed");
  assertEquals([peer.asked, (await me.node.state.messagesOut.ids()).length], [[], 1]);
});

Deno.test("what cannot be said is refused before anything is stored", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  const outbox = outboxOf(me.node);
  const wrong: [Record<string, unknown>, string][] = [
    [{ intent: "" }, "malformed"],
    [{ intent: "x".repeat(201) }, "malformed"],
    [{ payload: "text" }, "malformed"],
    [{ payload: [] }, "malformed"],
    [{ payload: { n: NaN } }, "malformed"],
    [{ payload: { text: "x".repeat(200_000) } }, "too_large"],
    [{ nonce: "" }, "malformed"],
    [{ nonce: "../../x" }, "malformed"],
    [{ nonce: "x".repeat(101) }, "malformed"],
    [{ nonce: `approve-${peerName(stan.publicKey)}` }, "malformed"],
    [{ nonce: "reply-x" }, "malformed"],
    [{ nonce: "msg_00" }, "malformed"],
  ];
  for (const [changes, code] of wrong) {
    const sent = sendOgpMessage(me.node, outbox, stan, { ...HELLO, ...changes });
    assertEquals([changes.nonce, await codeFrom(sent)], [changes.nonce, code]);
  }
  assertEquals(await me.node.state.messagesOut.ids(), []);
  assertEquals([await me.node.state.outbox.ids(), peer.asked], [[], []]);
});

Deno.test("a nonce is used once", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  const outbox = outboxOf(me.node);
  const options = { ...HELLO, nonce: "n-1" };
  assertEquals((await sendOgpMessage(me.node, outbox, stan, options)).nonce, "n-1");
  assertEquals(await codeFrom(sendOgpMessage(me.node, outbox, stan, options)), "exists");
  assertEquals(peer.asked.length, 1);
});

Deno.test("a budget that is spent refuses before there is a record; retries are not counted", async () => {
  await using me = await testGateway({ config: { loopLimits: { conversationMessages: 2 } } });
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  const outbox = outboxOf(me.node);
  const say = () => sendOgpMessage(me.node, outbox, stan, { ...HELLO, conversationId: "c1" });
  peer.answer = () => ({ status: 503, body: "" });
  const { nonce } = await say();
  for (let i = 0; i < 5; i++) await outbox.attempt(nonce);
  peer.answer = () => OK_07;
  assertEquals((await outbox.retry(nonce)).state === "accepted", false);
  await me.node.state.health.delete(peerName(stan.publicKey));
  assertEquals((await say()).attempt.state, "accepted");
  assertEquals(await codeFrom(say()), "rate_limited");
  assertEquals((await me.node.state.messagesOut.ids()).length, 2);
  // Another conversation has its own budget.
  const other = { ...HELLO, conversationId: "c2" };
  assertEquals((await sendOgpMessage(me.node, outbox, stan, other)).attempt.state, "accepted");
});

Deno.test("what the peer is known to refuse is said all the same, with a warning", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me, {
    grantedToUs: {
      version: "0.2.0",
      grantedAt: "2026-03-12T18:05:00.000Z",
      scopes: [{ intent: "agent-comms", enabled: true, topics: ["ops"] }],
    },
  });
  const outbox = outboxOf(me.node);
  const send = (intent: string, payload: Record<string, unknown>) =>
    sendOgpMessage(me.node, outbox, stan, { intent, payload });
  const fine = await send("agent-comms", { topic: "ops/disk", message: "full" });
  assertEquals([fine.attempt.state, fine.warning], ["accepted", undefined]);
  const doubtful = await send("agent-comms", { topic: "fun" });
  assertEquals(doubtful.attempt.state, "accepted");
  assertStringIncludes(doubtful.warning ?? "", "Topic 'fun' not allowed");
  assertStringIncludes((await send("message", {})).warning ?? "", "'message'");
});

Deno.test("while everything is paused a message is stored and waits", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await pauseAll(me.node.state.store, me.clock.now());
  const outbox = outboxOf(me.node);
  const { nonce, attempt } = await sendOgpMessage(me.node, outbox, await peer.meet(me), HELLO);
  assert(attempt.state === "queued");
  assertEquals([peer.asked, (await entryOf(me, nonce))?.attempts], [[], 0]);
  await resume(me.node.state.store);
  assertEquals((await outbox.attempt(nonce)).state, "accepted");
});

Deno.test("each point at which a crash may come leaves what the next start picks up", async (t) => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  const outbox = outboxOf(me.node);
  const { messagesOut, outbox: entries } = me.node.state;
  const queued = async () => {
    await pauseAll(me.node.state.store, me.clock.now());
    const { nonce } = await sendOgpMessage(me.node, outbox, stan, HELLO);
    await resume(me.node.state.store);
    return nonce;
  };
  await t.step("a record without its entry is queued again, once", async () => {
    const nonce = await queued();
    await entries.delete(nonce);
    assertEquals(await requeueLostOgp(me.node, outbox, { olderThanMs: 60_000_000 }), []);
    assertEquals(await requeueLostOgp(me.node, outbox), [nonce]);
    assertEquals(await requeueLostOgp(me.node, outbox), []);
    assertEquals(await entryOf(me, nonce), {
      id: nonce,
      protocol: "ogp",
      to: peerName(stan.publicKey),
      created_at: "2026-03-12T18:05:00.000Z",
      attempts: 0,
      next_attempt_at: "2026-03-12T18:05:00.000Z",
    });
    assertEquals((await outbox.attempt(nonce)).state, "accepted");
    assertEquals(peer.messages(me.node).map((message) => message.nonce), [nonce]);
  });
  await t.step("a receipt whose entry is still there is not sent again", async () => {
    peer.asked.length = 0;
    const nonce = await queued();
    const entry = await entries.get(nonce);
    await outbox.attempt(nonce);
    await entries.put(nonce, entry!);
    assertEquals(await (await outboxOf(await me.again()).attempt(nonce)), {
      state: "accepted",
      answer: { received: true },
    });
    assertEquals([peer.asked.length, await entries.ids()], [1, []]);
  });
  await t.step("a dead letter without its receipt is not queued again", async () => {
    const nonce = await queued();
    const entry = await entries.get(nonce);
    await me.node.state.failed.put(nonce, entry!);
    await entries.delete(nonce);
    assertEquals(await requeueLostOgp(me.node, outbox), []);
  });
  await t.step("an entry whose record is gone is a dead letter", async () => {
    const nonce = await queued();
    await messagesOut.delete(nonce);
    assertEquals((await outbox.attempt(nonce)).state, "failed");
  });
  await t.step("a record that is no message is left alone", async () => {
    await messagesOut.put("strange", new JsonObject([["receipt", "queued"], ["to", true]]));
    assertEquals(await requeueLostOgp(me.node, outbox), []);
    const { to, receipt } = outgoingMessageOf("strange", (await messagesOut.get("strange"))!);
    assertEquals([to, receipt.state], ["", "queued"]);
  });
});

Deno.test("dropping a message ends it, and it is not queued again", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  peer.answer = () => "silence";
  const outbox = outboxOf(me.node);
  const { nonce } = await sendOgpMessage(me.node, outbox, await peer.meet(me), HELLO);
  assertEquals(await outbox.drop(nonce, "dropped by the owner"), "dropped");
  const { receipt } = await findOutgoing(me.node.state, nonce);
  assertEquals([receipt.state, receipt.detail], ["failed", { reason: "dropped by the owner" }]);
  assertEquals(await requeueLostOgp(me.node, outbox), []);
});

Deno.test("messages of ours are found by the beginning of their nonce", async () => {
  await using me = await testGateway();
  const { messagesOut } = me.node.state;
  for (const id of ["ab1", "ab2", "ab"]) await messagesOut.put(id, new JsonObject());
  assertEquals((await findOutgoing(me.node.state, "ab")).nonce, "ab");
  assertEquals((await findOutgoing(me.node.state, "ab2")).nonce, "ab2");
  assertEquals(await codeFrom(findOutgoing(me.node.state, "a")), "ambiguous");
  for (const none of ["", "x"]) {
    assertEquals(await codeFrom(findOutgoing(me.node.state, none)), "not_found");
  }
});

Deno.test("keys of a stranger's record are not taken for a peer", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const outbox = outboxOf(me.node);
  await outbox.add("n1", "ogp", peerName(stranger().publicKey));
  await me.node.state.messagesOut.put(
    "n1",
    new JsonObject([["to", stranger().publicKey], ["intent", "message"]]),
  );
  const attempt = await outbox.attempt("n1");
  assert(attempt.state === "failed");
  assertStringIncludes(attempt.entry.last_error?.reason ?? "", "no peer of this gateway");
  assertEquals(peer.asked, []);
});
