import { assert, assertEquals } from "@std/assert";
import { announcementId, isOwed, requeueAnnouncements } from "../../../lib/ogp/announce.ts";
import {
  approveFederation,
  type ApproveOptions,
  setGrants,
} from "../../../lib/ogp/approvals_out.ts";
import { rejectFederation } from "../../../lib/ogp/rejection.ts";
import { removeFederation } from "../../../lib/ogp/removal.ts";
import { receiveRequest } from "../../../lib/ogp/requests_in.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { grantsFrom } from "../../../lib/ogp/scopes.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import {
  federate,
  oldGateway,
  oldRequestOf,
  outboxOf,
  pair,
  refused,
  requestOf,
  servedGateway,
} from "./federating.ts";
import { befriend, stranger, testGateway } from "./gateways.ts";

Deno.test("a peer gets what it offered, what the owner says, or the v0.1 rules", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const outbox = outboxOf(node);
  const intents = async (payload: Record<string, unknown>, options?: ApproveOptions) => {
    const who = stranger();
    await receiveRequest(node, requestOf(who, { clock, payload }));
    const { peer } = await approveFederation(node, outbox, who.publicKey, options);
    return peer.grants?.scopes.map(({ intent }) => intent);
  };
  const offeredIntents = ["agent-comms", "deploy"];
  assertEquals(await intents({ offeredIntents }), offeredIntents);
  assertEquals((await intents({ offeredIntents: undefined }))?.length, 6);
  assertEquals(await intents({ offeredIntents }, { grants: null }), undefined);
  const grants = grantsFrom({ intents: "message" }, clock.now());
  assertEquals(await intents({ offeredIntents }, { grants }), ["message"]);
});

Deno.test("a 0.2 gateway that asked us is answered in the names that it knows", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  const bytes = oldRequestOf(old, { id: "olga:1", gatewayUrl: old.url, displayName: "Olga" });
  await receiveRequest(me.node, bytes, { host: "127.0.0.9:18790" });
  const { peer, attempt } = await approveFederation(me.node, me.outbox, "olga", { alias: "o" });
  assertEquals([attempt.state, peer.alias, peer.dialect], ["accepted", "o", "0.2"]);
  assertEquals(peer.knowsUsAs, "127.0.0.9:18790");
  const [post] = old.posts;
  assertEquals([post?.body.peerId, post?.body.fromGatewayId, post?.body.approved], [
    "olga:1",
    "127.0.0.9:18790",
    true,
  ]);
  // It chose that id, which may be another gateway's: what we sign is for its key.
  assertEquals(JSON.parse(post?.body.payloadStr).peerId, old.id);
});

Deno.test("the decision stands if the peer cannot be told, and is told later as it is then", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await requestFederation(anna.node, bert.url);
  anna.intercept = () => new Response("<html>", { status: 502 });
  const { peer, attempt } = await approveFederation(bert.node, bert.outbox, "Anna");
  assertEquals([peer.status, attempt.state], ["approved", "queued"]);
  const narrow = grantsFrom({ intents: "message" }, clock.now());
  await setGrants(bert.node, bert.outbox, "Anna", narrow);
  anna.intercept = undefined;
  assertEquals(await bert.deliver(), ["accepted"]);
  assertEquals((await anna.peer(bert))?.grantedToUs, narrow);
});

Deno.test("a refusal in the protocol's words is final, other answers are not", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await requestFederation(anna.node, bert.url);
  const answers: [number, string, string][] = [
    [404, '{"error":"No pending peer found"}', "failed"],
    [401, '{"error":"Signature verification failed: stale-timestamp"}', "queued"],
    [429, '{"error":"Slow down"}', "queued"],
    [500, '{"error":"Oops"}', "queued"],
    [200, "<html>", "queued"],
    [200, '{"received":true}', "accepted"],
  ];
  for (const [status, body, state] of answers) {
    anna.intercept = () => new Response(body, { status });
    const { attempt } = await approveFederation(bert.node, bert.outbox, "Anna");
    assertEquals(attempt.state, state, body);
  }
  assertEquals((await bert.peer(anna))?.status, "approved");
});

Deno.test("approving again tells the peer again, and a new alias or grants count", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  const before = await bert.peer(anna);
  clock.pass(1000);
  const again = await approveFederation(bert.node, bert.outbox, "Anna");
  assertEquals([again.attempt.state, anna.posts.length], ["accepted", 2]);
  assertEquals(again.peer, before);
  const grants = grantsFrom({ intents: "message" }, clock.now());
  const { peer } = await approveFederation(bert.node, bert.outbox, "Anna", { grants, alias: "a" });
  assertEquals([peer.alias, peer.grants, peer.approvedAt], ["a", grants, before?.approvedAt]);
});

