import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { findOutgoing } from "../../../lib/ogp/outgoing_record.ts";
import { receiveReply } from "../../../lib/ogp/reply_in.ts";
import { signText } from "../../../lib/ogp/signed_text.ts";
import { auditEvents, codeFrom } from "../mesh/parties.ts";
import { signedBody, stranger, type TestGateway, testGateway } from "./gateways.ts";
import { outboxOf, PeerGateway } from "./peer_gateway.ts";

const HOUR = 3_600_000;
const NONCE = "n-1";

/** A gateway that has sent a message to a peer. */
async function asked() {
  const me = await testGateway();
  const peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  await sendOgpMessage(me.node, outboxOf(me.node), stan, {
    intent: "message",
    payload: {},
    nonce: NONCE,
  });
  return {
    me,
    peer,
    stored: () => findOutgoing(me.node.state, NONCE),
    async [Symbol.asyncDispose]() {
      await peer.close();
      await me[Symbol.asyncDispose]();
    },
  };
}

function replyTo(me: TestGateway, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    nonce: NONCE,
    success: true,
    data: { answer: 42 },
    timestamp: me.node.now().toISOString(),
    from: "127.0.0.1:18902",
    to: me.node.privateKey.publicKey.der.slice(0, 32),
    ...changes,
  };
}

const REPLY = { object: "reply" };

Deno.test("a signed reply of the peer is stored before it is acknowledged, and only once", async () => {
  await using it = await asked();
  it.me.clock.pass(HOUR);
  const body = signedBody(it.peer.who, replyTo(it.me), REPLY);
  assertEquals(await receiveReply(it.me.node, NONCE, body), { state: "new" });
  const { receipt, reply, response } = await it.stored();
  assertEquals(receipt, { state: "replied", at: "2026-03-12T19:05:00.000Z" });
  assertEquals(reply, {
    success: true,
    data: { answer: 42 },
    timestamp: "2026-03-12T19:05:00.000Z",
    via: "callback",
    signed: true,
    receivedAt: "2026-03-12T19:05:00.000Z",
  });
  assertEquals(response, { received: true });
  it.me.clock.pass(1000);
  assertEquals(await receiveReply(await it.me.again(), NONCE, body), { state: "known" });
  assertEquals(await it.stored(), { ...await it.stored(), receipt, reply });
  const other = signedBody(it.peer.who, replyTo(it.me, { data: "something else" }), REPLY);
  assertEquals(await codeFrom(receiveReply(it.me.node, NONCE, other)), "id_reused");
  assertEquals((await it.stored()).reply, reply);
});

Deno.test("many at once are one", async () => {
  await using it = await asked();
  const body = signedBody(it.peer.who, replyTo(it.me), REPLY);
  const other = await it.me.again();
  const states = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
    return (await receiveReply(i % 2 ? it.me.node : other, NONCE, body)).state;
  }));
  assertEquals(states.filter((state) => state === "new").length, 1);
});

Deno.test("a failure is a reply, and what a reference gateway really sends is read", async () => {
  await using it = await asked();
  const reply = replyTo(it.me, { success: false, data: undefined, error: "session failed" });
  await receiveReply(it.me.node, NONCE, signedBody(it.peer.who, reply, REPLY));
  const stored = (await it.stored()).reply;
  assertEquals([stored?.success, stored?.error, stored && "data" in stored], [
    false,
    "session failed",
    false,
  ]);
});

Deno.test("a reply that is not surely the peer's is refused, and written down", async (t) => {
  await using it = await asked();
  const { me, peer } = it;
  const other = stranger();
  const text = (reply: unknown) => JSON.stringify(reply);
  const good = replyTo(me);
  const forged = { ...good, data: "FORGED" };
  const bytes = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
  const cases: Record<string, [Uint8Array, string]> = {
    "signed by a stranger": [signedBody(other, good, REPLY), "bad_signature"],
    "signed by us": [signedBody({ key: me.node.privateKey }, good, REPLY), "bad_signature"],
    "unsigned, as 0.2 does": [bytes({ reply: good }), "malformed"],
    "with a text and no signature": [
      bytes({ reply: good, replyStr: text(good) }),
      "malformed",
    ],
    "with a signature that is none": [bytes({ reply: good, signature: "00" }), "bad_signature"],
    "an object that the text does not say": [
      signedBody(peer.who, good, { ...REPLY, changes: { reply: forged } }),
      "malformed",
    ],
    "a text that is something else": [
      signedBody(peer.who, { anything: "signed" }, REPLY),
      "wrong_recipient",
    ],
    "about another message": [
      signedBody(peer.who, replyTo(me, { nonce: "n-2" }), REPLY),
      "wrong_recipient",
    ],
    "for somebody else who used the nonce": [
      signedBody(peer.who, replyTo(me, { to: other.id }), REPLY),
      "wrong_recipient",
    ],
    "without success": [
      signedBody(peer.who, replyTo(me, { success: undefined }), REPLY),
      "malformed",
    ],
    "without a timestamp": [
      signedBody(peer.who, replyTo(me, { timestamp: undefined }), REPLY),
      "malformed",
    ],
    "of 1970": [
      signedBody(peer.who, replyTo(me, { timestamp: "1970-01-01T00:00:00.000Z" }), REPLY),
      "stale_timestamp",
    ],
    "of tomorrow": [
      signedBody(peer.who, replyTo(me, { timestamp: "2026-03-13T18:05:00.000Z" }), REPLY),
      "stale_timestamp",
    ],
    "no JSON": [new TextEncoder().encode("{"), "invalid_json"],
    "an array": [bytes([]), "malformed"],
    "nothing": [new Uint8Array(), "invalid_json"],
  };
  for (const [name, [body, code]] of Object.entries(cases)) {
    await t.step(name, async () => {
      assertEquals(await codeFrom(receiveReply(me.node, NONCE, body, { source: "::1" })), code);
    });
  }
  assertEquals((await it.stored()).reply, undefined);
  const events = await auditEvents(me.root);
  assert(
    events.some(({ event, code, source }) =>
      event === "ogp.reply.refused" && code === "bad_signature" && source === "::1"
    ),
  );
});

