import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { httpStatusOf, MeshError } from "../../../lib/error.ts";
import { announcementId } from "../../../lib/ogp/announce.ts";
import { receiveApproval } from "../../../lib/ogp/approvals_in.ts";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import { rejectFederation } from "../../../lib/ogp/rejection.ts";
import { removeFederation } from "../../../lib/ogp/removal.ts";
import { receiveRequest } from "../../../lib/ogp/requests_in.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import {
  approvalOf,
  bytesOf,
  type OldGateway,
  oldGateway,
  outboxOf,
  refused,
  requestOf,
  type ServedGateway,
  servedGateway,
} from "./federating.ts";
import { befriend, stranger, testGateway } from "./gateways.ts";

const GRANTS = {
  version: "0.2.0",
  grantedAt: "2026-03-12T18:05:00.000Z",
  scopes: [{ intent: "message", enabled: true, rateLimit: { requests: 7, windowSeconds: 60 } }],
};

/** A gateway of ours that has asked another one, which speaks 0.7 unless its card says otherwise. */
async function asked(version = "0.7.2"): Promise<
  { me: ServedGateway; other: OldGateway } & AsyncDisposable
> {
  const me = await servedGateway("Me");
  const other = oldGateway();
  other.card = { ...other.card, version };
  await requestFederation(me.node, other.url);
  return {
    me,
    other,
    async [Symbol.asyncDispose]() {
      await me[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    },
  };
}

Deno.test("the approval of a gateway that we asked makes it our peer, and it gets our grants", async () => {
  await using both = await asked();
  const { me, other } = both;
  const bytes = approvalOf(other, me.clock, { scopeGrants: GRANTS });
  const { effect, peer } = await receiveApproval(me.node, me.outbox, bytes);
  assertEquals([effect, peer?.status, peer?.asked], ["approved", "approved", "us"]);
  assertEquals(peer?.grantedToUs?.scopes, GRANTS.scopes);
  assertEquals(await me.outbox.entries.ids(), [announcementId("approve", other.publicKey)]);
  assertEquals(await me.deliver(), ["accepted"]);
  const back = JSON.parse(other.posts[1]?.body.payloadStr);
  assertEquals([back.approved, back.fromPublicKey], [true, me.publicKey]);
  assertEquals(back.scopeGrants, JSON.parse(JSON.stringify(peer?.grants)));
});

Deno.test("attack: a stranger who asked approves itself", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const who = stranger();
  await receiveRequest(node, requestOf(who, { clock }));
  for (const approved of [true, false, undefined]) {
    const bytes = approvalOf(who, clock, {
      approved,
      fromGatewayUrl: "http://127.0.0.1:19999",
      fromGatewayId: "x",
    });
    await refused("not_found", () => receiveApproval(node, outboxOf(node), bytes));
  }
  const flat = bytesOf({ fromPublicKey: who.publicKey, approved: true });
  await refused("not_found", () => receiveApproval(node, outboxOf(node), flat));
  assertEquals((await node.state.peers.list()).entries, []);
  assertEquals((await node.state.requestsIn.list()).entries[0]?.value.status, "pending");
});

Deno.test("attack: an empty approval, or one from nobody we know", async () => {
  await using both = await asked();
  const { me, other } = both;
  const nobody = stranger();
  for (
    const bytes of [
      bytesOf({}),
      bytesOf({ peerId: me.publicKey.slice(0, 32), approved: false }),
      bytesOf({ peerId: other.url, approved: true }),
      bytesOf({ fromPublicKey: nobody.publicKey, approved: true }),
      approvalOf(nobody, me.clock),
    ]
  ) {
    const error = await refused("not_found", () => receiveApproval(me.node, me.outbox, bytes));
    assertEquals(error.message, "No pending peer found");
  }
  assertEquals(await me.peer(other), undefined);
});

Deno.test("attack: another key in the name of the gateway that we asked", async () => {
  await using both = await asked();
  const { me, other } = both;
  const thief = stranger();
  const stolen = approvalOf({ ...other, key: thief.key }, me.clock);
  await refused("bad_signature", () => receiveApproval(me.node, me.outbox, stolen));
  const swapped = approvalOf(thief, me.clock, { fromGatewayUrl: other.url });
  const error = await refused("refused", () => receiveApproval(me.node, me.outbox, swapped));
  assertEquals(httpStatusOf(error), 403);
  // Another key is shown than the one that signed, which is the gateway's own.
  const shown = { key: other.key, publicKey: thief.publicKey };
  const mixed = approvalOf(shown, me.clock, { fromGatewayUrl: other.url });
  await refused("refused", () => receiveApproval(me.node, me.outbox, mixed));
  assertEquals((await me.node.state.requestsOut.list()).entries.map(({ value }) => value.status), [
    "pending",
  ]);
});

