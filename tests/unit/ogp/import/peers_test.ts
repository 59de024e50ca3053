import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../../lib/error.ts";
import type { ImportedPeers } from "../../../../lib/ogp/import/peers.ts";
import { readPeers } from "../../../../lib/ogp/import/peers.ts";
import type { IncomingRequest, OgpPeer } from "../../../../lib/ogp/records.ts";
import { incomingRequestShape, ogpPeerShape } from "../../../../lib/ogp/records.ts";
import { originalGrants, originalKey, originalPeer } from "./originals.ts";

const NOW = new Date("2026-11-21T12:00:00.000Z");

function read(peers: unknown, ownKey?: string): ImportedPeers {
  return readPeers(JSON.stringify(peers), { now: NOW, ownKey });
}

Deno.test("an approved peer keeps its names, its rights and ours", () => {
  const grantedScopes = originalGrants("message", "agent-comms");
  const receivedScopes = originalGrants("message");
  const peer = originalPeer({
    alias: "stan",
    tags: ["work", "work", 7],
    humanName: "Stanislav",
    grantedScopes,
    receivedScopes,
    lastSeenAt: "2026-11-20T10:00:00.000Z",
  });
  const { peers: [one], findings } = read([peer]);
  assertEquals(findings, []);
  assertEquals(one?.name, "stan");
  const { requestedAt: _, ...rest } = peer;
  const { lastSeenAt: __, receivedScopes: ___, grantedScopes: ____, ...known } = rest as Record<
    string,
    unknown
  >;
  const record = one?.record as OgpPeer;
  assertEquals(JSON.parse(JSON.stringify(record)), {
    ...known,
    tags: ["work"],
    dialect: "0.7",
    asked: "them",
    grants: grantedScopes,
    grantedToUs: receivedScopes,
  });
  assertEquals(ogpPeerShape.parse(JSON.parse(JSON.stringify(record))).status, "approved");
});

Deno.test("the id tells the dialect, unless the owner chose it", () => {
  const dialects = ["stan.example.com:18790", undefined, "peer-alice"].map((id) => {
    const peer = originalPeer();
    const { peers: [one] } = read([{ ...peer, id: id ?? peer.id }]);
    return [one?.record.id === (id ?? peer.id), one?.record.dialect];
  });
  assertEquals(dialects, [[true, "0.2"], [true, "0.7"], [true, undefined]]);
});

Deno.test("a peer without grants has the rights of version 0.1, one with unreadable grants none", () => {
  const unreadable = { ...originalGrants("message"), scopes: [{ intent: "message" }] };
  const { peers } = read([
    originalPeer(),
    originalPeer({ grantedScopes: null }),
    originalPeer({ grantedScopes: unreadable, receivedScopes: "everything" }),
  ]);
  const grants = peers.map(({ record }) => (record as OgpPeer).grants);
  assertEquals(grants.slice(0, 2), [null, null]);
  assertEquals(grants[2]?.scopes, []);
  assertEquals(peers[2]?.notes.length, 2);
  assertMatch(peers[2]?.notes[0] ?? "", /could not be read/);
});

Deno.test("a pending peer becomes a request for the owner, and never one of ours", () => {
  const { peers } = read([
    originalPeer({ status: "pending", offeredIntents: ["message", "", 3] }),
    originalPeer({ status: "rejected", rejectedAt: "2026-04-01T00:00:00Z" }),
    originalPeer({ status: "removed", removedAt: "2026-05-01T00:00:00Z" }),
  ]);
  const [pending, rejected, removed] = peers.map(({ record }) => record);
  const request = pending as IncomingRequest;
  assertEquals([request.status, request.offeredIntents, request.body], [
    "pending",
    ["message"],
    "",
  ]);
  assertEquals("requestedAt" in request, false);
  assertEquals(incomingRequestShape.parse(request).status, "pending");
  assertEquals((rejected as IncomingRequest).receivedAt, "2026-04-01T00:00:00.000Z");
  const gone = removed as OgpPeer;
  assertEquals([gone.status, gone.removedAt], ["removed", "2026-05-01T00:00:00.000Z"]);
  assertEquals(gone.grants?.scopes, []);
});

