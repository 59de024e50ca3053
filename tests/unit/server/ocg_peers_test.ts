import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AgentError, type AgentFailure } from "../../../lib/agent/agent_error.ts";
import { pause, resume } from "../../../lib/delivery/pause.ts";
import type { PeerQuestion } from "../../../lib/ocg/peer_agent.ts";
import { askPeerOf, type AskPeerParts } from "../../../server/ocg_peers.ts";
import { testGateway } from "../ogp/gateways.ts";
import { type Asked, OK_07, outboxOf, PeerGateway, type Told } from "../ogp/peer_gateway.ts";

const SESSION = "telegram:default:12345";

/** A gateway with a peer "stan", who replies to polls as a test wants. */
async function talking(reply: (asked: Asked) => unknown = () => ({ text: "from stan" })) {
  const me = await testGateway();
  const peer = await PeerGateway.listen();
  await peer.meet(me, { alias: "stan" });
  peer.answer = (asked): Told => {
    if (asked.method === "POST") return OK_07;
    const data = reply(asked);
    if (data === undefined) return { status: 404, body: { status: "pending" } };
    const timestamp = me.clock.now().toISOString();
    const whole = typeof data === "object" && data !== null && "success" in data
      ? data
      : { success: true, data };
    return { body: { status: "complete", reply: { ...whole, timestamp } } };
  };
  const { node } = me;
  const outbox = outboxOf(node);
  const ask = (question: Partial<PeerQuestion> = {}, parts: Partial<AskPeerParts> = {}) =>
    askPeerOf({ ogp: node, outbox, ...parts })({
      peer: "stan",
      topic: "chat",
      text: "hi",
      session: SESSION,
      id: "m1",
      signal: new AbortController().signal,
      timeoutMs: 60_000,
      ...question,
    });
  return {
    ...{ me, peer, node, outbox, ask },
    sent: () => peer.messages(node),
    async [Symbol.asyncDispose]() {
      await peer.close();
      await me[Symbol.asyncDispose]();
    },
  };
}

async function failure(asking: Promise<unknown>, why: AgentFailure): Promise<AgentError> {
  const error = await assertRejects(() => asking, AgentError);
  assertEquals(error.failure, why, error.message);
  return error;
}

Deno.test("a question is a message on the topic, and the reply's words are the answer", async () => {
  await using it = await talking();
  assertEquals(await it.ask(), "from stan");
  const [message] = it.sent();
  assertEquals([message?.intent, message?.payload], [
    "agent-comms",
    { topic: "chat", message: "hi", priority: "normal" },
  ]);
  assertMatch(String(message?.nonce), /^ocg-[0-9a-f]{40}$/);
});

Deno.test("a question that is asked again after a crash is not sent again", async () => {
  let ready = false;
  await using it = await talking(() => ready ? "late" : undefined);
  const stop = new AbortController();
  const asking = it.ask({ signal: stop.signal });
  while (it.peer.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await failure(asking, "interrupted");
  ready = true;
  const ogp = await it.me.again();
  assertEquals(await it.ask({}, { ogp, outbox: outboxOf(ogp) }), "late");
  assertEquals(await it.ask(), "late");
  assertEquals(it.sent().length, 1);
});

Deno.test("a message that a crash left out of the outbox is sent, once", async () => {
  await using it = await talking();
  const dying = outboxOf(it.node);
  dying.send = () => Promise.reject(new Error("killed"));
  await assertRejects(() => it.ask({}, { outbox: dying }), Error, "killed");
  assertEquals(it.sent(), []);
  assertEquals(await it.ask(), "from stan");
  assertEquals(it.sent().length, 1);
});

Deno.test("chats are conversations of their own, and the peer learns nothing of them", async () => {
  await using it = await talking();
  await it.ask();
  await it.ask({ id: "m2" });
  await it.ask({ session: "telegram:default:999" });
  await it.ask({ id: undefined });
  const [first, second, other, unnamed] = it.sent();
  assertEquals(first?.conversationId, second?.conversationId);
  assertEquals(first?.conversationId, unnamed?.conversationId);
  assert(first?.conversationId !== other?.conversationId);
  assertEquals(new Set(it.sent().map(({ nonce }) => nonce)).size, 4);
  assert(!it.peer.asked.some(({ body, path }) => /telegram|12345|m1/.test(body + path)));
});

Deno.test("a peer out of reach is a clear failure, and is not asked later", async () => {
  await using it = await talking();
  await it.peer.close();
  const why = await failure(it.ask({}, { reachMs: 1 }), "unreachable");
  assertMatch(why.message, /^Peer "stan" cannot be reached: /);
  assertEquals([await it.outbox.entries.ids(), await it.outbox.failed.ids()], [[], []]);
  await failure(it.ask(), "unreachable");
});

Deno.test("nothing is asked while everything outgoing is paused", async () => {
  await using it = await talking();
  await pause(it.node.state.store, it.me.clock.now());
  await failure(it.ask(), "unreachable");
  await resume(it.node.state.store);
  assertEquals([it.sent().length, await it.ask()], [0, "from stan"]);
});

Deno.test("what a peer says instead of an answer is told apart", async (t) => {
  await t.step("it refuses the message", async () => {
    await using it = await talking();
    it.peer.answer = () => ({
      status: 403,
      body: { success: false, error: "Topic not allowed", code: "FORBIDDEN", statusCode: 403 },
    });
    const why = await failure(it.ask(), "rejected");
    assertStringIncludes(why.message, "Topic not allowed");
    await failure(it.ask(), "rejected");
    assertEquals(it.sent().length, 1);
  });

  await t.step("it replies that it failed", async () => {
    await using it = await talking(() => ({ success: false, error: "out of\norder" }));
    const why = await failure(it.ask(), "failed");
    assertEquals(why.message, 'Peer "stan" replied that it failed: out of order');
  });

  await t.step("it replies without words", async () => {
    await using it = await talking(() => ({ sum: 4 }));
    assertEquals(JSON.parse(await it.ask()), { sum: 4 });
  });

  await t.step("it does not reply in time", async () => {
    await using it = await talking(() => undefined);
    await failure(it.ask({ timeoutMs: 200 }), "timeout");
  });

  await t.step("there is no such peer, or the question is too long", async () => {
    await using it = await talking();
    const why = await failure(it.ask({ peer: "anna" }), "misconfigured");
    assertStringIncludes(why.message, '"anna"');
    await failure(it.ask({ text: "x".repeat(300_000) }), "rejected");
  });
});
