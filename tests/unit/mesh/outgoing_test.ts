import { assert, assertEquals, assertFalse } from "@std/assert";
import { createMessage } from "../../../lib/mesh/messages.ts";
import type { MeshNode } from "../../../lib/mesh/node.ts";
import {
  meshOutbox,
  OUTBOX_PROTOCOL,
  readReceipt,
  requeueLost,
  sendMessage,
  storeOutgoing,
} from "../../../lib/mesh/outgoing.ts";
import { verifyPayload } from "../../../lib/signing/envelope.ts";
import { JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { codeFrom, Stranger, testNode } from "./parties.ts";

const ACCEPTED = { ok: true, result: { verified: true } };

/** A peer that is a plain server: it keeps what it gets and answers as it is told. */
async function peerOf(node: MeshNode, answer = () => Response.json(ACCEPTED)) {
  const received: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    received.push(await request.text());
    return answer();
  });
  const endpoint = `http://127.0.0.1:${server.addr.port}/base/`;
  await node.state.peers.put("stan", (await Stranger.named("stan", { endpoint })).card);
  return {
    received,
    messages: () => received.map((text) => parseJson(text) as JsonObject),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function receiptOf(node: MeshNode, message: JsonObject) {
  const record = await node.state.messagesOut.get(String(message.get("message_id")));
  return record && readReceipt(record);
}

Deno.test("an accepted message leaves the outbox and keeps the peer's answer", async () => {
  await using me = await testNode();
  await using peer = await peerOf(me.node);
  const message = createMessage(me.node, "stan", "hello");
  const attempt = await sendMessage(me.node, meshOutbox(me.node), message);
  assertEquals(attempt, { state: "accepted", answer: ACCEPTED });
  assertEquals(peer.messages(), [message]);
  assertEquals(await receiptOf(me.node, message), {
    state: "accepted",
    at: "2026-03-12T18:05:00.000Z",
    detail: ACCEPTED,
  });
  assertEquals(await me.node.state.outbox.ids(), []);
});

Deno.test("a message whose peer is down waits, with its reason and the time of the next attempt", async () => {
  await using me = await testNode();
  await using _peer = await peerOf(me.node);
  await _peer[Symbol.asyncDispose]();
  const message = createMessage(me.node, "stan", "hello");
  const attempt = await sendMessage(me.node, meshOutbox(me.node), message);
  assert(attempt.state === "queued");
  assertEquals(attempt.entry.attempts, 1);
  assertEquals(attempt.outcome.kind === "retry" && attempt.outcome.unreachable, true);
  const wait = Date.parse(attempt.entry.next_attempt_at) - me.clock.now().getTime();
  assert(wait >= 5000 && wait <= 5500, `The wait is ${wait} ms`);
  assertEquals((await receiptOf(me.node, message))?.state, "queued");
  assertEquals(await me.node.state.outbox.ids(), [String(message.get("message_id"))]);
});

Deno.test("a refused message is a dead letter with its reason", async () => {
  await using me = await testNode();
  const body = { ok: false, error: "not_trusted", message: "No" };
  await using _peer = await peerOf(me.node, () => Response.json(body, { status: 403 }));
  const message = createMessage(me.node, "stan", "hello");
  const id = String(message.get("message_id"));
  const attempt = await sendMessage(me.node, meshOutbox(me.node), message);
  assert(attempt.state === "failed");
  assertEquals((await receiptOf(me.node, message))?.state, "failed");
  assertEquals(await me.node.state.outbox.ids(), []);
  assertEquals((await me.node.state.failed.get(id))?.last_error?.reason, "not_trusted: No");
});

Deno.test("the peer's wish to wait is granted", async () => {
  await using me = await testNode();
  await using _peer = await peerOf(
    me.node,
    () => Response.json({ ok: false }, { status: 429, headers: { "retry-after": "600" } }),
  );
  const attempt = await sendMessage(
    me.node,
    meshOutbox(me.node),
    createMessage(me.node, "stan", "hello"),
  );
  assert(attempt.state === "queued");
  const wait = Date.parse(attempt.entry.next_attempt_at) - me.clock.now().getTime();
  assertEquals(wait, 600_000);
});

Deno.test("a redirect is not followed", async () => {
  await using me = await testNode();
  await using elsewhere = await peerOf(me.node);
  const { endpoint } = (await me.node.state.peers.get("stan"))!;
  await using peer = await peerOf(me.node, () => Response.redirect(endpoint!, 307));
  const message = createMessage(me.node, "stan", "hello");
  const attempt = await sendMessage(me.node, meshOutbox(me.node), message);
  assertEquals([attempt.state, peer.received.length, elsewhere.received], ["queued", 1, []]);
});

Deno.test("a message that waited a minute is signed anew, and is the same message", async () => {
  await using me = await testNode();
  await using peer = await peerOf(me.node, () => new Response(null, { status: 503 }));
  const outbox = meshOutbox(me.node);
  const message = createMessage(me.node, "stan", "hello");
  const id = String(message.get("message_id"));
  await sendMessage(me.node, outbox, message);
  for (const ms of [59_000, 1000, -3_600_000, 86_400_000]) {
    me.clock.pass(ms);
    await outbox.attempt(id);
  }
  const [first, early, ...late] = peer.messages();
  assertEquals([first, early], [message, message]);
  for (const again of late) {
    assert(verifyPayload(again, me.node.identity.publicKey));
    const { timestamp: _, signature: __, ...content } = Object.fromEntries(again);
    const { timestamp, signature, ...original } = Object.fromEntries(message);
    assertEquals(content, original);
    assertFalse(again.get("timestamp") === timestamp || again.get("signature") === signature);
  }
  assertEquals(late.map((again) => again.get("timestamp")), [
    "2026-03-12T18:06:00Z",
    "2026-03-12T17:06:00Z",
    "2026-03-13T17:06:00Z",
  ]);
  // On disk it stays as it was written.
  assertEquals((await me.node.state.messagesOut.get(id))?.get("timestamp"), "2026-03-12T18:05:00Z");
});

Deno.test("a receipt does not travel, and keys that are signed do", async () => {
  await using me = await testNode();
  await using peer = await peerOf(me.node);
  const me2 = await Stranger.named("me", { privateKey: me.node.identity.privateKey });
  const message = me2.message({ to: "stan", extra: parseJson('{"n":1.0}') });
  await sendMessage(me.node, meshOutbox(me.node), message);
  assertEquals(peer.messages(), [message]);
});

Deno.test("a message that cannot go anywhere is a dead letter, not a fault", async (t) => {
  await using me = await testNode();
  const { card } = await Stranger.named("stan");
  const reasons: Record<string, Parameters<typeof me.node.state.peers.put>[1] | undefined> = {
    "not trusted": undefined,
    "no endpoint": { ...card, endpoint: null },
    "of another kind": { ...card, endpoint: "ftp://10.0.0.1" },
    "where no peer can be": { ...card, endpoint: "http://0.0.0.0:8787" },
  };
  for (const [name, peer] of Object.entries(reasons)) {
    await t.step(name, async () => {
      if (peer) await me.node.state.peers.put("stan", peer);
      const reason = peer?.endpoint ? "endpoint" : name;
      const message = createMessage(me.node, "stan", "hello");
      const attempt = await sendMessage(me.node, meshOutbox(me.node), message);
      assert(attempt.state === "failed");
      assert(attempt.entry.last_error?.reason.includes(reason), attempt.entry.last_error?.reason);
    });
  }
});

Deno.test("an attempt that is interrupted costs the message nothing", async () => {
  await using me = await testNode();
  const hung = Promise.withResolvers<Response>();
  const arrived = Promise.withResolvers<void>();
  await using _peer = await peerOf(me.node, () => {
    arrived.resolve();
    return hung.promise as unknown as Response;
  });
  const outbox = meshOutbox(me.node);
  const message = createMessage(me.node, "stan", "hello");
  const id = String(message.get("message_id"));
  await storeOutgoing(me.node, message, "queued");
  await outbox.add(id, OUTBOX_PROTOCOL, "stan");
  const abort = new AbortController();
  const attempt = outbox.attempt(id, { signal: abort.signal });
  await arrived.promise;
  abort.abort();
  const result = await attempt;
  hung.resolve(new Response());
  assertEquals(result.state === "queued" && result.entry.attempts, 0);
});

Deno.test("what a crash left between the message and its entry is queued again, once", async () => {
  await using me = await testNode();
  await me.node.state.peers.put("stan", (await Stranger.named("stan")).card);
  const outbox = meshOutbox(me.node);
  const lost = createMessage(me.node, "stan", "lost");
  const waiting = createMessage(me.node, "stan", "waiting");
  const byHand = createMessage(me.node, "stan", "by hand");
  const failed = createMessage(me.node, "stan", "failed");
  await storeOutgoing(me.node, lost, "queued");
  await storeOutgoing(me.node, waiting, "queued");
  await outbox.add(String(waiting.get("message_id")), OUTBOX_PROTOCOL, "stan");
  await storeOutgoing(me.node, byHand);
  await storeOutgoing(me.node, failed, "failed");
  // A dead letter whose receipt was not written any more.
  const dead = createMessage(me.node, "stan", "dead");
  await storeOutgoing(me.node, dead, "queued");
  await outbox.add(String(dead.get("message_id")), OUTBOX_PROTOCOL, "stan");
  const [entry] = (await me.node.state.outbox.list()).entries.filter(({ id }) =>
    id === dead.get("message_id")
  );
  await me.node.state.failed.put(entry!.id, entry!.value);
  await me.node.state.outbox.delete(entry!.id);

  const id = String(lost.get("message_id"));
  assertEquals(await requeueLost(me.node, outbox), [id]);
  assertEquals(await requeueLost(await me.again(), outbox), []);
  const requeued = await me.node.state.outbox.get(id);
  assertEquals([requeued?.to, requeued?.protocol, requeued?.attempts], ["stan", "mesh", 0]);
  assertEquals((await me.node.state.outbox.ids()).length, 2);
});

Deno.test("while a daemon runs, only what no command can be busy with any more is queued again", async () => {
  await using me = await testNode();
  const outbox = meshOutbox(me.node);
  const message = createMessage(me.node, "stan", "half sent");
  await storeOutgoing(me.node, message, "queued");
  // Records carry the time of the file system.
  me.clock.pass(Date.now() - me.clock.now().getTime());
  const settled = { newest: 100, olderThanMs: 30_000 };
  assertEquals(await requeueLost(me.node, outbox, settled), []);
  me.clock.pass(40_000);
  assertEquals(await requeueLost(me.node, outbox, settled), [String(message.get("message_id"))]);
});

Deno.test("a message that the peer has taken stays accepted when its entry is dropped", async () => {
  await using me = await testNode();
  await using _peer = await peerOf(me.node);
  const outbox = meshOutbox(me.node);
  const message = createMessage(me.node, "stan", "hello");
  const id = String(message.get("message_id"));
  await sendMessage(me.node, outbox, message);
  await outbox.add(id, OUTBOX_PROTOCOL, "stan");
  assertEquals(await outbox.drop(id, "dropped by the owner"), "dropped");
  assertEquals((await receiptOf(me.node, message))?.state, "accepted");
});

Deno.test("a dead letter is not raised by a restart", async () => {
  await using me = await testNode();
  const outbox = meshOutbox(me.node);
  const message = createMessage(me.node, "stan", "hello");
  await sendMessage(me.node, outbox, message);
  const id = String(message.get("message_id"));
  assert(await me.node.state.failed.has(id));
  assertEquals(await requeueLost(me.node, outbox), []);
});

Deno.test("after a crash between the receipt and the removal nothing is sent twice", async () => {
  await using me = await testNode();
  await using peer = await peerOf(me.node);
  const outbox = meshOutbox(me.node);
  const message = createMessage(me.node, "stan", "hello");
  const id = String(message.get("message_id"));
  await sendMessage(me.node, outbox, message);
  await outbox.add(id, OUTBOX_PROTOCOL, "stan");
  assertEquals(await outbox.attempt(id), { state: "accepted", answer: ACCEPTED });
  assertEquals(peer.received.length, 1);
  assertEquals(await me.node.state.outbox.ids(), []);
});

Deno.test("two processes that send one message send it once", async () => {
  await using me = await testNode();
  await using peer = await peerOf(me.node);
  const message = createMessage(me.node, "stan", "hello");
  const id = String(message.get("message_id"));
  await storeOutgoing(me.node, message, "queued");
  await meshOutbox(me.node).add(id, OUTBOX_PROTOCOL, "stan");
  const other = meshOutbox(await me.again());
  const attempts = await Promise.all([meshOutbox(me.node).attempt(id), other.attempt(id)]);
  assertEquals(peer.received.length, 1);
  assertEquals(attempts.filter(({ state }) => state === "accepted").length, 1);
});

Deno.test("a message id is used once", async () => {
  await using me = await testNode();
  const message = createMessage(me.node, "stan", "hello");
  await storeOutgoing(me.node, message);
  assertEquals(await codeFrom(storeOutgoing(me.node, message, "queued")), "exists");
});