Deno.test("weak keys, no keys, unusable URLs and unknown standings are refused one by one", () => {
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ publicKey: "302a300506032b6570032100" + "00".repeat(32) }, /small order/],
    [{ publicKey: "302a300506032b6570032100" + "ff".repeat(32) }, /canonical/],
    [{ publicKey: "MCowBQYDK2VwAyEA" }, /DER/],
    [{ publicKey: undefined }, /publicKey/],
    [{ gatewayUrl: "javascript:alert(1)" }, /URL|http/],
    [{ gatewayUrl: "" }, /URL|http/],
    [{ status: "friend" }, /"friend"/],
    [{ status: undefined }, /status/],
  ];
  const good = originalPeer({ displayName: "Good" });
  const { peers, findings } = read([
    ...bad.map(([changes]) => originalPeer(changes)),
    7,
    null,
    good,
  ]);
  assertEquals(peers.map(({ name }) => name), ["Good"]);
  assertEquals(findings.length, bad.length + 2);
  assert(findings.every(({ fate }) => fate === "refused"));
  for (const [i, [, reason]] of bad.entries()) assertMatch(findings[i]?.detail ?? "", reason);
  assertEquals(findings.at(-1)?.item, `number ${bad.length + 2}`);
});

Deno.test("of two entries with one key the one that stands higher counts, wherever it is", () => {
  const { publicKey } = originalKey();
  const removed = originalPeer({ publicKey, displayName: "Old", status: "removed" });
  const approved = originalPeer({ publicKey, displayName: "New", id: "new" });
  for (const list of [[removed, approved], [approved, removed]]) {
    const { peers, findings } = read(list);
    assertEquals(peers.map(({ name }) => name), ["New"]);
    assertEquals(findings.map(({ item, fate }) => [item, fate]), [["Old", "refused"]]);
    assertMatch(findings[0]?.detail ?? "", /same key as "New"/);
  }
});

Deno.test("our own key is nobody's", () => {
  const peer = originalPeer();
  const { peers, findings } = read([peer], String(peer.publicKey));
  assertEquals([peers.length, findings[0]?.fate], [0, "refused"]);
});

Deno.test("names cannot hide anything, and policies are kept apart", () => {
  const responsePolicy = { calendar: { level: "escalate" } };
  const peer = originalPeer({
    displayName: "St\u202ean\u001b[2J",
    alias: "a\u0007b",
    responsePolicy,
    defaultLevel: "off",
  });
  const { peers: [one] } = read([peer]);
  assertEquals(one?.record.displayName.includes("\u202e"), false);
  assertEquals(one?.record.displayName.includes("\u001b"), false);
  assertEquals(one?.record.alias, undefined);
  assertEquals(one?.policy, { responsePolicy, defaultLevel: "off" });
});

Deno.test("lists in other forms are read, and what is no list is damaged", () => {
  const peer = originalPeer();
  assertEquals(read({ peers: [peer] }).peers.length, 1);
  assertEquals(read({ [String(peer.id)]: peer }).peers.length, 1);
  assertEquals(read([]).peers, []);
  for (const text of ["", "[", "7", "null", '"x"']) {
    assertThrows(() => readPeers(text, { now: NOW }), MeshError, "damaged");
  }
});

Deno.test("whatever an entry holds, it is taken whole or refused", () => {
  const { publicKey } = originalKey();
  const keys = Object.keys(originalPeer({ alias: 1, tags: 1, grantedScopes: 1, metadata: 1 }));
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const { peers, findings } = read([originalPeer({ publicKey, [key]: value })]);
      assertEquals(peers.length + findings.length, 1);
      for (const { record } of peers) {
        const stored = JSON.parse(JSON.stringify(record));
        const isPeer = record.status === "approved" || record.status === "removed";
        (isPeer ? ogpPeerShape : incomingRequestShape).parse(stored);
      }
    }),
    { numRuns: 300 },
  );
});
