import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { pause as pauseAll, resume } from "../../../lib/delivery/pause.ts";
import { Heartbeat, type HeartbeatOptions } from "../../../lib/ogp/heartbeat.ts";
import { readHealth } from "../../../lib/ogp/health.ts";
import type { OgpNode } from "../../../lib/ogp/node.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { stranger, testGateway } from "./gateways.ts";
import { pause, PeerGateway, type Told, until } from "./peer_gateway.ts";

const PONG: Told = { body: { pong: true, displayName: "Stan" } };

async function beating(): Promise<PeerGateway> {
  const peer = await PeerGateway.listen();
  peer.answer = () => PONG;
  return peer;
}

/** A heartbeat that runs until it is disposed of. */
function start(node: OgpNode, options: HeartbeatOptions) {
  const heartbeat = new Heartbeat(node, options);
  heartbeat.start();
  return Object.assign(heartbeat, { [Symbol.asyncDispose]: () => heartbeat.stop() });
}

Deno.test("approved peers are looked at, and nobody else", async () => {
  await using me = await testGateway();
  await using up = await beating();
  await using gone = await beating();
  await using removed = await beating();
  const there = await up.meet(me);
  const away = await gone.meet(me);
  await removed.meet(me, { status: "removed" });
  await gone.close();
  const told = new Map<string, boolean>();
  await using _beat = start(me.node, {
    intervalMs: 100,
    onCheck: ({ publicKey }, { ok }) => {
      told.set(publicKey, ok);
      throw new Error("Nobody listens");
    },
  });
  await until("both", () => told.size === 2);
  assertEquals([told.get(there.publicKey), told.get(away.publicKey)], [true, false]);
  assertEquals((await readHealth(me.node.state, there.publicKey))?.failures, []);
  assert((await readHealth(me.node.state, away.publicKey))?.lastError);
  assertEquals(removed.asked, []);
});

Deno.test("each peer has its own time, at about the interval", async () => {
  await using me = await testGateway();
  await using peer = await beating();
  await peer.meet(me);
  const times: number[] = [];
  peer.answer = () => {
    times.push(performance.now());
    return PONG;
  };
  // A clock that goes on, so that the peer was not just heard from.
  await using _beat = start(me.node, { intervalMs: 200, onCheck: () => me.clock.pass(1000) });
  await until("four looks", () => times.length >= 4);
  for (const [i, time] of times.slice(1).entries()) {
    const gap = time - times[i]!;
    assertGreaterOrEqual(gap, 150);
    assertLessOrEqual(gap, 600);
  }
});

Deno.test("a peer that was just heard from is not asked, nor one that is to be left alone", async () => {
  await using me = await testGateway();
  await using peer = await beating();
  await using down = await beating();
  const stan = await peer.meet(me);
  const lost = await down.meet(me);
  const now = me.clock.now().toISOString();
  const health = { lastCheckedAt: now, failures: [] };
  await me.node.state.health.put(peerName(stan.publicKey), { ...health, lastSeenAt: now });
  await me.node.state.health.put(peerName(lost.publicKey), {
    ...health,
    openUntil: new Date(me.clock.now().getTime() + 60_000).toISOString(),
  });
  await using _beat = start(me.node, { intervalMs: 50 });
  await pause(400);
  assertEquals([peer.asked, down.asked], [[], []]);
  me.clock.pass(60_000);
  await until("both", () => peer.asked.length > 0 && down.asked.length > 0);
});

Deno.test("it can be off, and rests while everything is paused", async () => {
  await using me = await testGateway({ config: { heartbeatMinutes: 0 } });
  await using peer = await beating();
  await peer.meet(me);
  await using _off = start(me.node, {});
  await pauseAll(me.node.state.store, me.clock.now());
  await using _on = start(me.node, { intervalMs: 50 });
  await pause(300);
  assertEquals(peer.asked, []);
  await resume(me.node.state.store);
  await until("a look", () => peer.asked.length > 0);
});

Deno.test("no more peers are asked at once than allowed", async () => {
  await using me = await testGateway();
  await using peer = await beating();
  let active = 0;
  let most = 0;
  peer.answer = async () => {
    most = Math.max(most, ++active);
    await pause(10);
    active--;
    return PONG;
  };
  const stan = await peer.meet(me);
  for (let i = 0; i < 9; i++) {
    const { publicKey } = stranger();
    await me.node.state.peers.put(peerName(publicKey), { ...stan, publicKey });
  }
  const beat = start(me.node, { intervalMs: 40, concurrency: 3, random: () => 0 });
  await until("all", () => peer.asked.length >= 10);
  await beat.stop();
  await until("the last answer", () => active === 0);
  assertEquals(most, 3);
});

Deno.test("stopping ends what is under way, and nothing follows", async () => {
  await using me = await testGateway();
  await using peer = await beating();
  const hung = Promise.withResolvers<Told>();
  peer.answer = () => hung.promise;
  const stan = await peer.meet(me);
  const told: unknown[] = [];
  const beat = start(me.node, { intervalMs: 20, onCheck: (...args) => told.push(args) });
  await until("a look", () => peer.asked.length > 0);
  const started = performance.now();
  await beat.stop();
  assertLessOrEqual(performance.now() - started, 1_000);
  hung.resolve(PONG);
  await pause(100);
  assertEquals([peer.asked.length, told], [1, []]);
  assertEquals(await readHealth(me.node.state, stan.publicKey), undefined);
});

Deno.test("a look at the peers that fails is told, and is not the last one", async () => {
  await using me = await testGateway();
  await using peer = await beating();
  await peer.meet(me);
  const list = me.node.state.peers.list.bind(me.node.state.peers);
  let failures = 2;
  me.node.state.peers.list = (options) =>
    failures-- > 0 ? Promise.reject(new Error("Too many open files")) : list(options);
  const faults: unknown[] = [];
  await using _beat = start(me.node, { intervalMs: 50, onFault: (fault) => faults.push(fault) });
  await until("a look", () => peer.asked.length > 0);
  assertEquals(faults.length, 2);
});
