import { assertEquals, assertExists } from "@std/assert";
import { announceIdentity, receiveIdentityUpdate } from "../../../lib/ogp/identity_update.ts";
import { signText } from "../../../lib/ogp/signed_text.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { openOgpNode } from "../../../lib/ogp/node.ts";
import { ogpConfig } from "../../../lib/ogp/config.ts";
import { bytesOf, federate, oldGateway, outboxOf, pair, refused } from "./federating.ts";
import { befriend, type Stranger, stranger, testGateway } from "./gateways.ts";

/** An update as 0.7 sends it: without a time. */
function updateOf(who: Stranger, changes: Readonly<Record<string, unknown>> = {}): Uint8Array {
  const identity = { id: who.id, publicKey: who.publicKey, ...changes };
  return bytesOf({ identity, signature: signText(who.key, JSON.stringify(identity)) });
}

Deno.test("a peer changes its names, and what it leaves out stays", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const stan = stranger();
  const before = await befriend(gateway, stan, { email: "s@x", humanName: "Stanley", alias: "s" });
  const bytes = updateOf(stan, { displayName: "Stan \u001b2", agentName: "Bot", id: "other" });
  const peer = await receiveIdentityUpdate(node, bytes);
  assertEquals({ ...peer }, { ...before, displayName: "Stan  2", agentName: "Bot" });
  assertEquals(await node.state.peers.get(peerName(stan.publicKey)), peer);
});

Deno.test("an update of a stranger, a removed peer or another key changes nothing", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const [stan, gone, other] = [stranger(), stranger(), stranger()];
  const before = await befriend(gateway, stan);
  await befriend(gateway, gone, { status: "removed" });
  const take = (bytes: Uint8Array) => () => receiveIdentityUpdate(node, bytes);
  await refused("not_found", take(updateOf(other, { displayName: "S" })));
  await refused("not_found", take(updateOf(gone, { displayName: "S" })));
  await refused("bad_signature", take(updateOf({ ...stan, key: other.key }, { displayName: "S" })));
  await refused("malformed", take(bytesOf({})));
  await refused("malformed", take(updateOf(stan, { displayName: 1 })));
  await refused("malformed", take(updateOf(stan, { gatewayUrl: "file:///" })));
  await refused("malformed", take(updateOf(stan, { publicKey: undefined })));
  await refused("too_large", take(updateOf(stan, { note: "x".repeat(17_000) })));
  assertEquals(await node.state.peers.get(peerName(stan.publicKey)), before);
});

Deno.test("a new URL counts only where the peer's key is shown", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  await using moved = oldGateway("Stan");
  const peer = await befriend(gateway, moved);
  const card = moved.card;
  moved.card = { ...card, publicKey: stranger().publicKey };
  const bytes = updateOf(moved, { displayName: "Stan 2", gatewayUrl: moved.url });
  await refused("refused", () => receiveIdentityUpdate(node, bytes));
  const nowhere = updateOf(moved, { gatewayUrl: "http://127.0.0.1:1" });
  await refused("unavailable", () => receiveIdentityUpdate(node, nowhere));
  assertEquals(await node.index.get(moved.publicKey), peer);
  moved.card = card;
  const changed = await receiveIdentityUpdate(node, bytes);
  assertEquals([changed.displayName, changed.gatewayUrl], ["Stan 2", moved.url]);
});

Deno.test("attack: an old update is replayed", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const stan = stranger();
  await befriend(gateway, stan);
  const first = updateOf(stan, { displayName: "One" });
  await receiveIdentityUpdate(node, first);
  await receiveIdentityUpdate(node, updateOf(stan, { displayName: "Two" }));
  assertEquals((await receiveIdentityUpdate(node, first)).displayName, "Two");
  const timed = (displayName: string) =>
    updateOf(stan, { displayName, timestamp: clock.now().toISOString() });
  const three = timed("Three");
  clock.pass(1000);
  assertEquals((await receiveIdentityUpdate(node, timed("Four"))).displayName, "Four");
  assertEquals((await receiveIdentityUpdate(node, three)).displayName, "Four");
  clock.pass(301_000);
  await refused("stale_timestamp", () => receiveIdentityUpdate(node, three));
});

Deno.test("our new name reaches every approved 0.7 peer, once", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await federate(anna, bert);
  await befriend(anna, stranger(), { dialect: "0.2" });
  await befriend(anna, stranger(), { status: "removed" });
  for (const name of ["Anna 2", "Anna", "Anna 2"]) {
    anna.clock.pass(1000);
    await ogpConfig(anna.node.state.store).change({ displayName: name });
    await using node = await openOgpNode(anna.root, { now: anna.clock.now });
    const outbox = outboxOf(node);
    assertEquals(await announceIdentity(node, outbox), 1);
    for (const id of await outbox.entries.ids()) {
      assertEquals((await outbox.attempt(id)).state, "accepted");
    }
    assertEquals((await bert.peer(anna))?.displayName, name);
    assertEquals(await announceIdentity(node, outbox), 0);
  }
  const { body } = bert.posts.at(-1) ?? {};
  assertExists(body.identity.timestamp);
  assertEquals(body.identity.id, anna.publicKey.slice(0, 32));
});
