/**
 * Attacks on who is let in: strangers that approve themselves, take the place of a peer, or answer in the
 * name of a gateway that we asked.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { approvalBody, requestBody, signedPayload } from "../../second_ogp/bodies.ts";
import { grantsFor } from "../../second_ogp/doorman.ts";
import type { Json } from "../../second_ogp/http.ts";
import { hostId, keyId } from "../../second_ogp/keys.ts";
import { DIALECTS, federate, foreign, OurGateway, post, says, seenBy } from "./helpers.ts";

Deno.test("strangers cannot approve themselves", async (t) => {
  await using ours = await OurGateway.start("ours");
  await using mallory = await foreign("0.7", "Mallory");
  await using evil = await foreign("0.2", "Evil");
  await mallory.request(ours.url);
  await evil.request(ours.url);
  const strangers = [mallory, evil];

  await t.step("by a signed approval after their own request", async () => {
    for (const approved of [true, false]) {
      const body = approvalBody(mallory.self, "x", grantsFor(), (fields) => {
        fields.approved = approved;
      });
      assertNotEquals((await post(ours, "approve", body)).status, 200);
    }
  });

  await t.step("by an unsigned one, which is all that 0.2 knows", async () => {
    const body = approvalBody(evil.self, hostId(ours.url), grantsFor());
    assertNotEquals((await post(ours, "approve", body)).status, 200);
    assertNotEquals((await post(ours, "approve", { peerId: evil.id })).status, 200);
    const { publicKey } = mallory;
    const named = { peerId: evil.id, fromPublicKey: publicKey, approved: true };
    assertNotEquals((await post(ours, "approve", named)).status, 200);
  });

  await t.step("by an empty one, which 0.2 takes for the first that is pending", async () => {
    const { status, json } = await post(ours, "approve", {});
    assertEquals(status, 404);
    assertEquals(typeof json.error, "string");
  });

  await t.step("and stay pending, unheard, without any right", async () => {
    for (const stranger of strangers) {
      assertEquals(await ours.standing(stranger.publicKey), "pending");
      assertEquals((await says(stranger, ours, "let me in")).status, 403);
    }
    assertEquals(await ours.messages(), []);
  });
});

Deno.test("strangers cannot take a peer's place", async (t) => {
  await using ours = await OurGateway.start("ours");
  await using stan = await foreign("0.7", "Stan");
  await using anna = await foreign("0.2", "Anna");
  await federate(ours, stan);
  await federate(ours, anna);

  async function assertBothStay(): Promise<void> {
    for (const peer of [stan, anna]) {
      const [found, ...more] = (await ours.peers()).filter(({ gatewayUrl, status }) =>
        gatewayUrl === peer.url && status === "approved"
      );
      assertEquals([found?.publicKey, more], [peer.publicKey, []]);
      const { length } = await ours.messages();
      assertEquals((await says(peer, ours, "me, as before")).status, 200);
      assertEquals((await ours.messages()).length, length + 1);
    }
  }

  await t.step("by a request with an approved peer's id", async () => {
    await using evil = await foreign("0.2", "Evil");
    await evil.request(ours.url, (peer) => peer.id = anna.id);
    await using mallory = await foreign("0.7", "Mallory");
    await mallory.request(ours.url, (peer) => peer.id = keyId(stan.publicKey));
    const { status } = await says(evil, ours, "as anna", { from: anna.id });
    assertEquals(status, 401);
    assertEquals((await says(mallory, ours, "as stan", { from: stan.id })).status, 401);
    await assertBothStay();
  });

  await t.step("by a request that claims an approved peer's URL with another key", async () => {
    await using mallory = await foreign("0.7", "Stan");
    const { status, json } = await mallory.request(ours.url, (peer) => peer.gatewayUrl = stan.url);
    assertEquals([status, json.status], [200, "pending"]);
    assertEquals(await ours.standing(mallory.publicKey), "pending");
    await assertBothStay();
    assertMatch(ours.told, /another key|claims/i, "The owner is not warned");
    const [pending] = (await ours.peers()).filter(({ publicKey }) =>
      publicKey === mallory.publicKey
    );
    assertMatch(JSON.stringify(pending), /claims/, "The list does not show it");
  });

  await t.step("by a request that is signed with another key than it names", async () => {
    await using mallory = await foreign("0.7", "Mallory");
    await using evil = await foreign("0.2", "Evil");
    for (const stranger of [mallory, evil]) {
      const body = requestBody(stranger.self, (peer) => peer.publicKey = stan.publicKey);
      assertEquals((await post(ours, "request", body)).status, 401);
    }
    const { payloadStr: _text, ...flat } = requestBody(mallory.self);
    assertEquals((await post(ours, "request", { ...flat, peer: { id: "x" } })).status, 400);
    await assertBothStay();
  });

  await t.step("by an unsigned approval that brings another key", async () => {
    await using evil = await foreign("0.2", "Evil");
    const body = approvalBody(
      { ...anna.self, keys: evil.self.keys },
      hostId(ours.url),
      grantsFor(),
    );
    await post(ours, "approve", body);
    await assertBothStay();
  });
});

for (const dialect of DIALECTS) {
  Deno.test(`what says that ${dialect} approved, and does not prove it, changes nothing`, async (t) => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await using evil = await foreign(dialect, "Evil");
    await ours.json(["request", theirs.url]);
    const isPending = async () => assertEquals(await ours.standing(theirs.publicKey), "pending");

    await t.step("an unsigned one from a gateway that we never asked", async () => {
      const body = flat(approvalBody(evil.self, hostId(ours.url), grantsFor()));
      assertNotEquals((await post(ours, "approve", body)).status, 200);
      assertEquals(await ours.standing(evil.publicKey), "none");
      await isPending();
    });

    await t.step("an unsigned one with another key than the card shows", async () => {
      const posing = { ...theirs.self, keys: evil.self.keys };
      const body = flat(approvalBody(posing, hostId(ours.url), grantsFor()));
      assertNotEquals((await post(ours, "approve", body)).status, 200);
      await isPending();
      assertEquals(await ours.standing(evil.publicKey), "none");
    });

    await t.step(
      "an unsigned one while the gateway that we asked is away, or shows another key",
      async () => {
        const body = flat(approvalBody(theirs.self, hostId(ours.url), grantsFor()));
        await theirs.stop();
        await post(ours, "approve", body);
        await isPending();
        await theirs.restart();
        const posing = { ...theirs.card, publicKey: evil.publicKey };
        theirs.mischief = ({ path }) =>
          path === "/.well-known/ogp" ? { answer: { status: 200, body: posing } } : undefined;
        await post(ours, "approve", body);
        theirs.mischief = () => undefined;
        await isPending();
      },
    );

    await t.step("a signed one of somebody else in its name", async () => {
      const young = { ...theirs.self, dialect: "0.7" } as const;
      const posing = approvalBody({ ...young, keys: evil.self.keys }, undefined, grantsFor());
      const named = approvalBody(young, undefined, grantsFor());
      const forged = { payloadStr: named.payloadStr, signature: posing.signature };
      for (const body of [posing, forged]) {
        assertNotEquals((await post(ours, "approve", body)).status, 200);
      }
      await isPending();
    });

    await t.step("a signed no with a yes beside it", async () => {
      const young = { ...theirs.self, dialect: "0.7" } as const;
      const signed = approvalBody(young, undefined, grantsFor(), (all) => all.approved = false);
      const { status } = await post(ours, "approve", {
        ...JSON.parse(signed.payloadStr),
        ...signed,
        approved: true,
      });
      assert([200, 400].includes(status), `status ${status}`);
      assertNotEquals(await ours.standing(theirs.publicKey), "approved");
    });
  });
}

Deno.test("a signed rejection is a rejection, and may become an approval later", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await ours.json(["request", theirs.url]);
  const ourId = keyId((await ours.card()).publicKey);
  const no = approvalBody(theirs.self, ourId, grantsFor(), (fields) => fields.approved = false);
  await post(ours, "approve", no);
  await ours.becomes(theirs.publicKey, "rejected");
  assertEquals((await says(theirs, ours, "hello?")).status, 403);
  await federate(ours, theirs, "we ask");
  assertEquals((await says(theirs, ours, "hello!")).status, 200);
});

Deno.test("grants count as signed, whatever stands beside them", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await federate(ours, theirs, "we ask");
  const before = await ours.json(["scopes", theirs.publicKey]);
  const fields = JSON.parse(
    approvalBody(theirs.self, undefined, grantsFor(["message"])).payloadStr,
  );
  const body = signedPayload(theirs.self, fields);
  const { status } = await post(ours, "approve", { ...body, scopeGrants: grantsFor(["forged"]) });
  assert([200, 400].includes(status), `status ${status}`);
  const after = await ours.json(["scopes", theirs.publicKey]);
  assert(!JSON.stringify([before, after]).includes("forged"));
  assertEquals(seenBy(theirs, ours).status, "approved");
});

/** The fields of an approval as 0.2 sends them: flat and unsigned. */
function flat(body: Json): Json {
  return body.payloadStr ? JSON.parse(body.payloadStr) : body;
}
