/**
 * Two gateways of this implementation with each other, in each dialect, through the life of a federation.
 *
 * @module
 */
import { assert, assertEquals, assertExists, assertRejects } from "@std/assert";
import { grantsFor } from "./doorman.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { hostId, keyId, verifyText } from "./keys.ts";
import type { Dialect } from "./peers.ts";

for (const dialect of ["0.2", "0.7"] as const) {
  Deno.test(`two gateways of ${dialect} federate, talk and part`, async () => {
    await using ann = await start(dialect, "Ann");
    await using bob = await start(dialect, "Bob");
    const { status, json } = await ann.request(bob.url);
    assertEquals([status, json.received, json.status], [200, true, "pending"]);
    const annAtBob = bob.peer(ann.publicKey);
    const bobAtAnn = ann.peer(bob.publicKey);
    assertEquals([annAtBob.status, annAtBob.asked], ["pending", "them"]);
    assertEquals(annAtBob.id, dialect === "0.2" ? hostId(ann.url) : keyId(ann.publicKey));
    assertEquals(bobAtAnn.id, dialect === "0.2" ? hostId(bob.url) : keyId(bob.publicKey));

    const early = await ann.sendMessage(bobAtAnn, "message", { text: "early" });
    assertEquals(early.status, dialect === "0.2" ? 400 : 403);

    assertEquals((await bob.approve(annAtBob)).status, 200);
    assertEquals(bobAtAnn.status, "approved");
    await ann.until("the grant back", () => annAtBob.granted);
    assertEquals(bob.seen("/federation/approve").length, 1);
    assertEquals(ann.seen("/federation/approve").length, 1);

    await says(ann, bob);
    await says(bob, ann);

    const removed = await ann.remove(bobAtAnn);
    assertEquals(removed?.status, dialect === "0.2" ? undefined : 200);
    assertEquals(annAtBob.status, dialect === "0.2" ? "approved" : "removed");
    const late = await bob.sendMessage(annAtBob, "message", { text: "late" });
    assertEquals(late.status, dialect === "0.2" ? 400 : 403);

    assertEquals((await ann.request(bob.url)).json.status, "pending");
    assertEquals((await bob.approve(bob.peer(ann.publicKey))).status, 200);
    await says(ann, bob);
  });

  Deno.test(`a gateway of ${dialect} replies by callback and by being polled`, async () => {
    const [ann, bob] = await federated(dialect);
    await using _ann = ann;
    await using _bob = bob;
    bob.agent = ({ payload }) => ({ heard: payload.message });
    const peer = ann.peer(bob.publicKey);
    const ask = { topic: "general", message: "well?" };
    for (const way of ["callback", "callback-first"] as const) {
      bob.replyWay = way;
      const replyTo = `${ann.url}/federation/reply/${way}`;
      const sent = await ann.sendMessage(peer, "agent-comms", ask, { nonce: way, replyTo });
      assertEquals(sent.status, 200);
      if (way === "callback-first") assertExists(ann.reply(way));
      const reply = await ann.until("the callback", () => ann.reply(way));
      assertEquals(reply.data, { heard: "well?" });
      assertEquals(ann.seen(`/federation/reply/${way}`)[0]?.answer?.status, 200);
    }
    bob.replyWay = "poll";
    const { json } = await ann.sendMessage(peer, "agent-comms", ask, { nonce: "polled" });
    const { replyEndpoint } = json.response ?? json;
    assertEquals(replyEndpoint, "/federation/reply/polled");
    assertEquals((await ann.pollReply(peer, "polled")).json.reply.data, { heard: "well?" });
    const again = await ann.pollReply(peer, "polled");
    assertEquals([again.status, again.json.status], [404, "pending"]);
  });

  Deno.test(`a gateway of ${dialect} keeps to topics and rates`, async () => {
    const [ann, bob] = await federated(dialect);
    await using _ann = ann;
    await using _bob = bob;
    const topics = ["memory"];
    const rateLimit = { requests: 2, windowSeconds: 60 };
    bob.grant(bob.peer(ann.publicKey), grantsFor(undefined, { topics, rateLimit }));
    const send = async (intent: string, payload: unknown) => {
      const { status, json } = await ann.sendMessage(ann.peer(bob.publicKey), intent, payload);
      return dialect === "0.2" ? [status, json.error] : [json.statusCode ?? status, json.error];
    };
    const no = (status: number) => dialect === "0.2" ? 400 : status;
    assertEquals(await send("agent-comms", { topic: "memory/short", message: "m" }), [
      ...[200, undefined],
    ]);
    assertEquals(await send("agent-comms", { topic: "memoryless", message: "m" }), [
      ...[no(403), "Topic 'memoryless' not allowed for intent 'agent-comms'"],
    ]);
    assertEquals(await send("nosuch", {}), [no(403), "Intent 'nosuch' not in granted scope"]);
    for (let i = 0; i < 2; i++) assertEquals((await send("message", { text: "m" }))[0], 200);
    assertEquals(await send("message", { text: "m" }), [
      ...[no(429), "Rate limit exceeded for intent 'message'"],
    ]);
  });
}

