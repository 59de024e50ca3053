import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { pause, resume } from "../../../lib/delivery/pause.ts";
import { httpStatusOf, MeshError } from "../../../lib/error.ts";
import { announcementId } from "../../../lib/ogp/announce.ts";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import { listFederation } from "../../../lib/ogp/peers.ts";
import { verifyProof } from "../../../lib/ogp/proof.ts";
import { confirmRemovals, receiveRemoval, removeFederation } from "../../../lib/ogp/removal.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { receiveRequest } from "../../../lib/ogp/requests_in.ts";
import { signText } from "../../../lib/ogp/signed_text.ts";
import {
  bytesOf,
  federate,
  oldGateway,
  outboxOf,
  pair,
  type Post,
  proofOf,
  refused,
  requestOf,
  servedGateway,
} from "./federating.ts";
import { befriend, stranger, testGateway } from "./gateways.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What gateways say to the harmless message of a look. */
const ANSWERS: Readonly<Record<string, [number, string]>> = {
  "0.7, removed": [403, '{"success":false,"error":"Peer not approved","statusCode":403}'],
  "0.7, forgotten": [403, '{"success":false,"error":"Unknown peer","statusCode":403}'],
  "0.7, approved": [403, '{"success":false,"error":"Intent \'mesh.ping\' not in granted scope"}'],
  "taken": [200, '{"success":true}'],
  "not ours": [403, "<html>Unknown peer</html>"],
  "broken": [500, '{"error":"Unknown peer"}'],
};

Deno.test("a removal is told to a 0.7 peer, through the outbox", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await federate(anna, bert);
  bert.intercept = () => new Response("<html>", { status: 502 });
  const peer = await removeFederation(anna.node, anna.outbox, "Bert");
  assertEquals([peer.status, (await anna.peer(bert))?.status], ["removed", "removed"]);
  assertEquals(await anna.outbox.entries.ids(), [announcementId("removed", bert.publicKey)]);
  bert.intercept = undefined;
  assertEquals(await anna.deliver(), ["accepted"]);
  const { body } = bert.posts.at(-1) as Post;
  assertEquals(Object.keys(body), ["peerId", "timestamp", "signature"]);
  assertEquals(body.peerId, anna.publicKey.slice(0, 32));
  assertEquals((await bert.peer(anna))?.status, "removed");
  assertEquals(await removeFederation(anna.node, anna.outbox, "Bert"), await anna.peer(bert));
});

Deno.test("a 0.2 peer is not told: it has no words for it", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  await befriend(me, old, { dialect: "0.2", gatewayUrl: old.url });
  await removeFederation(me.node, me.outbox, old.id);
  assertEquals([old.posts, await me.outbox.entries.ids()], [[], []]);
});

Deno.test("a peer that does not know us any more is as good as told", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await federate(anna, bert);
  bert.intercept = () => Response.json({ success: false, error: "Unknown peer" }, { status: 404 });
  await removeFederation(anna.node, anna.outbox, "Bert");
  assertEquals([await anna.outbox.entries.ids(), await anna.outbox.failed.ids()], [[], []]);
});

Deno.test("requests that never became a federation are forgotten", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  await using old = oldGateway();
  await requestFederation(node, old.url);
  await receiveRequest(node, requestOf(stranger(), { clock }));
  for (const name of ["Olga", "Mallory"]) {
    const peer = await removeFederation(node, outboxOf(node), name);
    assertEquals([peer.displayName, peer.status], [name, "removed"]);
  }
  assertEquals(await listFederation(node.state), []);
});