Deno.test("attack: what the gateway that we asked has signed for another one", async (t) => {
  await using both = await asked();
  const { me, other } = both;
  const mallory = stranger();
  const stands = async () =>
    (await me.node.state.requestsOut.list()).entries.map(({ value }) => value.status);
  const words = {
    "a yes": { peerId: mallory.id },
    "a no": { peerId: mallory.id, approved: false },
    "a yes under a name of 0.2, which Mallory chose": { peerId: new URL(me.url).host },
    "grants that are given back, which name nobody": { peerId: undefined, approved: undefined },
    "a name that every key begins with": { peerId: me.publicKey.slice(0, 24) },
    "no name": { peerId: "" },
    "a name that is none": { peerId: [me.publicKey] },
  };
  for (const [what, fields] of Object.entries(words)) {
    await t.step(what, async () => {
      const bytes = approvalOf(other, me.clock, fields);
      await refused("wrong_recipient", () => receiveApproval(me.node, me.outbox, bytes));
      assertEquals([await stands(), await me.peer(other)], [["pending"], undefined]);
    });
  }
  await receiveApproval(me.node, me.outbox, approvalOf(other, me.clock));
  me.clock.pass(1000);
  const toAnother = { peerId: mallory.id, scopeGrants: GRANTS };
  await refused(
    "wrong_recipient",
    () => receiveApproval(me.node, me.outbox, approvalOf(other, me.clock, toAnother)),
  );
  assertEquals((await me.peer(other))?.grantedToUs, undefined);
});

Deno.test("attack: fields beside the signed ones, and a no that is read as a yes", async () => {
  await using both = await asked();
  const { me, other } = both;
  const no = approvalOf(other, me.clock, { approved: false }, {
    approved: true,
    fromPublicKey: other.publicKey,
    scopeGrants: GRANTS,
  });
  assertEquals((await receiveApproval(me.node, me.outbox, no)).effect, "rejected");
  assertEquals(await me.peer(other), undefined);
  const request = await me.node.state.requestsOut.get(peerName(other.publicKey));
  assertEquals(request?.status, "rejected");
  me.clock.pass(1000);
  const yes = approvalOf(other, me.clock);
  await refused("not_found", () => receiveApproval(me.node, me.outbox, yes));
});

Deno.test("attack: an approval of yesterday, or of tomorrow, or without a time", async () => {
  await using both = await asked();
  const { me, other } = both;
  for (const minutes of [-6, 6]) {
    const timestamp = new Date(me.clock.now().getTime() + minutes * 60_000).toISOString();
    const bytes = approvalOf(other, me.clock, { timestamp });
    await refused("stale_timestamp", () => receiveApproval(me.node, me.outbox, bytes));
  }
  const timeless = approvalOf(other, me.clock, { timestamp: undefined });
  await refused("malformed", () => receiveApproval(me.node, me.outbox, timeless));
});

Deno.test("attack: an approval is replayed after a removal, even if we ask again", async () => {
  await using both = await asked();
  const { me, other } = both;
  const bytes = approvalOf(other, me.clock);
  const received = await receiveApproval(me.node, me.outbox, bytes);
  assertEquals(received.effect, "approved");
  me.clock.pass(1000);
  await removeFederation(me.node, me.outbox, "Olga");
  await refused("not_found", () => receiveApproval(me.node, me.outbox, bytes));
  await requestFederation(me.node, other.url);
  assertEquals((await receiveApproval(me.node, me.outbox, bytes)).effect, "noted");
  const older = approvalOf(other, me.clock, {
    nonce: "other",
    timestamp: new Date(me.clock.now().getTime() - 2000).toISOString(),
  });
  await refused("stale_timestamp", () => receiveApproval(me.node, me.outbox, older));
  assertEquals((await me.peer(other))?.status, "removed");
  const fresh = approvalOf(other, me.clock);
  assertEquals((await receiveApproval(me.node, me.outbox, fresh)).effect, "approved");
});