Deno.test("a reply to what we never asked is refused", async () => {
  await using it = await asked();
  for (const nonce of ["n-2", "", "../x", "x".repeat(300)]) {
    const body = signedBody(it.peer.who, replyTo(it.me, { nonce }), REPLY);
    const code = await codeFrom(receiveReply(it.me.node, nonce, body));
    assert(["not_found", "malformed"].includes(code), code);
  }
});

Deno.test("a reply of a peer to a message that went to another is refused", async () => {
  await using it = await asked();
  await using other = await PeerGateway.listen();
  await other.meet(it.me);
  const body = signedBody(other.who, replyTo(it.me), REPLY);
  assertEquals(await codeFrom(receiveReply(it.me.node, NONCE, body)), "bad_signature");
});

Deno.test("after the federation has ended there is no reply", async () => {
  await using it = await asked();
  await it.peer.meet(it.me, { status: "removed" });
  const body = signedBody(it.peer.who, replyTo(it.me), REPLY);
  assertEquals(await codeFrom(receiveReply(it.me.node, NONCE, body)), "not_trusted");
});

Deno.test("a reply may take as long as an owner may take to decide and a gateway to bring it", async () => {
  await using it = await asked();
  const reply = () =>
    receiveReply(it.me.node, NONCE, signedBody(it.peer.who, replyTo(it.me), REPLY));
  it.me.clock.pass(9 * 24 * HOUR + 5 * 60_000 + 1);
  assertEquals(await codeFrom(reply()), "stale_timestamp");
  it.me.clock.pass(-1);
  assertEquals(await reply(), { state: "new" });
});

Deno.test("all names that the peer may have for us are ours", async () => {
  for (const name of ["127.0.0.1:18790", "me.example:1", "ours"]) {
    await using it = await asked();
    await it.peer.meet(it.me, { knowsUsAs: "me.example:1" });
    const to = name === "ours" ? it.me.node.privateKey.publicKey.der : name;
    const body = signedBody(it.peer.who, replyTo(it.me, { to }), REPLY);
    assertEquals(await receiveReply(it.me.node, NONCE, body), { state: "new" });
  }
});

Deno.test("a reply that comes before the answer to its message stays", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  peer.answer = async () => {
    await receiveReply(me.node, NONCE, signedBody(peer.who, replyTo(me), REPLY));
    return { body: { success: true, response: { received: true } } };
  };
  const { attempt } = await sendOgpMessage(me.node, outboxOf(me.node), stan, {
    intent: "message",
    payload: {},
    nonce: NONCE,
  });
  assertEquals(attempt.state, "accepted");
  const { receipt, reply, response } = await findOutgoing(me.node.state, NONCE);
  assertEquals([receipt.state, reply?.data, response], [
    "replied",
    { answer: 42 },
    { received: true },
  ]);
});

Deno.test("a reply tells that a message whose answer was lost has arrived", async () => {
  await using me = await testGateway();
  await using peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  peer.answer = () => "silence";
  const outbox = outboxOf(me.node);
  const message = { intent: "message", payload: {}, nonce: NONCE };
  assertEquals((await sendOgpMessage(me.node, outbox, stan, message)).attempt.state, "queued");
  await receiveReply(me.node, NONCE, signedBody(peer.who, replyTo(me), REPLY));
  peer.asked.length = 0;
  assertEquals((await outbox.attempt(NONCE)).state, "accepted");
  assertEquals([peer.asked, (await findOutgoing(me.node.state, NONCE)).receipt.state], [
    [],
    "replied",
  ]);
});

Deno.test("whatever comes as a reply is refused with a sentence, and stores nothing", async () => {
  await using it = await asked();
  const good = replyTo(it.me);
  const field = fc.oneof(
    fc.constant(undefined),
    fc.anything(),
    fc.constantFrom(...Object.values(good)),
  );
  const reply = fc.record({
    nonce: field,
    success: field,
    timestamp: field,
    data: field,
    to: field,
  });
  const text = (value: unknown) => {
    try {
      return JSON.stringify(value) ?? "";
    } catch {
      return "";
    }
  };
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((json) => new TextEncoder().encode(json)),
    fc.record({ reply: fc.anything(), replyStr: fc.anything(), signature: fc.anything() })
      .map((value) => new TextEncoder().encode(text(value))),
    reply.map((value) => ({ ...value, success: "no" }))
      .map((value) => new TextEncoder().encode(text(value)))
      .map((bytes) => signedText(it.peer, new TextDecoder().decode(bytes))),
  );
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      const error = await receiveReply(it.me.node, NONCE, bytes).catch((error) => error);
      assert(error instanceof MeshError, String(error));
      assert(!["unexpected", "io"].includes(error.code), error.code);
    }),
    { numRuns: 300 },
  );
  assertEquals((await it.stored()).reply, undefined);
});

/** A body whose text the peer signed, whatever it says. */
function signedText({ who }: PeerGateway, replyStr: string): Uint8Array {
  const signature = signText(who.key, replyStr);
  return new TextEncoder().encode(JSON.stringify({ replyStr, signature }));
}
