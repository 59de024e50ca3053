import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { askPeers } from "../../../lib/doctor/peer_answers.ts";
import { peers } from "../../../lib/doctor/peers.ts";
import { fingerprintOf } from "../../../lib/identity/fingerprint.ts";
import { publicKeyFromRaw } from "../../../lib/identity/keys.ts";
import type { AgentCard } from "../../../lib/mesh/card.ts";
import { answering, closedPort, silent } from "../mesh/scan/servers.ts";
import { CardServer, only, TempNode } from "./nodes.ts";

/** A peer that a node trusts, and the server at its endpoint. */
async function trusted(node: TempNode, id: string): Promise<CardServer> {
  await using peer = await TempNode.named(id);
  const server = new CardServer();
  server.card = { ...await peer.card(), endpoint: server.url };
  await node.state.peers.put(id, server.card);
  return server;
}

async function strangerNamed(id: string): Promise<AgentCard> {
  await using stranger = await TempNode.named(id);
  return await stranger.card();
}

Deno.test("without peers the way to some is named", async () => {
  await using node = await TempNode.named("stan");
  const found = only(await node.run(peers));
  assertEquals([found.level, found.fix], ["ok", "mesh scan"]);
});

Deno.test("peers that answer with their keys are one line", async () => {
  await using node = await TempNode.named("stan");
  await using _kyle = await trusted(node, "kyle");
  assertEquals(
    only(await node.run(peers)).message,
    '"kyle" answers with the key that you approved',
  );
  await using _eric = await trusted(node, "eric");
  assertEquals(
    only(await node.run(peers)).message,
    '"eric", "kyle" answer with the keys that you approved',
  );
});

Deno.test("another key at a peer's endpoint is a failure that shows what to compare", async () => {
  await using node = await TempNode.named("stan");
  await using server = await trusted(node, "kyle");
  server.card = await strangerNamed("kyle");
  const found = only(await node.run(peers));
  assertEquals([found.level, found.fix], ["failure", "mesh peers show kyle"]);
  assertStringIncludes(found.message, "KEY CHANGED");
  assertStringIncludes(found.message, server.card.fingerprint);
  assertStringIncludes(found.message, "mesh peers remove kyle");
});

Deno.test("a peer's endpoint that leads to another peer or to this node is told from a new key", async () => {
  await using node = await TempNode.named("stan");
  await using kyle = await trusted(node, "kyle");
  await using eric = await trusted(node, "eric");
  kyle.card = eric.card;
  const [, swapped] = await node.run(peers);
  assertEquals(swapped?.level, "failure");
  assertStringIncludes(swapped!.message, 'the endpoint of "kyle", there is your other peer "eric"');
  kyle.card = await node.card();
  const [, self] = await node.run(peers);
  assertStringIncludes(self!.message, "there is this very node");
});

Deno.test("a peer that took another id with its old key is a failure", async () => {
  await using node = await TempNode.named("stan");
  await using server = await trusted(node, "kyle");
  server.card = { ...server.card!, agent_id: "kyle2" };
  const found = only(await node.run(peers));
  assertEquals([found.level, found.fix], ["failure", "mesh peers remove kyle"]);
  assertStringIncludes(found.message, '"kyle2"');
});

Deno.test("peers that are silent, refuse or are something else are warnings, and the others are asked", async () => {
  await using node = await TempNode.named("stan");
  await using _kyle = await trusted(node, "kyle");
  await using mute = silent();
  await using web = answering("<html>");
  const places = {
    a: mute.target.url,
    b: `http://127.0.0.1:${closedPort()}`,
    c: web.target.url,
  };
  for (const [id, endpoint] of Object.entries(places)) {
    await node.state.peers.put(id, { ...await strangerNamed(id), endpoint });
  }
  const found = await node.run(peers, { probeMs: 300 });
  assertEquals(found.map(({ level }) => level), ["ok", "warning", "warning", "warning"]);
  const [, a, b, c] = found.map(({ message }) => message);
  assertStringIncludes(a!, "no complete answer within 300 ms");
  assertStringIncludes(b!, "nothing listens on that port");
  assertStringIncludes(c!, "it answers, but not in JSON");
  assertEquals(found[1]!.fix, "mesh scan");
});

Deno.test("a peer without an endpoint is ok, and one with an unusable endpoint is not", async () => {
  await using node = await TempNode.named("stan");
  await node.state.peers.put("a", { ...await strangerNamed("a"), endpoint: null });
  await node.state.peers.put("b", { ...await strangerNamed("b"), endpoint: "ftp://b" });
  const [byHand, unusable] = await node.run(peers);
  assertEquals([byHand?.level, unusable?.level], ["ok", "failure"]);
  assertStringIncludes(byHand!.message, '"a" has no endpoint');
  assertStringIncludes(unusable!.fix!, `${node.root}/peers`);
});

Deno.test("records that no trust can rest on are failures before anybody is asked", async () => {
  await using node = await TempNode.named("stan");
  const weak = publicKeyFromRaw(new Uint8Array(32).fill(0, 1).fill(1, 0, 1)).pem;
  const sound = await strangerNamed("a");
  await node.state.peers.put("a", { ...sound, fingerprint: `sha256:${"0".repeat(64)}` });
  await node.state.peers.put("b", { ...sound, agent_id: "b", public_key: "no key" });
  await node.state.peers.put("c", {
    ...sound,
    agent_id: "c",
    public_key: weak,
    fingerprint: await fingerprintOf(weak),
  });
  const found = await node.run(peers);
  assertEquals(found.map(({ level, fix }) => [level, fix]), [
    ["failure", "mesh peers remove a"],
    ["failure", "mesh peers remove b"],
    ["failure", "mesh peers remove c"],
  ]);
});

Deno.test("an id that a peer chose cannot be run by pasting the command", async () => {
  await using node = await TempNode.named("stan");
  const id = "x'; touch pwned; '";
  await node.state.peers.put(id, { ...await strangerNamed("x"), agent_id: id, public_key: "" });
  assertEquals(
    only(await node.run(peers)).fix,
    `mesh peers remove 'x'\\''; touch pwned; '\\'''`,
  );
});

Deno.test("many silent peers cost one deadline, and who was not asked is said", async () => {
  await using node = await TempNode.empty();
  await using mute = silent();
  const card = await strangerNamed("x");
  for (let i = 0; i < 150; i++) {
    const agent_id = `p${String(i).padStart(3, "0")}`;
    await node.state.peers.put(agent_id, { ...card, agent_id, endpoint: mute.target.url });
  }
  const started = performance.now();
  const answers = await askPeers(node.state, { timeoutMs: 300, deadlineMs: 450 });
  assertLess(performance.now() - started, 5_000);
  const late = answers.filter(({ unasked }) => unasked?.kind === "no_time");
  assertEquals(answers.length, 150);
  assert(late.length > 0 && late.length < 150, `${late.length} of 150 were not asked`);
  const found = await node.run(peers, { probeMs: 300, peersMs: 450 });
  assertStringIncludes(found[0]!.message, "There was no time to ask");
});
