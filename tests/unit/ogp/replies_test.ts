import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { pause as pauseAll, resume } from "../../../lib/delivery/pause.ts";
import { publicKeyFromDerHex } from "../../../lib/identity/keys.ts";
import { receiveOgpMessage } from "../../../lib/ogp/intake.ts";
import { requeueLostOgp } from "../../../lib/ogp/outgoing.ts";
import { answerMessage, replyForPoll, sweepReplies } from "../../../lib/ogp/replies.ts";
import { verifyText } from "../../../lib/ogp/signed_text.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { codeFrom } from "../mesh/parties.ts";
import { messageTo, signedBody, type TestGateway, testGateway } from "./gateways.ts";
import { OK_07, outboxOf, PeerGateway, type Told } from "./peer_gateway.ts";

const RECEIVED: Told = { body: { received: true } };
const HOUR = 3_600_000;

/** Lets a message of the peer come in. */
async function take(
  me: TestGateway,
  peer: PeerGateway,
  changes: Readonly<Record<string, unknown>> = {},
) {
  const body = signedBody(peer.who, messageTo(me, peer.who, changes));
  return (await receiveOgpMessage(me.node, body)).message;
}

function callbackAt(peer: PeerGateway, nonce: string) {
  return { nonce, replyTo: `${peer.url}/federation/reply/${nonce}` };
}

Deno.test("a reply is brought to the peer's own gateway, signed, in the form of both dialects", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  peer.answer = () => RECEIVED;
  await peer.meet(me);
  const incoming = await take(me, peer, callbackAt(peer, "n-1"));
  const result = await answerMessage(me.node, outboxOf(me.node), incoming, {
    success: true,
    data: { answer: 42 },
  });
  assertEquals(result, {
    by: "callback",
    attempt: { state: "accepted", answer: { received: true } },
  });
  assertEquals(peer.asked.map(({ method, path }) => `${method} ${path}`), [
    "POST /federation/reply/n-1",
  ]);
  assertEquals(peer.signed(me.node, "reply"), [{
    nonce: "n-1",
    success: true,
    data: { answer: 42 },
    timestamp: "2026-03-12T18:05:00.000Z",
    from: me.node.privateKey.publicKey.der.slice(0, 32),
    to: peer.who.id,
  }]);
  assertEquals(await me.node.state.outbox.ids(), []);
});

Deno.test("a reply that nobody asked to bring waits to be asked for, as often as that happens", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const incoming = await take(me, peer, { nonce: "n-1" });
  assertEquals(await replyForPoll(me.node, "n-1"), { found: false });
  const failure = { success: false, error: "no such file" };
  assertEquals(await answerMessage(me.node, outboxOf(me.node), incoming, failure), { by: "poll" });
  assertEquals(peer.asked, []);
  for (const node of [me.node, await me.again()]) {
    const found = await replyForPoll(node, "n-1");
    assert(found.found);
    assertEquals(JSON.parse(JSON.stringify(found.reply)), {
      ...failure,
      timestamp: "2026-03-12T18:05:00.000Z",
    });
    assertEquals(JSON.parse(found.replyStr).error, "no such file");
    const key = publicKeyFromDerHex(me.node.privateKey.publicKey.der);
    assert(verifyText(key, found.replyStr, found.signature));
  }
});

Deno.test("a callback elsewhere than at the peer's gateway is not made", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await using victim = await PeerGateway.listen();
  await peer.meet(me);
  const port = new URL(peer.url).port;
  const places = [
    `${victim.url}/federation/reply/x`,
    `http://localhost:${port}/federation/reply/x`,
    `https://127.0.0.1:${port}/federation/reply/x`,
    `http://user:secret@127.0.0.1:${port}/`,
    "file:///etc/passwd",
    "not a URL",
    "",
  ];
  for (const [i, replyTo] of places.entries()) {
    const incoming = await take(me, peer, { nonce: `n-${i}`, replyTo });
    const result = await answerMessage(me.node, outboxOf(me.node), incoming, { success: true });
    assertEquals([replyTo, result], [replyTo, { by: "poll" }]);
    assert((await replyForPoll(me.node, `n-${i}`)).found);
  }
  assertEquals([peer.asked, victim.asked], [[], []]);
  assertEquals(await me.node.state.outbox.ids(), []);
});

Deno.test("attack: a callback to another service at the peer's own address", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const replyTo = `${peer.url}/hooks/agent?token=1`;
  const incoming = await take(me, peer, { nonce: "n:1", replyTo });
  await answerMessage(me.node, outboxOf(me.node), incoming, { success: true });
  const callback = `${peer.url}/federation/reply/n%3A1`;
  const { entries } = await me.node.state.replies.list();
  assertEquals(entries.map(({ value }) => value.get("callback")), [callback]);
});

