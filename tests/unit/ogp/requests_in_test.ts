import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { httpStatusOf, MeshError } from "../../../lib/error.ts";
import { isOwed } from "../../../lib/ogp/announce.ts";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import { listFederation } from "../../../lib/ogp/peers.ts";
import { rejectFederation } from "../../../lib/ogp/rejection.ts";
import { receiveRequest } from "../../../lib/ogp/requests_in.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { auditedIn, bytesOf, oldRequestOf, outboxOf, refused, requestOf } from "./federating.ts";
import { befriend, stranger, testGateway } from "./gateways.ts";

const DAY = 24 * 3_600_000;

Deno.test("a stranger's request waits for the owner, and nothing else happens", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  const received = await receiveRequest(node, requestOf(who, { clock }), { source: "192.0.2.1" });
  assertEquals([received.status, received.isNew, received.peerId], ["pending", true, who.id]);
  const { request } = received;
  assertEquals([request.status, request.dialect, request.id], ["pending", "0.7", who.id]);
  assertEquals([request.offeredIntents, request.source], [["message"], "192.0.2.1"]);
  const stored = await node.state.requestsIn.get(peerName(who.publicKey));
  assertEquals(stored, JSON.parse(JSON.stringify(request)));
  assertEquals((await node.state.peers.list()).entries, []);
  assertEquals((await node.state.outbox.list()).entries, []);
});

Deno.test("a 0.2 gateway knows us by the host that it asked, and takes its messages if that is ours", async () => {
  await using gateway = await testGateway();
  const who = stranger();
  const host = "127.0.0.2:18800";
  const { request } = await receiveRequest(gateway.node, oldRequestOf(who), { host });
  const { dialect, knowsUsAs, nameIsOurs } = request;
  assertEquals([dialect, knowsUsAs, nameIsOurs], ["0.2", host, true]);
  assertEquals([request.claimedId, request.offeredIntents], ["evil:1", undefined]);
  for (const host of ["mallory.example.com:1", "203.0.113.7:1"]) {
    const { request } = await receiveRequest(gateway.node, oldRequestOf(stranger()), { host });
    assertEquals([request.knowsUsAs, request.nameIsOurs], [host, false]);
  }
  const other = await receiveRequest(gateway.node, oldRequestOf(stranger()), { host: "a b/c" });
  assertEquals(other.request.knowsUsAs, "127.0.0.1:18790");
});

Deno.test("what the sender did not sign with the key that it shows is refused", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const [who, other] = [stranger(), stranger()];
  const stolen = requestOf({ ...who, key: other.key }, { clock });
  await refused("bad_signature", () => receiveRequest(node, stolen));
  const garbage = oldRequestOf(who);
  const body = JSON.parse(new TextDecoder().decode(garbage));
  for (const signature of ["garbage", "", null, 1, "00".repeat(64)]) {
    await refused("bad_signature", () => receiveRequest(node, bytesOf({ ...body, signature })));
  }
  assertEquals((await node.state.requestsIn.list()).entries, []);
});

Deno.test("only the signed text counts, whatever lies beside it", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const [who, victim] = [stranger(), stranger()];
  const peer = { publicKey: victim.publicKey, displayName: "Victim", gatewayUrl: "http://v.test" };
  const { request } = await receiveRequest(node, requestOf(who, { clock, body: { peer } }));
  assertEquals([request.publicKey, request.displayName], [who.publicKey, "Mallory"]);
});

Deno.test("requests in an impossible form are refused", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  const request = (options: object) => requestOf(who, { clock, ...options });
  const stale = new Date(clock.now().getTime() - 301_000).toISOString();
  const ahead = new Date(clock.now().getTime() + 301_000).toISOString();
  const cases: [Parameters<typeof refused>[0], Uint8Array][] = [
    ["malformed", bytesOf({})],
    ["malformed", bytesOf([])],
    ["malformed", bytesOf({ payloadStr: 1, signature: "00" })],
    ["invalid_json", bytesOf({ payloadStr: "zzz", signature: "00" })],
    ["malformed", bytesOf({ payloadStr: "[]", signature: "00" })],
    ["malformed", bytesOf({ payloadStr: '{"peer":1}', signature: "00" })],
    ["malformed", request({ payload: { timestamp: undefined } })],
    ["malformed", request({ payload: { timestamp: "yesterday" } })],
    ["stale_timestamp", request({ payload: { timestamp: stale } })],
    ["stale_timestamp", request({ payload: { timestamp: ahead } })],
    ["malformed", request({ peer: { gatewayUrl: "file:///etc/passwd" } })],
    ["malformed", request({ peer: { gatewayUrl: "http://169.254.169.254" } })],
    ["malformed", request({ peer: { gatewayUrl: "http://u:p@h" } })],
    ["bad_key", request({ peer: { publicKey: "00" } })],
    ["bad_key", request({ peer: { publicKey: who.publicKey.slice(0, 24) + "00".repeat(32) } })],
    ["too_large", request({ peer: { note: "x".repeat(17_000) } })],
  ];
  for (const [code, bytes] of cases) await refused(code, () => receiveRequest(node, bytes));
  assertEquals((await node.state.requestsIn.list()).entries, []);
});

Deno.test("our own key is refused", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const me = { key: node.privateKey, publicKey: node.privateKey.publicKey.der, id: "" };
  await refused("refused", () => receiveRequest(node, requestOf(me, { clock })));
});

Deno.test("names are shown without what would move a cursor", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const peer = { displayName: "A\u001b[31m\u202eB\n" };
  const { request } = await receiveRequest(node, requestOf(stranger(), { clock, peer }));
  assertFalse(/[\p{Cc}\p{Cf}]/u.test(request.displayName));
});

