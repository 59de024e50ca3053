import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { pause as pauseAll } from "../../../lib/delivery/pause.ts";
import { checkPeer, heardFrom, readHealth, throughBreaker } from "../../../lib/ogp/health.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { NoAnswerError } from "../../../lib/net/post.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { testGateway } from "./gateways.ts";
import { OK_07, outboxOf, pause, PeerGateway, type Told } from "./peer_gateway.ts";

const MINUTE = 60_000;
const HELLO = { intent: "message", payload: { text: "hello" } };
const PONG: Told = { body: { pong: true, displayName: "Stan" } };

/** A gateway and a peer that gets messages. */
async function pair() {
  const me = await testGateway();
  const peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  const outbox = outboxOf(me.node);
  return {
    ...{ me, peer, stan, outbox },
    send: async () => await sendOgpMessage(me.node, outbox, stan, HELLO),
    health: () => readHealth(me.node.state, stan.publicKey),
    async [Symbol.asyncDispose]() {
      await peer.close();
      await me[Symbol.asyncDispose]();
    },
  };
}

Deno.test("five failures, and the peer is left alone by all processes; a probe decides", async () => {
  await using it = await pair();
  it.peer.answer = () => "silence";
  const nonces: string[] = [];
  for (let i = 0; i < 5; i++) nonces.push((await it.send()).nonce);
  assertEquals(it.peer.asked.length, 5);
  const { attempt, nonce } = await it.send();
  assert(attempt.state === "queued" && attempt.outcome.kind === "retry");
  assertEquals(attempt.entry.attempts, 0);
  assertEquals(attempt.entry.next_attempt_at, "2026-03-12T18:35:00.000Z");
  assertStringIncludes(attempt.outcome.reason, "left alone");
  const other = outboxOf(await it.me.again());
  assertEquals((await other.attempt(nonces[0]!)).state, "queued");
  assertEquals(it.peer.asked.length, 5);
  // The probe finds silence: another half hour.
  it.me.clock.pass(30 * MINUTE);
  assertEquals((await other.attempt(nonce)).state, "queued");
  assertEquals((await other.attempt(nonce)).state, "queued");
  assertEquals(it.peer.asked.length, 6);
  assertEquals((await it.health())?.openUntil, "2026-03-12T19:05:00.000Z");
  // The next one finds it up.
  it.me.clock.pass(30 * MINUTE);
  it.peer.answer = () => OK_07;
  assertEquals((await other.attempt(nonce)).state, "accepted");
  for (const one of nonces) assertEquals((await it.outbox.attempt(one)).state, "accepted");
  assertEquals(await it.health(), {
    lastSeenAt: "2026-03-12T19:05:00.000Z",
    lastCheckedAt: "2026-03-12T19:05:00.000Z",
    failures: [],
  });
});

Deno.test("of many that could be the probe, one is", async () => {
  await using it = await pair();
  it.peer.answer = () => "silence";
  const nonces: string[] = [];
  for (let i = 0; i < 8; i++) nonces.push((await it.send()).nonce);
  it.me.clock.pass(40 * MINUTE);
  it.peer.asked.length = 0;
  it.peer.answer = async (): Promise<Told> => {
    await pause(100);
    return "silence";
  };
  const attempts = await Promise.all(nonces.map((nonce) => it.outbox.attempt(nonce)));
  assertEquals(it.peer.asked.length, 1);
  assert(attempts.every(({ state }) => state === "queued"));
});

Deno.test("hearing from the peer closes it", async () => {
  await using it = await pair();
  it.peer.answer = () => "silence";
  await heardFrom(it.me.node, it.stan.publicKey);
  for (let i = 0; i < 6; i++) await it.send();
  assert((await it.health())?.openUntil);
  await heardFrom(it.me.node, peerName(it.stan.publicKey));
  assertEquals((await it.health())?.openUntil, undefined);
  it.peer.answer = () => OK_07;
  assertEquals((await it.send()).attempt.state, "accepted");
});