Deno.test("only who asked us can be approved, and no two by one name", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const outbox = outboxOf(node);
  await refused("not_found", () => approveFederation(node, outbox, "nobody"));
  await befriend(gateway, stranger(), { status: "removed", displayName: "Gone" });
  await refused("refused", () => approveFederation(node, outbox, "Gone"));
  await refused("not_trusted", () => setGrants(node, outbox, "Gone", null));
  await receiveRequest(node, requestOf(stranger(), { clock }));
  await receiveRequest(node, requestOf(stranger(), { clock }));
  await refused("ambiguous", () => approveFederation(node, outbox, "Mallory"));
  await befriend(gateway, stranger(), { alias: "taken" });
  const [first] = (await node.state.requestsIn.list()).entries;
  const key = first?.value.publicKey ?? "";
  await refused("exists", () => approveFederation(node, outbox, key, { alias: "taken" }));
  assertEquals((await node.state.requestsIn.get(peerName(key)))?.status, "pending");
  await using old = oldGateway();
  await requestFederation(node, old.url);
  await refused("refused", () => approveFederation(node, outbox, "Olga"));
});

Deno.test("what is approved cannot be rejected, and the other way round", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await federate(anna, bert);
  await refused("exists", () => rejectFederation(bert.node, bert.outbox, "Anna"));
  await refused("not_found", () => rejectFederation(bert.node, bert.outbox, "nobody"));
});

Deno.test("an original is not told of its rejection, since it would take it for an approval", async () => {
  await using me = await servedGateway("Me");
  await using old = oldGateway();
  old.card = { ...old.card, version: "0.7.2" };
  await receiveRequest(me.node, requestOf(old, { clock: me.clock, peer: { gatewayUrl: old.url } }));
  const { status } = await rejectFederation(me.node, me.outbox, "Mallory");
  assertEquals([status, old.posts], ["rejected", []]);
});

Deno.test("a crash between decision and outbox leaves what the next start picks up", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await requestFederation(anna.node, bert.url);
  const id = announcementId("approve", anna.publicKey);
  const died = outboxOf(bert.node);
  died.send = () => Promise.reject(new Error("killed"));
  await approveFederation(bert.node, died, "Anna").catch(() => {});
  assertEquals((await bert.peer(anna))?.status, "approved");
  assertEquals(await bert.outbox.entries.ids(), []);
  assert(await isOwed(bert.node, anna.publicKey, "approve"));
  const again = await bert.again();
  assertEquals(await requeueAnnouncements(again, outboxOf(again)), [id]);
  assertEquals(await requeueAnnouncements(again, outboxOf(again)), []);
  assertEquals(await bert.deliver(), ["accepted"]);
  assertEquals((await anna.peer(bert))?.status, "approved");
  assertEquals(await requeueAnnouncements(again, outboxOf(again)), []);
});

Deno.test("a change during an attempt is told as well", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  clock.pass(1000);
  const [first, second] = ["message", "agent-comms"].map((intents) =>
    grantsFrom({ intents }, clock.now())
  );
  assert(first && second);
  const other = await bert.again();
  let changed: Promise<unknown> | undefined;
  anna.intercept = () => {
    anna.intercept = undefined;
    clock.pass(1000);
    changed = setGrants(other, outboxOf(other), "Anna", second);
    return undefined;
  };
  await setGrants(bert.node, bert.outbox, "Anna", first);
  await changed;
  assertEquals((await anna.peer(bert))?.grantedToUs, second);
  assertEquals(await bert.outbox.entries.ids(), []);
});

Deno.test("what the owner drops from the outbox is not queued again", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await requestFederation(anna.node, bert.url);
  anna.intercept = () => new Response("<html>", { status: 502 });
  await approveFederation(bert.node, bert.outbox, "Anna");
  const id = announcementId("approve", anna.publicKey);
  assertEquals(await bert.outbox.drop(id, "not wanted"), "dropped");
  assertEquals(await requeueAnnouncements(bert.node, bert.outbox), []);
});

Deno.test("an approval that has become untrue is settled without a word", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await requestFederation(anna.node, bert.url);
  anna.intercept = () => new Response("<html>", { status: 502 });
  await approveFederation(bert.node, bert.outbox, "Anna");
  const { length } = anna.posts;
  await removeFederation(bert.node, bert.outbox, "Anna");
  assertEquals(await bert.outbox.entries.ids(), [announcementId("removed", anna.publicKey)]);
  await bert.outbox.add(
    announcementId("approve", anna.publicKey),
    "ogp-approve",
    peerName(anna.publicKey),
  );
  await bert.outbox.attempt(announcementId("approve", anna.publicKey));
  const told = anna.posts.slice(length).map(({ path }) => path);
  assertEquals(told, ["/federation/removed"]);
});
