import { assertEquals, assertExists } from "@std/assert";
import { approveFederation, setGrants } from "../../../lib/ogp/approvals_out.ts";
import { changeLabels } from "../../../lib/ogp/labels.ts";
import { listFederation } from "../../../lib/ogp/peers.ts";
import { rejectFederation } from "../../../lib/ogp/rejection.ts";
import { removeFederation } from "../../../lib/ogp/removal.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { grantsFrom } from "../../../lib/ogp/scopes.ts";
import { federate, pair, refused } from "./federating.ts";

Deno.test("two gateways federate: asked, approved, granted back", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  const { answer, request } = await requestFederation(anna.node, bert.url, { alias: "bertie" });
  assertEquals([answer, request.status, request.alias], ["pending", "pending", "bertie"]);
  const [waiting] = await listFederation(bert.node.state);
  assertEquals([waiting?.status, waiting?.direction, waiting?.displayName], [
    "pending",
    "incoming",
    "Anna",
  ]);

  const { peer, attempt } = await approveFederation(bert.node, bert.outbox, "Anna");
  assertEquals([peer.status, peer.asked, attempt.state], ["approved", "them", "accepted"]);
  const known = await anna.peer(bert);
  assertEquals([known?.status, known?.asked, known?.alias], ["approved", "us", "bertie"]);
  assertEquals(known?.grantedToUs, peer.grants ?? undefined);
  assertEquals(known?.grants?.scopes.map(({ intent }) => intent), [
    "message",
    "agent-comms",
    "project.join",
    "project.contribute",
    "project.query",
    "project.status",
  ]);

  assertEquals(await anna.deliver(), ["accepted"]);
  assertEquals((await bert.peer(anna))?.grantedToUs, known?.grants ?? undefined);
  assertEquals([await anna.deliver(), await bert.deliver()], [[], []]);
  assertEquals((await listFederation(anna.node.state)).map(({ status }) => status), ["approved"]);

  clock.pass(1000);
  const narrow = grantsFrom({ intents: "message", rate: "5/60" }, clock.now());
  const granted = await setGrants(bert.node, bert.outbox, "Anna", narrow);
  assertEquals(granted.attempt.state, "accepted");
  assertEquals((await anna.peer(bert))?.grantedToUs, narrow);
});

Deno.test("what is sent serves both dialects", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await federate(anna, bert);
  const [request] = bert.posts;
  const payload = JSON.parse(request?.body.payloadStr);
  assertEquals(request?.body.peer, payload.peer);
  assertEquals(payload.peer.id, new URL(anna.url).host);
  const [approval] = anna.posts;
  const { payloadStr, signature, ...flat } = approval?.body;
  assertExists(signature);
  assertEquals(JSON.parse(payloadStr), flat);
  assertEquals(Object.keys(flat), [
    ...["peerId", "approved", "fromGatewayId", "fromDisplayName", "fromGatewayUrl"],
    ...["fromPublicKey", "fromEmail", "timestamp", "nonce", "protocolVersion", "scopeGrants"],
  ]);
  assertEquals([flat.peerId, flat.fromGatewayId, flat.protocolVersion], [
    anna.publicKey.slice(0, 32),
    new URL(bert.url).host,
    "0.2.0",
  ]);
});

Deno.test("a federation is ended by one side, and made again with what the owner called the peer", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await federate(anna, bert);
  await changeLabels(bert.node, "Anna", { alias: "anni", addTags: ["family"] });
  clock.pass(60_000);

  const removed = await removeFederation(anna.node, anna.outbox, "Bert");
  assertEquals([removed.status, removed.removedBy], ["removed", "us"]);
  const theirs = await bert.peer(anna);
  assertEquals([theirs?.status, theirs?.removedBy, theirs?.removalClaimedAt], [
    "removed",
    "them",
    undefined,
  ]);

  clock.pass(60_000);
  await federate(anna, bert);
  assertEquals((await anna.peer(bert))?.status, "approved");
  const again = await bert.peer(anna);
  assertEquals([again?.status, again?.alias, again?.tags], ["approved", "anni", ["family"]]);
  assertEquals([again?.removedAt, again?.removedBy], [undefined, undefined]);
});

Deno.test("both may ask and both approve", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await requestFederation(anna.node, bert.url);
  await requestFederation(bert.node, anna.url);
  assertEquals((await anna.node.state.requestsOut.list()).entries[0]?.value.status, "pending");
  await approveFederation(anna.node, anna.outbox, "Bert");
  assertEquals((await bert.peer(anna))?.status, "approved");
  const { attempt } = await approveFederation(bert.node, bert.outbox, "Anna");
  assertEquals(attempt.state, "accepted");
  for (const one of [anna, bert]) {
    const [federation] = await listFederation(one.node.state);
    assertEquals([federation?.status, federation?.incoming?.status, federation?.outgoing?.status], [
      "approved",
      "approved",
      "approved",
    ]);
  }
});

Deno.test("a gateway that understands it is told of its rejection", async () => {
  await using both = await pair();
  const { anna, bert, clock } = both;
  await requestFederation(anna.node, bert.url);
  const rejected = await rejectFederation(bert.node, bert.outbox, "Anna");
  assertEquals([rejected.status, rejected.direction], ["rejected", "incoming"]);
  const [federation] = await listFederation(anna.node.state);
  assertEquals([federation?.status, federation?.direction], ["rejected", "outgoing"]);
  assertEquals(await anna.peer(bert), undefined);

  await refused("refused", () => requestFederation(anna.node, bert.url));
  clock.pass(24 * 3_600_000 + 1000);
  assertEquals((await requestFederation(anna.node, bert.url)).answer, "pending");
  await removeFederation(bert.node, bert.outbox, "Anna");
  assertEquals(await listFederation(bert.node.state), []);
  assertEquals((await requestFederation(anna.node, bert.url)).answer, "pending");
  await approveFederation(bert.node, bert.outbox, "Anna");
  assertEquals((await anna.peer(bert))?.status, "approved");
});

Deno.test("a request of ours can be withdrawn, and an approval then comes too late", async () => {
  await using both = await pair();
  const { anna, bert } = both;
  await requestFederation(anna.node, bert.url);
  const withdrawn = await rejectFederation(anna.node, anna.outbox, "Bert");
  assertEquals([withdrawn.status, withdrawn.direction], ["rejected", "outgoing"]);
  const { attempt } = await approveFederation(bert.node, bert.outbox, "Anna");
  assertEquals(attempt.state, "failed");
  assertEquals(await anna.peer(bert), undefined);
});