Deno.test("a redirect of a callback is not followed", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await using victim = await PeerGateway.listen();
  await peer.meet(me);
  peer.answer = () => ({ status: 308, headers: { location: victim.url } });
  const incoming = await take(me, peer, callbackAt(peer, "n-1"));
  const { attempt } = await answerMessage(me.node, outboxOf(me.node), incoming, { success: true });
  assertEquals([attempt?.state, victim.asked], ["queued", []]);
});

Deno.test("a peer whose gateway moved gets the reply when it asks, not at the old place", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await using moved = await PeerGateway.listen(peer.who);
  await peer.meet(me);
  peer.answer = () => "silence";
  const incoming = await take(me, peer, callbackAt(peer, "n-1"));
  const outbox = outboxOf(me.node);
  await answerMessage(me.node, outbox, incoming, { success: true });
  await moved.meet(me);
  const attempt = await outbox.attempt(`reply-${incoming.name}`);
  assert(attempt.state === "failed");
  assertStringIncludes(attempt.entry.last_error?.reason ?? "", "is not the gateway of");
  assertEquals([peer.asked.length, moved.asked], [1, []]);
  assert((await replyForPoll(me.node, "n-1")).found);
});

Deno.test("a message is replied to once; the same reply again changes nothing", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const outbox = outboxOf(me.node);
  const called = await take(me, peer, callbackAt(peer, "n-1"));
  const polled = await take(me, peer, { nonce: "n-2" });
  const yes = { success: true, data: { list: [1, 2.5, "x"], text: "é" } };
  for (const incoming of [called, polled]) {
    await answerMessage(me.node, outbox, incoming, yes);
    const first = await me.node.state.replies.get(incoming.name);
    me.clock.pass(1000);
    const again = await answerMessage(me.node, outbox, incoming, structuredClone(yes));
    assertEquals(again, { by: incoming === called ? "callback" : "poll" });
    for (
      const other of [{ success: false }, { success: true }, { ...yes, error: "x" }, {
        success: true,
        data: "no",
      }]
    ) {
      assertEquals(await codeFrom(answerMessage(me.node, outbox, incoming, other)), "exists");
    }
    assertEquals(await me.node.state.replies.get(incoming.name), first);
  }
  assertEquals(peer.asked.length, 1);
});

Deno.test("replies at once to one message are one reply", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const incoming = await take(me, peer, callbackAt(peer, "n-1"));
  const other = await me.again();
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) => {
      const node = i % 2 ? me.node : other;
      return answerMessage(node, outboxOf(node), incoming, { success: true, data: i });
    }),
  );
  assertEquals(results.filter(({ status }) => status === "fulfilled").length, 1);
  assertEquals(peer.signed(me.node, "reply").length, 1);
});

Deno.test("what cannot be replied is refused before it is stored", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const incoming = await take(me, peer);
  const answer = (data: unknown) =>
    codeFrom(answerMessage(me.node, outboxOf(me.node), incoming, { success: true, data }));
  assertEquals(await answer("x".repeat(200_000)), "too_large");
  assertEquals(await answer({ f() {} }), "malformed");
  await peer.meet(me, { status: "removed" });
  assertEquals(await answer("too late"), "not_trusted");
  assertEquals(await me.node.state.replies.ids(), []);
});

Deno.test("a nonce that two peers chose: what was replied to both is handed out to nobody", async () => {
  await using me = await testGateway();
  await using ann = await PeerGateway.listen();
  await using bob = await PeerGateway.listen();
  await ann.meet(me);
  await bob.meet(me, { displayName: "Bob" });
  const [fromAnn, fromBob] = [
    await take(me, ann, { nonce: "same" }),
    await take(me, bob, { nonce: "same" }),
  ];
  await answerMessage(me.node, outboxOf(me.node), fromAnn, { success: true, data: "for Ann" });
  assert((await replyForPoll(me.node, "same")).found);
  await answerMessage(me.node, outboxOf(me.node), fromBob, { success: true, data: "for Bob" });
  assertEquals(await replyForPoll(me.node, "same"), { found: false });
  await bob.meet(me, { status: "removed" });
  const found = await replyForPoll(me.node, "same");
  assertEquals(found.found && found.reply.data, "for Ann");
});

Deno.test("whatever is asked for, nothing but a reply is handed out", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const incoming = await take(me, peer, { nonce: "n@1/%2F" });
  await answerMessage(me.node, outboxOf(me.node), incoming, { success: true });
  assert((await replyForPoll(me.node, "n@1/%2F")).found);
  for (
    const nonce of [
      ...["", "n", "n@1/", "*", "..", "../messages/incoming/x", incoming.name],
      ...["x".repeat(101), "é".repeat(100), "\ud800", "\0"],
    ]
  ) assertEquals([nonce, await replyForPoll(me.node, nonce)], [nonce, { found: false }]);
});