Deno.test("a removal is refused in each way that the protocol has", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const [stan, other] = [stranger(), stranger()];
  await befriend(gateway, stan);
  const good = proofOf(stan, clock);
  const signed = (told: object, by = stan) => ({
    ...told,
    signature: signText(by.key, JSON.stringify(told)),
  });
  const { peerId } = good;
  const old = new Date(clock.now().getTime() - 301_000).toISOString();
  const cases: [number, unknown][] = [
    [400, {}],
    [400, { ...good, signature: 1 }],
    [400, { ...good, peerId: undefined }],
    [404, proofOf(other, clock)],
    [403, { ...good, signature: "00" }],
    [403, { ...good, timestamp: new Date(clock.now().getTime() + 1).toISOString() }],
    [403, signed({ peerId, timestamp: good.timestamp }, other)],
    [400, signed({ peerId, timestamp: old })],
    [400, signed({ peerId, timestamp: "now" })],
  ];
  for (const [status, body] of cases) {
    const error = await receiveRemoval(node, bytesOf(body)).then(() => undefined, (error) => error);
    assert(error instanceof MeshError);
    assertEquals(httpStatusOf(error), status, JSON.stringify(body));
  }
  const peer = await node.index.get(stan.publicKey);
  assertEquals([peer?.status, peer?.removalClaimedAt], ["approved", undefined]);
});

Deno.test("a removal counts once the peer's own gateway says that we are no peer of its", async () => {
  for (const [name, [status, body]] of Object.entries(ANSWERS)) {
    await using both = await pair();
    const { anna, bert, clock } = both;
    await federate(anna, bert);
    anna.intercept = () => new Response(body, { status });
    const { key, publicKey } = { key: anna.node.privateKey, publicKey: anna.publicKey };
    const removal = bytesOf(proofOf({ key, publicKey }, clock));
    const { peer, confirmed } = await receiveRemoval(bert.node, removal);
    assertEquals(confirmed, name.startsWith("0.7, ") && name !== "0.7, approved", name);
    assertEquals(peer.status, confirmed ? "removed" : "approved");
    assertEquals(peer.removalClaimedAt === undefined, confirmed);
    assertEquals(await bert.peer(anna), JSON.parse(JSON.stringify(peer)));
    const look = anna.posts.at(-1)?.body;
    assertEquals(look.message.intent, "mesh.ping");
    assertEquals(JSON.parse(look.messageStr), look.message);
  }
});

Deno.test("a removal that cannot be confirmed at once is looked at again, for a day", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  anna.intercept = () => new Response("<html>", { status: 502 });
  await removeFederation(anna.node, anna.outbox, "Bert");
  const claimed = await bert.peer(anna);
  assertEquals([claimed?.status, claimed?.removalClaimedAt], [
    "approved",
    clock.now().toISOString(),
  ]);
  assert((await bert.audited()).includes("peer.removal_claimed"));
  const looks = () => anna.posts.filter(({ path }) => path === "/federation/message").length;
  const before = looks();
  assertEquals([await confirmRemovals(bert.node), looks()], [[], before]);
  clock.pass(MINUTE);
  assertEquals([await confirmRemovals(bert.node), looks()], [[], before + 1]);
  assertEquals([await confirmRemovals(bert.node), looks()], [[], before + 1]);
  anna.intercept = undefined;
  clock.pass(2 * MINUTE);
  await pause(bert.node.state.store, clock.now());
  assertEquals([await confirmRemovals(bert.node), looks()], [[], before + 1]);
  await resume(bert.node.state.store);
  const [confirmed] = await confirmRemovals(bert.node);
  assertEquals([confirmed?.status, confirmed?.removedBy], ["removed", "them"]);
  assertEquals(await bert.peer(anna), JSON.parse(JSON.stringify(confirmed)));
});

Deno.test("a claim that nothing confirms is dropped after a day", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  const signer = { key: anna.node.privateKey, publicKey: anna.publicKey };
  const { confirmed } = await receiveRemoval(bert.node, bytesOf(proofOf(signer, clock)));
  assertEquals(confirmed, false);
  const looks = () => anna.posts.filter(({ path }) => path === "/federation/message").length;
  for (let minute = 0; minute < 24 * 60; minute++) {
    clock.pass(MINUTE);
    await confirmRemovals(bert.node);
  }
  assert(looks() < 15, `${looks()} looks`);
  const peer = await bert.peer(anna);
  assertEquals([peer?.status, peer?.removalClaimedAt], ["approved", undefined]);
  assert((await bert.audited()).includes("peer.removal_not_confirmed"));
});

