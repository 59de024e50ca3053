/**
 * Attacks on the end of a federation: a removal signs the same bytes as the proof of 0.7's heartbeat, so
 * whoever saw a proof could tear down what it was shown to.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { proof } from "../../second_ogp/bodies.ts";
import type { Gateway } from "../../second_ogp/gateway.ts";
import type { Json } from "../../second_ogp/http.ts";
import { keyId } from "../../second_ogp/keys.ts";
import { pause } from "../eventually.ts";
import { federate, foreign, OurGateway, post, says, seenBy } from "./helpers.ts";

/** The proof that a gateway showed in a request, as a removal. */
function asRemoval({ headers }: { headers: Readonly<Record<string, string>> }): Json {
  return {
    peerId: headers["x-ogp-peer-id"],
    timestamp: headers["x-ogp-timestamp"],
    signature: headers["x-ogp-signature"],
  };
}

async function assertFederated(ours: OurGateway, theirs: Gateway): Promise<void> {
  // Long enough for a daemon that would look into a removal in its own time.
  await pause(500);
  assertEquals(await ours.standing(theirs.publicKey), "approved");
  assertEquals((await says(theirs, ours, "still here")).status, 200);
}

Deno.test("a federation is not ended by what only looks like a removal", async (t) => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await using mallory = await foreign("0.7", "Mallory");
  await federate(ours, theirs);

  await t.step("a proof that was shown to us before", async () => {
    const peer = seenBy(theirs, ours);
    const seenProof = proof(theirs.self);
    const { json } = await theirs.heartbeat(peer);
    assertEquals(json.publicKey, (await ours.card()).publicKey);
    await post(ours, "removed", seenProof);
    await assertFederated(ours, theirs);
  });

  await t.step("a proof that was shown to somebody else", async () => {
    await mallory.request(theirs.url);
    await theirs.approve(theirs.peer(mallory.publicKey));
    await theirs.heartbeat(theirs.peer(mallory.publicKey));
    const captured = mallory.exchanges.find(({ headers }) => headers["x-ogp-signature"]);
    assert(captured, "No proof was shown");
    await post(ours, "removed", asRemoval(captured));
    await assertFederated(ours, theirs);
  });

  await t.step("a removal in the name of a peer that did not sign it", async () => {
    const { peerId, timestamp } = proof(theirs.self);
    const { signature } = proof(mallory.self);
    for (const wrong of [signature, "00", "", 7]) {
      const { status } = await post(ours, "removed", { peerId, timestamp, signature: wrong });
      assert([400, 401, 403].includes(status), `status ${status}`);
    }
    await assertFederated(ours, theirs);
  });

  await t.step("a removal from another time, or from a stranger", async () => {
    for (const offset of [-600_000, 600_000]) {
      const stale = proof(theirs.self, new Date(Date.now() + offset).toISOString());
      assertEquals((await post(ours, "removed", stale)).status, 400);
    }
    assertEquals((await post(ours, "removed", proof(mallory.self))).status, 404);
    assertEquals((await post(ours, "removed", {})).status, 400);
    await assertFederated(ours, theirs);
  });

  await t.step("but the peer's own is", async () => {
    const answer = await theirs.remove(seenBy(theirs, ours));
    assertEquals([answer?.status, answer?.json.status], [200, "removed"]);
    await ours.becomes(theirs.publicKey, "removed");
    assertEquals((await says(theirs, ours, "gone")).status, 403);
  });
});

Deno.test("a captured removal does not end the federation that came after it", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await federate(ours, theirs);
  const peer = seenBy(theirs, ours);
  peer.status = "removed";
  const captured = proof(theirs.self);
  await post(ours, "removed", captured);
  await ours.becomes(theirs.publicKey, "removed");
  await federate(ours, theirs);
  await post(ours, "removed", captured);
  await assertFederated(ours, theirs);
});

Deno.test("a new identity is a peer's own to announce, and never brings another key", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await using mallory = await foreign("0.7", "Mallory");
  await federate(ours, theirs);
  const peer = seenBy(theirs, ours);
  const named = async () =>
    (await ours.peers()).map(({ displayName, publicKey }) => [displayName, publicKey]);

  assertEquals((await theirs.updateIdentity(peer, { displayName: "Stanislav" })).status, 200);
  assertEquals(await named(), [["Stanislav", theirs.publicKey]]);

  const claims = [
    { publicKey: theirs.publicKey, displayName: "Forged" },
    { id: keyId(theirs.publicKey), displayName: "Forged" },
  ];
  for (const claim of claims) {
    const { status } = await mallory.updateIdentity(peer, claim);
    assertNotEquals(status, 200);
  }
  await theirs.updateIdentity(peer, { publicKey: mallory.publicKey, displayName: "Forged" });
  assertEquals(await named(), [["Stanislav", theirs.publicKey]]);
  await assertFederated(ours, theirs);
});