Deno.test("a reply is kept for a day, and tried for no longer", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  peer.answer = () => ({ status: 429, body: { error: "busy" } });
  const outbox = outboxOf(me.node);
  const called = await take(me, peer, callbackAt(peer, "n-1"));
  await answerMessage(me.node, outbox, called, { success: true });
  await answerMessage(me.node, outbox, await take(me, peer, { nonce: "n-2" }), { success: true });
  me.clock.pass(24 * HOUR - 1);
  assert((await replyForPoll(me.node, "n-2")).found);
  assertEquals((await outbox.attempt(`reply-${called.name}`)).state, "queued");
  assertEquals(await sweepReplies(me.node), 0);
  me.clock.pass(1);
  assertEquals(await replyForPoll(me.node, "n-2"), { found: false });
  const asked = peer.asked.length;
  assertEquals((await outbox.attempt(`reply-${called.name}`)).state, "failed");
  assertEquals([peer.asked.length, (await me.node.state.failed.ids()).length], [asked, 1]);
  assertEquals(await sweepReplies(me.node), 2);
  assertEquals(await me.node.state.replies.ids(), []);
  assertEquals([await me.node.state.failed.ids(), await me.node.state.outbox.ids()], [[], []]);
});

Deno.test("sweeping leaves a reply that is being delivered right now", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  peer.answer = () => "silence";
  const incoming = await take(me, peer, callbackAt(peer, "n-1"));
  await answerMessage(me.node, outboxOf(me.node), incoming, { success: true });
  me.clock.pass(25 * HOUR);
  const claim = await me.node.state.store.tryClaim(`outbox-reply-${incoming.name}`);
  assertEquals(await sweepReplies(await me.again()), 0);
  await claim?.release();
  assertEquals(await sweepReplies(me.node), 1);
});

Deno.test("each point at which a crash may come leaves a reply that gets there once", async (t) => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  await peer.meet(me);
  const outbox = outboxOf(me.node);
  const waiting = async (nonce: string) => {
    await pauseAll(me.node.state.store, me.clock.now());
    const incoming = await take(me, peer, callbackAt(peer, nonce));
    await answerMessage(me.node, outbox, incoming, { success: true });
    await resume(me.node.state.store);
    return `reply-${incoming.name}`;
  };
  await t.step("a reply without its entry is queued again", async () => {
    const id = await waiting("n-1");
    await me.node.state.outbox.delete(id);
    assertEquals(await requeueLostOgp(me.node, outbox), [id]);
    assertEquals(await requeueLostOgp(me.node, outbox), []);
    peer.answer = () => OK_07;
    assertEquals((await outbox.attempt(id)).state, "accepted");
    assertEquals(await requeueLostOgp(me.node, outbox), []);
  });
  await t.step("replying again sends what was not sent", async () => {
    const id = await waiting("n-2");
    const entry = await me.node.state.outbox.get(id);
    await me.node.state.outbox.delete(id);
    const incoming = await take(me, peer, callbackAt(peer, "n-2"));
    const { attempt } = await answerMessage(me.node, outbox, incoming, { success: true });
    assertEquals(attempt?.state, "accepted");
    // And an entry that outlived its receipt is not sent again.
    await me.node.state.outbox.put(id, entry!);
    peer.asked.length = 0;
    assertEquals((await outbox.attempt(id)).state, "accepted");
    assertEquals(peer.asked, []);
  });
  await t.step("a reply that is only polled is never queued", async () => {
    await answerMessage(me.node, outbox, await take(me, peer), { success: true });
    assertEquals(await requeueLostOgp(me.node, outbox), []);
  });
  await t.step("a peer that was removed gets nothing any more", async () => {
    const id = await waiting("n-3");
    await peer.meet(me, { status: "removed" });
    peer.asked.length = 0;
    assertEquals((await outbox.attempt(id)).state, "failed");
    assertEquals([peer.asked, await replyForPoll(me.node, "n-3")], [[], { found: false }]);
  });
});

Deno.test("asking for a reply does not read who the peers are", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  for (let i = 0; i < 200; i++) {
    const publicKey = `302a300506032b6570032100${i.toString(16).padStart(64, "0")}`;
    await me.node.state.peers.put(peerName(publicKey), { ...stan, publicKey });
  }
  await answerMessage(me.node, outboxOf(me.node), await take(me, peer, { nonce: "n-1" }), {
    success: true,
  });
  const started = performance.now();
  for (let i = 0; i < 20; i++) assert((await replyForPoll(me.node, "n-1")).found);
  const each = (performance.now() - started) / 20;
  assert(each < 50, `Each takes ${each} ms`);
});