Deno.test("a peer that refuses, or is busy, is up; one whose gateway fails is not", async () => {
  await using it = await pair();
  const says = async (told: Told) => {
    it.peer.answer = () => told;
    await it.send();
    return (await it.health())?.failures.length;
  };
  assertEquals(await says({ status: 502, body: "<html>" }), 1);
  assertEquals(await says({ status: 403, body: { success: false, error: "No" } }), 0);
  assertEquals(await says({ status: 404, body: "" }), 1);
  assertEquals(await says({ status: 429, body: { success: false, error: "later" } }), 0);
});

Deno.test("a fault of this machine tells nothing about the peer", async () => {
  await using it = await pair();
  for (let i = 0; i < 6; i++) {
    const outcome = await throughBreaker(it.me.node, it.stan.publicKey, () => {
      return Promise.reject(new NoAnswerError("unavailable", "no network", true));
    });
    assertEquals(outcome, { kind: "retry", reason: "no network", ownFault: true });
  }
  assertEquals(await it.health(), undefined);
});

Deno.test("that a peer is up is written rarely", async () => {
  await using it = await pair();
  let writes = 0;
  const { health } = it.me.node.state;
  const update = health.update.bind(health);
  health.update = (id, change) => {
    writes++;
    return update(id, change);
  };
  for (let i = 0; i < 20; i++) assertEquals((await it.send()).attempt.state, "accepted");
  for (let i = 0; i < 1000; i++) await heardFrom(it.me.node, it.stan.publicKey);
  assertEquals(writes, 1);
  it.me.clock.pass(5 * MINUTE);
  await it.send();
  assertEquals(writes, 2);
});

Deno.test("health that cannot be written stops nothing", async () => {
  await using it = await pair();
  it.me.node.state.health.update = () => Promise.reject(new Error("The disk is full"));
  assertEquals((await it.send()).attempt.state, "accepted");
  await heardFrom(it.me.node, it.stan.publicKey);
});

Deno.test("a peer is asked whether it is there", async (t) => {
  await using it = await pair();
  const check = () => checkPeer(it.me.node, it.stan, { timeoutMs: 300 });
  it.peer.answer = () => PONG;
  const up = await check();
  assertEquals([up.ok, up.ok && up.displayName], [true, "Stan"]);
  assertEquals(it.peer.asked, [{ method: "GET", path: "/federation/ping", body: "" }]);
  assertEquals((await it.health())?.lastSeenAt, "2026-03-12T18:05:00.000Z");
  const hung = Promise.withResolvers<Told>();
  const wrong: Record<string, Told | Promise<Told>> = {
    "no JSON": { body: "<html>pong</html>" },
    "no pong": { body: { pong: "yes" } },
    "another status": { ...PONG, status: 201 },
    "a redirect": { status: 302, headers: { location: "/federation/ping" } },
    "silence": "silence",
    "no answer in time": hung.promise,
  };
  for (const [name, told] of Object.entries(wrong)) {
    await t.step(name, async () => {
      it.peer.answer = () => told;
      const down = await check();
      assert(!down.ok && down.error !== "");
      assertEquals((await it.health())?.lastError, down.error);
    });
  }
  hung.resolve(PONG);
  // It is asked though it is to be left alone: its owner wants to know.
  assert((await it.health())?.openUntil);
  it.peer.answer = () => PONG;
  assert((await check()).ok);
  assertEquals((await it.health())?.openUntil, undefined);
  await pauseAll(it.me.node.state.store, it.me.clock.now());
  it.peer.asked.length = 0;
  assertEquals([(await check()).ok, it.peer.asked], [false, []]);
});

Deno.test("a peer whose URL cannot be used is not asked", async () => {
  await using it = await pair();
  const check = await checkPeer(it.me.node, { ...it.stan, gatewayUrl: "http://169.254.169.254" });
  assert(!check.ok);
  assertStringIncludes(check.error, "Cannot use the URL");
});
