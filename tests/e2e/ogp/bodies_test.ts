/**
 * What goes out, byte for byte: each body carries both dialects at once, and is signed over its exact
 * text.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertObjectMatch } from "@std/assert";
import type { Gateway } from "../../second_ogp/gateway.ts";
import type { Json } from "../../second_ogp/http.ts";
import { hostId, keyId, verifyText } from "../../second_ogp/keys.ts";
import { DIALECTS, federate, foreign, OurGateway, seenBy } from "./helpers.ts";

for (const dialect of DIALECTS) {
  Deno.test(`a request and the grant back to ${dialect} carry both dialects`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    const { publicKey } = await ours.card();
    await federate(ours, theirs, "we ask");

    const request = bodyOf(theirs, "request");
    const payload = signedPayload(request, publicKey);
    assertObjectMatch(payload.peer, {
      id: hostId(ours.url),
      displayName: "Ours",
      email: "ours@example.test",
      gatewayUrl: ours.url,
      publicKey,
    });
    assertFresh(payload.timestamp);
    assert(payload.offeredIntents.includes("agent-comms"));
    assertEquals(request.peer, payload.peer);

    const grant = bodyOf(theirs, "approve");
    const fields = signedPayload(grant, publicKey);
    assertFlat(grant, fields);
    assertEquals(fields.fromPublicKey, publicKey);
    assertEquals(fields.scopeGrants.version, "0.2.0");
  });

  Deno.test(`an approval and a message to ${dialect} carry both dialects`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    const { publicKey } = await ours.card();
    await federate(ours, theirs, "they ask", [
      "--intents",
      "message,agent-comms",
      "--rate",
      "7/60",
    ]);

    const approval = bodyOf(theirs, "approve");
    const fields = signedPayload(approval, publicKey);
    assertFlat(approval, fields);
    assertObjectMatch(fields, {
      approved: true,
      fromGatewayUrl: ours.url,
      fromDisplayName: "Ours",
      fromPublicKey: publicKey,
      protocolVersion: "0.2.0",
    });
    assertFresh(fields.timestamp);
    assertEquals(
      fields.scopeGrants.scopes.map(({ intent, enabled, rateLimit }: Json) => [
        ...[intent, enabled, rateLimit],
      ]),
      ["message", "agent-comms"].map((intent) => [
        ...[intent, true, { requests: 7, windowSeconds: 60 }],
      ]),
    );

    const { nonce } = await ours.json(["send", "Stan", "message", '{"text":"héllo"}']);
    const conversation = ["--conversation", "c1", "--priority", "high"];
    await ours.json(["agent", "Stan", "general", "hi", ...conversation]);
    const [message, comms] = theirs.seen("/federation/message").map(({ text }) => JSON.parse(text));
    for (const each of [message, comms]) {
      assert(verifyText(publicKey, each.messageStr, each.signature));
      assertEquals(JSON.parse(each.messageStr), each.message);
      // Whoever has no text signs and checks the object as it was written.
      assertEquals(JSON.stringify(each.message), each.messageStr);
      assertFresh(each.message.timestamp);
      // What it knows us by: 0.2 takes this literally, 0.7 looks for a key that begins so.
      assertEquals(each.message.from, dialect === "0.2" ? hostId(ours.url) : keyId(publicKey));
      assertEquals(
        each.message.to,
        dialect === "0.2" ? hostId(theirs.url) : keyId(theirs.publicKey),
      );
    }
    assertEquals([message.message.nonce, message.message.payload], [nonce, { text: "héllo" }]);
    assertObjectMatch(comms.message, {
      intent: "agent-comms",
      conversationId: "c1",
      payload: { topic: "general", message: "hi", priority: "high" },
    });
  });

  Deno.test(`a reply that is called back to ${dialect} carries its signed text`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    const { publicKey } = await ours.card();
    await federate(ours, theirs);
    const replyTo = `${theirs.url}/federation/reply/n-1`;
    const ask = { topic: "general", message: "well?" };
    await theirs.sendMessage(seenBy(theirs, ours), "agent-comms", ask, { nonce: "n-1", replyTo });
    await ours.json(["reply", "n-1", "fine"]);
    await theirs.until("the callback", () => theirs.reply("n-1"));
    const { reply, replyStr, signature } = JSON.parse(
      theirs.seen(`/federation/reply/n-1`)[0]!.text,
    );
    assert(verifyText(publicKey, replyStr, signature));
    assertEquals(JSON.parse(replyStr), reply);
    assertObjectMatch(reply, { nonce: "n-1", success: true, data: { answer: "fine" } });
    assertFresh(reply.timestamp);
  });
}

Deno.test("a 0.2 gateway that asked us under another name is answered under that name", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.2");
  const url = ours.url.replace("127.0.0.1", "localhost");
  await theirs.request(url);
  await ours.json(["approve", theirs.publicKey]);
  const peer = await theirs.until("the approval", () => theirs.peers.find(isApproved));
  assertEquals(peer.id, hostId(url));
  await ours.json(["send", "Stan", "message", '{"text":"hello"}']);
  assertEquals(theirs.taken.map(({ message }) => message.from), [hostId(url)]);
});

Deno.test("no request of ours carries a proof that could end a federation", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await federate(ours, theirs, "we ask");
  await ours.json(["ping", theirs.url]);
  await ours.json(["send", "Stan", "message", '{"text":"hello"}']);
  const proofs = theirs.exchanges.flatMap(({ headers }) =>
    Object.keys(headers).filter((name) => name.startsWith("x-ogp-"))
  );
  assertEquals(proofs, []);
});

function isApproved({ status }: { status: string }): boolean {
  return status === "approved";
}

/** The last body for a path. */
function bodyOf(theirs: Gateway, path: string): Json {
  const last = theirs.seen(`/federation/${path}`).at(-1);
  assert(last, `Nothing came to ${path}`);
  assertMatch(last.headers["content-type"] ?? "", /^application\/json/);
  return JSON.parse(last.text);
}

function signedPayload({ payloadStr, signature }: Json, publicKey: string): Json {
  assert(verifyText(publicKey, payloadStr, signature), "The signature is not over payloadStr");
  return JSON.parse(payloadStr);
}

/** All that is signed stands beside it, too. */
function assertFlat(
  { payloadStr: _text, signature: _signature, ...flat }: Json,
  fields: Json,
): void {
  // The signed text calls the gateway by its key, in either dialect.
  assertEquals({ ...flat, peerId: fields.peerId }, fields);
}

function assertFresh(timestamp: string): void {
  assertMatch(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
  assert(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000, timestamp);
}
