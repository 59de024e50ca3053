import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { clock } from "../../../lib/doctor/clock.ts";
import { clockOffset } from "../../../lib/doctor/http_date.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { answering, discovery, type RawServer, silent } from "../mesh/scan/servers.ts";
import { only, TempNode } from "./nodes.ts";

const MINUTE = 60_000;

/** A peer whose clock is off by so many milliseconds. */
async function peerAt(node: TempNode, id: string, offset: number): Promise<RawServer> {
  await using peer = await TempNode.named(id);
  const card = await peer.card();
  const date = new Date(Date.now() + offset).toUTCString();
  const server = answering(JSON.stringify(discovery(card)), { headers: `Date: ${date}\r\n` });
  await node.state.peers.put(id, { ...card, endpoint: server.target.url });
  return server;
}

Deno.test("a clock that nobody can be compared with is told", async () => {
  await using node = await TempNode.named("stan");
  const found = only(await node.run(clock, { now: () => new Date("2026-03-01T12:00:00Z") }));
  assertEquals(found.level, "ok");
  assertStringIncludes(found.message, "2026-03-01T12:00:00.000Z");
  assertStringIncludes(found.message, "nobody to compare with");
});

Deno.test("a clock of a time before this program is a failure, whatever others say", async () => {
  await using node = await TempNode.named("stan");
  const found = only(await node.run(clock, { now: () => new Date("1970-01-01T00:05:00Z") }));
  assertEquals(found.level, "failure");
  assert(found.fix, "How to set the clock is not said");
});

Deno.test("a clock within a minute of a peer's is ok, and none beyond", async () => {
  const cases = [
    [50_000, "ok", "agrees with that of 1 peer"],
    [-50_000, "ok", "agrees"],
    [2 * MINUTE, "warning", 'This clock and that of "kyle" differ by 2 min'],
    [-7 * MINUTE, "failure", 'This clock and that of "kyle" differ by 7 min, so messages are'],
  ] as const;
  for (const [offset, level, message] of cases) {
    await using node = await TempNode.named("stan");
    await using _peer = await peerAt(node, "kyle", offset);
    const found = only(await node.run(clock));
    assertEquals(found.level, level, found.message);
    assertStringIncludes(found.message, message);
    assertEquals(found.fix === undefined, level === "ok");
  }
});

Deno.test("most peers are right: one that is off is told from a clock of ours that is", async () => {
  await using node = await TempNode.named("stan");
  await using _a = await peerAt(node, "a", 0);
  await using _b = await peerAt(node, "b", -20 * MINUTE);
  await using _c = await peerAt(node, "c", 1_000);
  const [own, peer] = await node.run(clock);
  assertEquals([own?.level, peer?.level], ["ok", "warning"]);
  assertStringIncludes(own!.message, "agrees with that of 2 peers");
  assertEquals(
    peer!.message,
    'The clock of "b" is 20 min behind, so messages between you are refused',
  );

  const ours = only(await node.run(clock, { now: () => new Date(Date.now() + 20 * MINUTE) }));
  assertEquals(ours.level, "failure");
  assertStringIncludes(ours.message, "This clock is 20 min ahead of those of 3 peers");
});

Deno.test("peers that are off to both sides do not add up to a clock of ours that is", async () => {
  await using node = await TempNode.named("stan");
  await using _a = await peerAt(node, "a", -10 * MINUTE);
  await using _b = await peerAt(node, "b", 10 * MINUTE);
  await using _c = await peerAt(node, "c", 0);
  const levels = (await node.run(clock)).map(({ level }) => level);
  assertEquals(levels, ["ok", "warning", "warning"]);
});

Deno.test("a peer that is not there or does not tell the time is no witness", async () => {
  await using node = await TempNode.named("stan");
  await using kyle = await TempNode.named("kyle");
  await using untold = answering(JSON.stringify(discovery(await kyle.card())));
  await node.state.peers.put("kyle", { ...await kyle.card(), endpoint: untold.target.url });
  await using eric = await TempNode.named("eric");
  await using mute = silent();
  await node.state.peers.put("eric", { ...await eric.card(), endpoint: mute.target.url });
  const found = only(await node.run(clock, { probeMs: 200 }));
  assertStringIncludes(found.message, "nobody to compare with");
});

Deno.test("peers that cannot be read do not keep the clock from being looked at", async () => {
  await using node = await TempNode.named("stan");
  const peers = () => Promise.reject(new Error("No"));
  const found = only(await runChecks([clock], { ...node.context(), peers }));
  assertEquals(found.level, "ok");
});

Deno.test("a comparison ends when it is told to", async () => {
  await using mute = silent();
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  const now = () => new Date();
  assertEquals(await clockOffset(mute.target.url, now, stop.signal), undefined);
  assertEquals(await clockOffset(mute.target.url, now, stop.signal), undefined);
});