Deno.test("an approved peer changes what we know of its grants, and nothing else", async () => {
  await using gateway = await testGateway();
  const { node, clock } = gateway;
  const stan = stranger();
  const peer = await befriend(gateway, stan);
  const outbox = outboxOf(node);
  const first = approvalOf(stan, clock, {
    fromDisplayName: "Somebody",
    fromGatewayUrl: "http://198.51.100.7",
    fromEmail: "x@y",
    scopeGrants: GRANTS,
  });
  assertEquals((await receiveApproval(node, outbox, first)).effect, "grants");
  const stored = await node.state.peers.get(peerName(stan.publicKey));
  assertEquals(stored, { ...peer, grantedToUs: GRANTS });
  clock.pass(1000);
  const none = approvalOf(stan, clock, { scopeGrants: { ...GRANTS, scopes: [] } });
  assertEquals((await receiveApproval(node, outbox, none)).effect, "grants");
  // An older one comes late, or is replayed.
  assertEquals((await receiveApproval(node, outbox, first)).effect, "noted");
  clock.pass(1000);
  for (const fields of [{ approved: false }, { scopeGrants: null }]) {
    clock.pass(1000);
    const bytes = approvalOf(stan, clock, fields);
    assertEquals((await receiveApproval(node, outbox, bytes)).effect, "noted");
  }
  clock.pass(1000);
  const broken = approvalOf(stan, clock, { scopeGrants: { scopes: 1 } });
  await refused("malformed", () => receiveApproval(node, outbox, broken));
  const after = await node.state.peers.get(peerName(stan.publicKey));
  assertEquals([after?.status, after?.grantedToUs?.scopes], ["approved", []]);
  assertEquals(await outbox.entries.ids(), []);
});

Deno.test("an unsigned approval of a 0.2 gateway completes our request", async () => {
  await using both = await asked("0.2.0");
  const { me, other } = both;
  const bytes = bytesOf({
    peerId: new URL(me.url).host,
    approved: true,
    fromGatewayId: other.hostPort,
    fromDisplayName: "Somebody",
    fromGatewayUrl: "http://198.51.100.7",
    fromPublicKey: other.publicKey,
    scopeGrants: GRANTS,
  });
  const { effect, peer } = await receiveApproval(me.node, me.outbox, bytes);
  assertEquals([effect, peer?.dialect, peer?.knowsUsAs], ["approved", "0.2", new URL(me.url).host]);
  assertEquals([peer?.displayName, peer?.gatewayUrl], ["Olga", other.url]);
  assertEquals(peer?.grantedToUs, undefined);
  assertEquals(await me.deliver(), ["accepted"]);
  const { body } = other.posts[1] ?? {};
  assertEquals([body.peerId, body.fromGatewayId], [other.hostPort, new URL(me.url).host]);
  assertEquals((await receiveApproval(me.node, me.outbox, bytes)).effect, "noted");
});

Deno.test("attack: an unsigned approval where the gateway shows another key, speaks 0.7 or is silent", async () => {
  await using both = await asked("0.2.0");
  const { me, other } = both;
  const bytes = bytesOf({ fromPublicKey: other.publicKey });
  const card = other.card;
  other.card = { ...card, publicKey: stranger().publicKey };
  await refused("refused", () => receiveApproval(me.node, me.outbox, bytes));
  other.card = { ...card, version: "0.7.2" };
  await refused("bad_signature", () => receiveApproval(me.node, me.outbox, bytes));
  other.card = {};
  await refused("malformed", () => receiveApproval(me.node, me.outbox, bytes));
  assertEquals(await me.peer(other), undefined);
  other.card = card;
  assertEquals((await receiveApproval(me.node, me.outbox, bytes)).effect, "approved");
});

Deno.test("attack: an unsigned approval replaces the key of a peer", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const [stan, evil] = [stranger(), stranger()];
  const peer = await befriend(gateway, stan, { dialect: "0.2", id: "evil:2" });
  const bytes = bytesOf({ peerId: "evil:2", fromPublicKey: evil.publicKey, approved: false });
  await refused("not_found", () => receiveApproval(node, outboxOf(node), bytes));
  const same = bytesOf({ fromPublicKey: stan.publicKey, fromGatewayUrl: "http://evil.test" });
  assertEquals((await receiveApproval(node, outboxOf(node), same)).effect, "noted");
  assertEquals(await node.state.peers.get(peerName(stan.publicKey)), peer);
});

Deno.test("attack: an unsigned approval in the name of a 0.7 peer, or with a broken signature", async () => {
  await using both = await asked("0.2.0");
  const { me, other } = both;
  await befriend(me, other, { dialect: "0.7" });
  const fields = { fromPublicKey: other.publicKey, approved: true };
  await refused("bad_signature", () => receiveApproval(me.node, me.outbox, bytesOf(fields)));
  for (const signature of ["", "00", "00".repeat(64), null]) {
    const body = { ...fields, signature, payloadStr: JSON.stringify(fields) };
    await refused("bad_signature", () => receiveApproval(me.node, me.outbox, bytesOf(body)));
    const textless = bytesOf({ ...fields, signature });
    await refused("malformed", () => receiveApproval(me.node, me.outbox, textless));
  }
});