Deno.test("one that waits may correct its names, and is still one request", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  const first = requestOf(who, { clock });
  await receiveRequest(node, first);
  clock.pass(1000);
  const renamed = requestOf(who, { clock, peer: { displayName: "Mal" } });
  const second = await receiveRequest(node, renamed);
  assertEquals([second.status, second.isNew], ["already-pending-or-approved", false]);
  assertEquals([second.request.displayName, second.request.status], ["Mal", "pending"]);
  // The first one, replayed, does not bring the old name back.
  assertEquals((await receiveRequest(node, first)).request.displayName, "Mal");
  // Nor can a form without a time.
  assertEquals((await receiveRequest(node, oldRequestOf(who))).request.displayName, "Mal");
  assertEquals((await listFederation(node.state)).length, 1);
});

Deno.test("an approved peer that asks again changes nothing, and gets our approval once more", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  const peer = await befriend(gateway, who);
  const bytes = requestOf(who, { clock, peer: { gatewayUrl: "http://198.51.100.7" } });
  const received = await receiveRequest(node, bytes);
  assertEquals([received.status, received.isNew], ["already-pending-or-approved", false]);
  assertEquals(await node.state.peers.get(peerName(who.publicKey)), peer);
  assertEquals((await node.state.requestsIn.list()).entries, []);
  assert(await isOwed(node, who.publicKey, "approve"));
});

Deno.test("a stranger with a peer's URL, id or beginning of the key is a new one, with a warning", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const stan = stranger();
  const gatewayUrl = "http://127.0.0.1:19999";
  const peer = await befriend(gateway, stan, { gatewayUrl, id: "stan" });
  const byUrl = await receiveRequest(node, requestOf(stranger(), { clock }));
  assertEquals([byUrl.status, byUrl.isNew, byUrl.request.claimsUrlOf], ["pending", true, ["stan"]]);
  const elsewhere = "http://198.51.100.7";
  for (const id of ["stan", "127.0.0.1:19999"]) {
    const bytes = requestOf(stranger(), { clock, peer: { id, gatewayUrl: elsewhere } });
    assertEquals((await receiveRequest(node, bytes)).request.claimsUrlOf, ["stan"]);
  }
  const harmless = requestOf(stranger(), { clock, peer: { gatewayUrl: elsewhere } });
  assertEquals((await receiveRequest(node, harmless)).request.claimsUrlOf, undefined);
  assertEquals(await node.state.peers.get(peerName(stan.publicKey)), peer);
  assertEquals((await node.state.peers.list()).entries.length, 1);
  const warnings = (await auditedIn(gateway.root)).filter((event) => event === "peer.url_claimed");
  assertEquals(warnings.length, 3);
});

Deno.test("one that was rejected may ask again after a day", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  await receiveRequest(node, requestOf(who, { clock }));
  await rejectFederation(node, outboxOf(node), "Mallory");
  clock.pass(DAY - 1000);
  const error = await refused("refused", () => receiveRequest(node, requestOf(who, { clock })));
  assertEquals(error.retryAfter, 1);
  clock.pass(1000);
  const received = await receiveRequest(node, requestOf(who, { clock }));
  assertEquals([received.status, received.isNew], ["pending", true]);
});

Deno.test("a removed peer that asks is a new request", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  await befriend(gateway, who, { status: "removed", alias: "stan", tags: ["a"] });
  const { isNew, request } = await receiveRequest(node, requestOf(who, { clock }));
  assertEquals([isNew, request.alias, request.tags], [true, "stan", ["a"]]);
  assertEquals((await node.state.peers.get(peerName(who.publicKey)))?.status, "removed");
  const { peer } = await approveFederation(node, outboxOf(node), "stan");
  assertEquals([peer.status, peer.alias, peer.tags], ["approved", "stan", ["a"]]);
});

Deno.test("one address fills ten places, and all addresses two hundred", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const ask = (source: string) =>
    receiveRequest(node, requestOf(stranger(), { clock }), { source });
  for (let host = 1; host <= 10; host++) await ask(`2001:db8::${host}`);
  const error = await refused("rate_limited", () => ask("2001:db8:0:0:ffff::1"));
  assert((error.retryAfter ?? 0) > 0);
  await ask("2001:db8:0:1::1");
  for (let n = 11; n < 200; n++) await ask(`192.0.2.${n}`);
  const oldest = (await node.state.requestsIn.list()).entries.length;
  await refused("rate_limited", () => ask("203.0.113.1"));
  assertEquals([oldest, (await node.state.requestsIn.list()).entries.length], [200, 200]);
});

Deno.test("one key that asks many times at once gets one place", async () => {
  await using gateway = await testGateway();
  const { clock } = gateway;
  const nodes = [gateway.node, await gateway.again(), await gateway.again()];
  const who = stranger();
  const answers = await Promise.all(
    nodes.flatMap((node) => [1, 2, 3].map(() => receiveRequest(node, requestOf(who, { clock })))),
  );
  assertEquals(answers.filter(({ isNew }) => isNew).length, 1);
  assertEquals((await gateway.node.state.requestsIn.list()).entries.length, 1);
});

Deno.test("whatever is sent, it is refused as a fault of the sender or waits for the owner", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const body = fc.oneof(
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.uint8Array({ maxLength: 200 }),
    fc.record({
      payloadStr: fc.oneof(fc.json(), fc.string()),
      peer: fc.jsonValue(),
      signature: fc.oneof(fc.string(), fc.jsonValue()),
    }, { requiredKeys: [] }).map(bytesOf),
  );
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      try {
        await receiveRequest(node, bytes);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        return httpStatusOf(error) < 500;
      }
      return false;
    }),
    { numRuns: 500 },
  );
});