Deno.test("attack: what was shown as a proof of identity is sent as a removal", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  const proof = proofOf({ key: anna.node.privateKey, publicKey: anna.publicKey }, clock);
  const headers = {
    "X-OGP-Peer-ID": proof.peerId,
    "X-OGP-Timestamp": proof.timestamp,
    "X-OGP-Signature": proof.signature.toUpperCase(),
  };
  const card = await fetch(`${bert.url}/.well-known/ogp`, { headers });
  await card.body?.cancel();
  const elsewhere = await bert.again();
  await refused("refused", () => receiveRemoval(elsewhere, bytesOf(proof)));
  const peer = await bert.peer(anna);
  assertEquals([peer?.status, peer?.removalClaimedAt], ["approved", undefined]);
});

Deno.test("attack: a proof that was shown to somebody else is sent as a removal", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  const proof = proofOf({ key: anna.node.privateKey, publicKey: anna.publicKey }, clock);
  const { peer, confirmed } = await receiveRemoval(bert.node, bytesOf(proof));
  assertEquals([peer.status, confirmed], ["approved", false]);
});

Deno.test("attack: a removal is replayed after the two have federated again", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  await removeFederation(anna.node, anna.outbox, "Bert");
  const { body } = bert.posts.findLast(({ path }) => path === "/federation/removed") as Post;
  assertEquals((await receiveRemoval(bert.node, bytesOf(body))).confirmed, true);
  clock.pass(1000);
  await federate(anna, bert);
  const { peer, confirmed } = await receiveRemoval(bert.node, bytesOf(body));
  assertEquals([peer.status, confirmed], ["approved", false]);
});

Deno.test("a federation that is made again while a removal waits stays", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  bert.intercept = () => new Response("<html>", { status: 502 });
  await removeFederation(anna.node, anna.outbox, "Bert");
  bert.intercept = undefined;
  clock.pass(1000);
  await receiveRequest(
    anna.node,
    requestOf(
      { key: bert.node.privateKey, publicKey: bert.publicKey, id: "" },
      { clock, peer: { gatewayUrl: bert.url, displayName: "Bert" } },
    ),
  );
  await approveFederation(anna.node, anna.outbox, "Bert");
  assertEquals(await anna.outbox.entries.ids(), []);
  assertEquals((await bert.peer(anna))?.status, "approved");
});

Deno.test("more proofs than can be remembered make removals wait", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const stan = stranger();
  await befriend(gateway, stan);
  for (let n = 0; n < 201; n++) {
    clock.pass(1);
    assert(await verifyProof(node, proofOf(stan, clock)));
  }
  clock.pass(1);
  await refused("refused", () => receiveRemoval(node, bytesOf(proofOf(stan, clock))));
  clock.pass(7 * MINUTE);
  const { peer } = await receiveRemoval(node, bytesOf(proofOf(stan, clock)));
  assertEquals(peer.removalClaimedAt, clock.now().toISOString());
  clock.pass(DAY);
  assertEquals(await confirmRemovals(node), []);
});

Deno.test("whatever is sent is refused as a fault of the sender", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  await befriend(gateway, stranger());
  const body = fc.oneof(
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.record({
      peerId: fc.oneof(fc.constant("127.0.0.1:19999"), fc.jsonValue()),
      timestamp: fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toJSON()),
        fc.string(),
      ),
      signature: fc.string(),
    }).map(bytesOf),
  );
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      try {
        await receiveRemoval(node, bytes);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        return httpStatusOf(error) < 500;
      }
      return false;
    }),
    { numRuns: 300 },
  );
});
