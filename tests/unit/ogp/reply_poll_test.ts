import { assertEquals } from "@std/assert";
import { pause as pauseAll } from "../../../lib/delivery/pause.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { findOutgoing } from "../../../lib/ogp/outgoing_record.ts";
import { receiveReply } from "../../../lib/ogp/reply_in.ts";
import { pollReply } from "../../../lib/ogp/reply_poll.ts";
import { signText } from "../../../lib/ogp/signed_text.ts";
import { codeFrom } from "../mesh/parties.ts";
import { signedBody, type Stranger, stranger, testGateway } from "./gateways.ts";
import { OK_07, outboxOf, PeerGateway, type Told } from "./peer_gateway.ts";

const NONCE = "n-1";
const AT = "2026-03-12T18:05:00.000Z";

const CONTENT = { success: true, data: { answer: 42 }, timestamp: AT };

/** What gateways answer to a poll. */
const PENDING: Told = {
  status: 404,
  body: { nonce: NONCE, status: "pending", message: "Reply not yet available" },
};
const COMPLETE: Told = { body: { nonce: NONCE, status: "complete", reply: CONTENT } };

/** The answer of a gateway that signs its replies, as ours does. */
function signed(who: Pick<Stranger, "key">, reply: Record<string, unknown>): Told {
  const replyStr = JSON.stringify(reply);
  const body = { nonce: NONCE, status: "complete", reply: CONTENT, replyStr };
  return { body: { ...body, signature: signText(who.key, replyStr) } };
}

/** A gateway that has sent a message to a peer and asks for its reply. */
async function asking() {
  const me = await testGateway();
  const peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  await sendOgpMessage(me.node, outboxOf(me.node), stan, {
    intent: "message",
    payload: {},
    nonce: NONCE,
  });
  peer.asked.length = 0;
  const stored = () => findOutgoing(me.node.state, NONCE);
  return {
    me,
    peer,
    stan,
    stored,
    poll: async () => await pollReply(me.node, await stored(), stan, { timeoutMs: 1000 }),
    async [Symbol.asyncDispose]() {
      await peer.close();
      await me[Symbol.asyncDispose]();
    },
  };
}

Deno.test("an unsigned reply, as both dialects hand it out, is stored and marked", async () => {
  await using it = await asking();
  it.peer.answer = () => PENDING;
  assertEquals(await it.poll(), undefined);
  it.peer.answer = () => COMPLETE;
  const reply = { ...CONTENT, via: "poll" as const, signed: false, receivedAt: AT };
  assertEquals(await it.poll(), reply);
  assertEquals(it.peer.asked.map(({ method, path }) => `${method} ${path}`), [
    "GET /federation/reply/n-1",
    "GET /federation/reply/n-1",
  ]);
  const stored = await it.stored();
  assertEquals([stored.receipt, stored.reply], [{ state: "replied", at: AT }, reply]);
});

Deno.test("a reply that says that it is signed must be", async (t) => {
  await using it = await asking();
  const { me, peer } = it;
  const full = { nonce: NONCE, ...CONTENT, to: me.node.privateKey.publicKey.der.slice(0, 32) };
  const cases: Record<string, [Told, string]> = {
    "by a stranger": [signed(stranger(), full), "bad_signature"],
    "about another message": [signed(peer.who, { ...full, nonce: "n-2" }), "wrong_recipient"],
    "for another gateway": [signed(peer.who, { ...full, to: stranger().id }), "wrong_recipient"],
    "long ago": [
      signed(peer.who, { ...full, timestamp: "2020-01-01T00:00:00Z" }),
      "stale_timestamp",
    ],
    "over no JSON": [
      { body: { status: "complete", replyStr: "{", signature: "00" } },
      "invalid_json",
    ],
  };
  for (const [name, [told, code]] of Object.entries(cases)) {
    await t.step(name, async () => {
      peer.answer = () => told;
      assertEquals(await codeFrom(it.poll()), code);
      assertEquals((await it.stored()).reply, undefined);
    });
  }
  // What counts is the signed text, whatever stands beside it.
  peer.answer = () => signed(peer.who, { ...full, data: "the signed one" });
  const reply = await it.poll();
  assertEquals([reply?.data, reply?.signed], ["the signed one", true]);
});

Deno.test("what is no reply is an error, and stores nothing", async () => {
  await using it = await asking();
  const cases: [Told, string][] = [
    [{ body: "<html>" }, "malformed"],
    [{ body: {} }, "malformed"],
    [{ body: { status: "complete", reply: "yes" } }, "malformed"],
    [{ body: { status: "complete", reply: { success: "yes", timestamp: AT } } }, "malformed"],
    [{ status: 500, body: "" }, "unavailable"],
    [{ status: 302, headers: { location: "/elsewhere" } }, "unavailable"],
    [{ body: `{"reply":{"data":"${"x".repeat(1_100_000)}"}}` }, "malformed"],
    ["silence", "unavailable"],
  ];
  for (const [told, code] of cases) {
    it.peer.answer = () => told;
    assertEquals(await codeFrom(it.poll()), code);
  }
  assertEquals((await it.stored()).receipt.state, "accepted");
});

Deno.test("a reply that came both ways is one, and a signed one vouches for the other", async () => {
  await using it = await asking();
  it.peer.answer = () => COMPLETE;
  assertEquals((await it.poll())?.signed, false);
  const body = (changes = {}) =>
    signedBody(it.peer.who, { nonce: NONCE, ...CONTENT, ...changes }, { object: "reply" });
  const forged = receiveReply(it.me.node, NONCE, body({ data: "other" }));
  assertEquals(await codeFrom(forged), "id_reused");
  assertEquals(await receiveReply(it.me.node, NONCE, body()), { state: "known" });
  const { reply } = await it.stored();
  assertEquals([reply?.via, reply?.signed], ["poll", true]);
  assertEquals((await it.poll())?.signed, true);
});

Deno.test("nobody is asked while everything is paused, and only the peer that has the message", async () => {
  await using it = await asking();
  await using other = await PeerGateway.listen();
  const stranger = await other.meet(it.me);
  const wrong = pollReply(it.me.node, await it.stored(), stranger);
  assertEquals(await codeFrom(wrong), "wrong_recipient");
  await pauseAll(it.me.node.state.store, it.me.clock.now());
  assertEquals([await it.poll(), it.peer.asked, other.asked], [undefined, [], []]);
});

Deno.test("a poll that hangs is given up", async () => {
  await using it = await asking();
  const held = Promise.withResolvers<Told>();
  it.peer.answer = () => held.promise;
  const message = await it.stored();
  assertEquals(
    await codeFrom(pollReply(it.me.node, message, it.stan, { timeoutMs: 50 })),
    "timeout",
  );
  held.resolve(OK_07);
});
