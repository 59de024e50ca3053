import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { findPeer, listPeers, markVerified, peerSafetyNumber } from "../../../lib/mesh/peers.ts";
import { codeFrom, Stranger, testNode, trust } from "./parties.ts";

Deno.test("a peer is found by whatever names it alone", async () => {
  await using me = await testNode();
  const put = async (agent_id: string, display_name: string | null, endpoint: string | null) => {
    const { card } = await Stranger.named(agent_id);
    await me.node.state.peers.put(agent_id, { ...card, display_name, endpoint });
    return card.fingerprint;
  };
  const long = `http://host/${"a/".repeat(150)}`;
  const stan = await put("stan", "Stan's Laptop", "http://10.0.0.1:8787");
  await put("stanley", "Server", long);
  await put("agent-0f", "Анна", null);
  await put("agent-1f", null, null);
  const found = async (selector: string) => (await findPeer(me.node.state, selector)).agent_id;

  const wanted: Record<string, string[]> = {
    // An exact id comes before everything that merely begins with it.
    "stan": ["stan", "Stan's Laptop", "stan's laptop", "STAN'S L", stan, "http://10.0.0.1:8787"],
    "stanley": ["stanley", "stanl", "Stanl", "server", "serv", long],
    "agent-0f": ["agent-0f", "agent-0", "анна", "ан"],
    "agent-1f": ["agent-1f", "AGENT-1"],
  };
  for (const [agentId, selectors] of Object.entries(wanted)) {
    for (const selector of selectors) {
      assertEquals([selector, await found(selector)], [selector, agentId]);
    }
  }
  for (const selector of ["agent", "agent-", "STA", "s"]) {
    const error = await assertRejects(() => findPeer(me.node.state, selector), MeshError);
    assertEquals([selector, error.code], [selector, "ambiguous"]);
  }
  for (
    const selector of ["", "tan", "../stan", "sha256:", "\ud800", "x".repeat(9999), "http://10"]
  ) {
    assertEquals([selector, await codeFrom(findPeer(me.node.state, selector))], [
      selector,
      "not_found",
    ]);
  }
  assertEquals((await listPeers(me.node.state)).map(({ agent_id }) => agent_id), [
    "agent-0f",
    "agent-1f",
    "stan",
    "stanley",
  ]);
});

Deno.test("two peers of one name are told apart by the owner", async () => {
  await using me = await testNode();
  for (const agentId of ["a1", "b2"]) {
    await trust(me.node, (await Stranger.named(agentId)).as({ display_name: "Laptop" }));
  }
  const error = await assertRejects(() => findPeer(me.node.state, "laptop"), MeshError);
  assertEquals([error.code, error.message.includes("a1, b2")], ["ambiguous", true]);
});

Deno.test("a record under another's name is not found by that name", async () => {
  await using me = await testNode();
  const { card } = await Stranger.named("mallory");
  await me.node.state.peers.put("stan", card);
  assertEquals(await codeFrom(findPeer(me.node.state, "stan")), "not_found");
});

Deno.test("both sides see the same safety number, a third sees another", async () => {
  await using me = await testNode();
  await using you = await testNode({ agentId: "you" });
  await using third = await testNode({ agentId: "third" });
  const cardOf = ({ node }: typeof me) => node.identity.card;
  const mine = peerSafetyNumber(me.node, cardOf(you));
  assertMatch(mine, /^\d{5}( \d{5}){11}$/);
  assertEquals(peerSafetyNumber(you.node, cardOf(me)), mine);
  assertNotEquals(peerSafetyNumber(third.node, cardOf(me)), mine);
  assertNotEquals(peerSafetyNumber(me.node, cardOf(third)), mine);
});

Deno.test("a comparison is remembered for the very key that was compared", async () => {
  await using me = await testNode();
  const peer = await trust(me.node, await Stranger.named("stan"));
  assertEquals((await markVerified(me.node, peer)).verified_at, "2026-03-12T18:05:00Z");
  assertEquals((await findPeer(me.node.state, "stan")).verified_at, "2026-03-12T18:05:00Z");

  const { card } = await Stranger.named("stan");
  await me.node.state.peers.put("stan", card);
  assertEquals(await codeFrom(markVerified(me.node, peer)), "key_changed");
  assertEquals((await findPeer(me.node.state, "stan")).verified_at, undefined);
  await me.node.state.peers.delete("stan");
  assertEquals(await codeFrom(markVerified(me.node, peer)), "key_changed");
  assertEquals(await me.node.state.peers.has("stan"), false);
});