Deno.test("an unsigned rejection is only noted", async () => {
  await using both = await asked("0.2.0");
  const { me, other } = both;
  const bytes = bytesOf({ fromPublicKey: other.publicKey, approved: false });
  assertEquals((await receiveApproval(me.node, me.outbox, bytes)).effect, "noted");
  const request = await me.node.state.requestsOut.get(peerName(other.publicKey));
  assertEquals([request?.status, request?.rejectionClaimedAt], [
    "pending",
    me.clock.now().toISOString(),
  ]);
  const yes = bytesOf({ fromPublicKey: other.publicKey, approved: true });
  assertEquals((await receiveApproval(me.node, me.outbox, yes)).effect, "approved");
});

Deno.test("approvals in several processes at once make one peer and one answer", async () => {
  await using both = await asked();
  const { me, other } = both;
  const nodes = [me.node, await me.again(), await me.again()];
  const received = await Promise.all(
    nodes.map((node, n) =>
      receiveApproval(node, outboxOf(node), approvalOf(other, me.clock, { nonce: `${n}` }))
    ),
  );
  assertEquals(received.map(({ effect }) => effect).sort(), ["approved", "noted", "noted"]);
  assertEquals((await me.outbox.entries.ids()).length, 1);
});

Deno.test("the owner's no and the peer's yes at once end in one of both", async () => {
  await using both = await asked();
  const { me, other } = both;
  const [no, yes] = await Promise.allSettled([
    rejectFederation(await me.again(), me.outbox, "Olga"),
    receiveApproval(me.node, me.outbox, approvalOf(other, me.clock)),
  ]);
  const request = await me.node.state.requestsOut.get(peerName(other.publicKey));
  const isPeer = (await me.peer(other))?.status === "approved";
  assertEquals(request?.status, isPeer ? "approved" : "rejected");
  assertEquals(yes.status, isPeer ? "fulfilled" : "rejected");
  if (isPeer) assertFalse(no.status === "fulfilled" && no.value.status === "rejected");
});

Deno.test("an approval is audited before it takes effect", async () => {
  await using both = await asked();
  const { me, other } = both;
  await Deno.remove(`${me.root}/audit`, { recursive: true });
  await Deno.writeTextFile(`${me.root}/audit`, "in the way");
  const bytes = approvalOf(other, me.clock);
  await refused("io", () => receiveApproval(me.node, me.outbox, bytes));
  assertEquals(await me.peer(other), undefined);
  await Deno.remove(`${me.root}/audit`);
  assertEquals((await receiveApproval(me.node, me.outbox, bytes)).effect, "approved");
  assert((await me.audited()).includes("peer.approved_us"));
});

Deno.test("what a crash left between the peer and its request is put right", async () => {
  await using both = await asked();
  const { me, other } = both;
  await receiveRequest(me.node, requestOf(other, { clock: me.clock }));
  const { peer } = await approveFederation(me.node, me.outbox, other.publicKey);
  const name = peerName(other.publicKey);
  await me.node.state.requestsOut.update(
    name,
    (request) => request && { ...request, status: "pending" },
  );
  const { effect } = await receiveApproval(me.node, me.outbox, approvalOf(other, me.clock));
  assertEquals(effect, "noted");
  assertEquals((await me.node.state.requestsOut.get(name))?.status, "approved");
  assertEquals((await me.peer(other))?.grants, JSON.parse(JSON.stringify(peer.grants)));
});

Deno.test("whatever is sent is refused as a fault of the sender", async () => {
  await using both = await asked();
  const { me, other } = both;
  const body = fc.oneof(
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.uint8Array({ maxLength: 200 }),
    fc.record({
      fromPublicKey: fc.oneof(fc.constant(stranger().publicKey), fc.jsonValue()),
      approved: fc.jsonValue(),
      payloadStr: fc.oneof(fc.json(), fc.string()),
      signature: fc.oneof(fc.string(), fc.jsonValue()),
    }, { requiredKeys: [] }).map(bytesOf),
  );
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      try {
        await receiveApproval(me.node, me.outbox, bytes);
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        return httpStatusOf(error) < 500;
      }
      return false;
    }),
    { numRuns: 500 },
  );
  assertEquals(await me.peer(other), undefined);
});