Deno.test("the two dialects do not understand each other's requests, as the originals", async () => {
  await using old = await start("0.2", "Old");
  await using young = await start("0.7", "Young");
  assertEquals((await old.request(young.url)).status, 400);
  assertEquals((await young.request(old.url)).status, 400);
  assertEquals([old.peers, young.peers], [[], []]);
});

Deno.test("a rejection of 0.7 is unsigned, and its own kind does not understand it", async () => {
  await using ann = await start("0.7", "Ann");
  await using bob = await start("0.7", "Bob");
  await ann.request(bob.url);
  assertEquals((await bob.reject(bob.peer(ann.publicKey))).status, 404);
});

Deno.test("a heartbeat of 0.7 proves who asks, and is told how it stands", async () => {
  const [ann, bob] = await federated("0.7");
  await using _ann = ann;
  await using _bob = bob;
  const { json } = await ann.heartbeat(ann.peer(bob.publicKey));
  assertEquals(json.peerStatus.peerId, ann.id);
  const { headers } = bob.exchanges.at(-1)!;
  const claim = { peerId: headers["x-ogp-peer-id"], timestamp: headers["x-ogp-timestamp"] };
  assert(verifyText(ann.publicKey, JSON.stringify(claim), headers["x-ogp-signature"]));
});

Deno.test("a new name of 0.7 is announced", async () => {
  const [ann, bob] = await federated("0.7");
  await using _ann = ann;
  await using _bob = bob;
  const { json } = await ann.updateIdentity(ann.peer(bob.publicKey), { displayName: "Anne" });
  assertEquals(json.updated, true);
  assertEquals(bob.peer(ann.publicKey).displayName, "Anne");
});

Deno.test("a gateway that is told to misbehaves, and its record tells what it saw", async () => {
  const [ann, bob] = await federated("0.7");
  await using _ann = ann;
  await using _bob = bob;
  const peer = ann.peer(bob.publicKey);
  const send = () => ann.sendMessage(peer, "message", { text: "hello" });
  const before = bob.taken.length;

  bob.mischief = () => ({ answer: { status: 429, body: { error: "later", retryAfter: 7 } } });
  assertEquals((await send()).json.retryAfter, 7);
  bob.mischief = () => ({ answer: { status: 500, body: "<h1>oops", type: "text/html" } });
  assertEquals((await send()).text, "<h1>oops");
  bob.mischief = () => ({ drop: "before" });
  await assertRejects(send);
  assertEquals(bob.taken.length, before);
  bob.mischief = () => ({ drop: "after" });
  await assertRejects(send);
  assertEquals(bob.taken.length, before + 1);
  bob.mischief = () => ({ wait: 150 });
  const started = performance.now();
  assertEquals((await send()).status, 200);
  assert(performance.now() - started >= 140);
  bob.mischief = () => undefined;
  const answers = bob.seen("/federation/message").map(({ answer }) => answer?.status);
  assertEquals(answers, [429, 500, undefined, undefined, 200]);

  await bob.stop();
  await assertRejects(send);
  await bob.restart();
  assertEquals((await send()).status, 200);
});

Deno.test("a gateway that stops does not wait for what takes its time", async () => {
  await using ann = await start("0.7", "Ann");
  ann.mischief = () => ({ wait: 60_000 });
  const asking = assertRejects(() => ann.post(`${ann.url}/federation/request`, {}));
  await ann.until("the request", () => ann.exchanges[0]);
  await ann.stop();
  await asking;
});

async function start(dialect: Dialect, displayName: string): Promise<Gateway> {
  return await startGateway({ dialect, displayName });
}

async function federated(dialect: Dialect): Promise<[Gateway, Gateway]> {
  const [ann, bob] = [await start(dialect, "Ann"), await start(dialect, "Bob")];
  await ann.request(bob.url);
  await bob.approve(bob.peer(ann.publicKey));
  await ann.until("the grant back", () => bob.peer(ann.publicKey).granted);
  return [ann, bob];
}

async function says(from: Gateway, to: Gateway): Promise<void> {
  const before = to.taken.length;
  const peer = from.peer(to.publicKey);
  const { status, json } = await from.sendMessage(peer, "message", { text: "hello" });
  assertEquals(status, 200);
  assertEquals((json.response ?? json).received, true);
  assertEquals(to.taken.slice(before).map(({ message }) => message.payload.text), ["hello"]);
}
