import { assertEquals, assertRejects } from "@std/assert";
import { type ErrorCode, MeshError } from "../../../lib/error.ts";
import { readOgpInbox } from "../../../lib/ogp/incoming.ts";
import { receiveOgpMessage } from "../../../lib/ogp/intake.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import {
  befriend,
  messageTo,
  signedBody,
  stranger,
  type TestGateway,
  testGateway,
} from "./gateways.ts";

async function refused(
  gateway: TestGateway,
  body: Uint8Array,
  code: ErrorCode,
): Promise<MeshError> {
  const error = await assertRejects(() => receiveOgpMessage(gateway.node, body), MeshError);
  assertEquals(error.code, code, error.message);
  assertEquals(await gateway.node.state.messagesIn.ids(), []);
  return error;
}

Deno.test("a message of an approved peer is stored, and then answered in both dialects", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const message = messageTo(gateway, stan, { nonce: "n-1" });
  const received = await receiveOgpMessage(gateway.node, signedBody(stan, message));
  assertEquals(received.state, "new");
  const timestamp = gateway.clock.now().toISOString();
  const response = { received: true, timestamp };
  assertEquals(received.answer, { success: true, nonce: "n-1", response, ...response });
  const [stored] = await readOgpInbox(gateway.node.state);
  assertEquals(stored?.payload, { text: "hello" });
  assertEquals(stored?.publicKey, stan.publicKey);
});

Deno.test("a repetition is answered like the first time, stored once, and costs no rate", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  const scopes = [{
    intent: "message",
    enabled: true,
    rateLimit: { requests: 2, windowSeconds: 60 },
  }];
  await befriend(gateway, stan, {
    grants: { version: "0.2.0", grantedAt: "2026-03-12T18:00:00Z", scopes },
  });
  const message = messageTo(gateway, stan);
  const body = signedBody(stan, message);
  const first = await receiveOgpMessage(gateway.node, body);
  for (let n = 0; n < 5; n++) {
    gateway.clock.pass(3 * 60_000 / 5);
    const again = await receiveOgpMessage(await gateway.again(), body);
    assertEquals([again.state, again.answer], ["known", first.answer]);
  }
  // Signed anew by a sender that did not hear our answer.
  const later = { ...message, timestamp: gateway.clock.now().toISOString() };
  assertEquals((await receiveOgpMessage(gateway.node, signedBody(stan, later))).state, "known");
  assertEquals((await readOgpInbox(gateway.node.state)).length, 1);
});

Deno.test("two processes that get the same message at once store it once", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const other = await gateway.again();
  const body = signedBody(stan, messageTo(gateway, stan));
  const all = await Promise.all(
    [gateway.node, other, gateway.node, other].map((node) => receiveOgpMessage(node, body)),
  );
  assertEquals(all.filter(({ state }) => state === "new").length, 1);
  assertEquals(new Set(all.map(({ answer }) => JSON.stringify(answer))).size, 1);
});

Deno.test("a nonce that was used for another message is refused", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const message = messageTo(gateway, stan);
  await receiveOgpMessage(gateway.node, signedBody(stan, message));
  const other = { ...message, payload: { text: "something else" } };
  const error = await assertRejects(
    () => receiveOgpMessage(gateway.node, signedBody(stan, other)),
    MeshError,
  );
  assertEquals(error.code, "id_reused");
});

Deno.test("two peers may use the same nonce", async () => {
  await using gateway = await testGateway();
  for (const peer of [stranger(), stranger()]) {
    await befriend(gateway, peer);
    const body = signedBody(peer, messageTo(gateway, peer, { nonce: "same" }));
    assertEquals((await receiveOgpMessage(gateway.node, body)).state, "new");
  }
});

Deno.test("an object that says something else than the signed text is refused", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const message = messageTo(gateway, stan);
  const forged = { ...message, payload: { text: "FORGED" } };
  await refused(gateway, signedBody(stan, message, { changes: { message: forged } }), "malformed");
  const text = JSON.stringify(forged);
  await refused(gateway, signedBody(stan, message, { changes: { messageStr: text } }), "malformed");
  await refused(gateway, signedBody(stan, message, { changes: { messageStr: "[]" } }), "malformed");
  await refused(gateway, signedBody(stan, message, { changes: { messageStr: 1 } }), "malformed");
});

Deno.test("the text alone is enough, and so is the object alone, in the order of its sender", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const bare = signedBody(stan, messageTo(gateway, stan), { withText: false });
  assertEquals((await receiveOgpMessage(gateway.node, bare)).state, "new");
  const body = signedBody(stan, messageTo(gateway, stan), { changes: { message: undefined } });
  assertEquals((await receiveOgpMessage(gateway.node, body)).state, "new");
});

Deno.test("what is not signed by the peer's key is refused", async () => {
  await using gateway = await testGateway();
  const [stan, mallory] = [stranger(), stranger()];
  await befriend(gateway, stan);
  const message = messageTo(gateway, stan);
  await refused(gateway, signedBody(mallory, message), "bad_signature");
  for (const signature of ["zz", "", "00", "ab".repeat(64)]) {
    await refused(gateway, signedBody(stan, message, { changes: { signature } }), "bad_signature");
  }
  await refused(gateway, signedBody(stan, message, { changes: { signature: 5 } }), "bad_signature");
  const none = signedBody(stan, message, { changes: { signature: undefined } });
  await refused(gateway, none, "malformed");
});

Deno.test("strangers, removed peers and those who only asked are refused", async () => {
  await using gateway = await testGateway();
  const [stan, mallory] = [stranger(), stranger()];
  await befriend(gateway, stan, { status: "removed" });
  const message = (who: typeof stan) => signedBody(who, messageTo(gateway, who));
  assertEquals((await refused(gateway, message(mallory), "not_trusted")).message, "Unknown peer");
  assertEquals((await refused(gateway, message(stan), "not_trusted")).message, "Peer not approved");
});

Deno.test("a removal counts at once, an approval too, also when another process made it", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  const other = await gateway.again();
  const send = () => receiveOgpMessage(other, signedBody(stan, messageTo(gateway, stan)));
  await assertRejects(send, MeshError, "Unknown peer");
  const peer = await befriend(gateway, stan);
  assertEquals((await send()).state, "new");
  await gateway.node.state.peers.put(peerName(stan.publicKey), { ...peer, status: "removed" });
  await assertRejects(send, MeshError, "Peer not approved");
});

Deno.test("only fresh messages are taken", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan);
  const at = (timestamp: unknown) => signedBody(stan, messageTo(gateway, stan, { timestamp }));
  const shifted = (minutes: number) =>
    at(new Date(gateway.clock.now().getTime() + minutes * 60_000).toISOString());
  await refused(gateway, at("1970-01-01T00:00:00.000Z"), "stale_timestamp");
  await refused(gateway, shifted(-5.1), "stale_timestamp");
  await refused(gateway, shifted(5.1), "stale_timestamp");
  await refused(gateway, at("yesterday"), "malformed");
  await refused(gateway, at(undefined), "malformed");
  assertEquals((await receiveOgpMessage(gateway.node, shifted(4.9))).state, "new");
});

Deno.test("what is for another gateway is refused, and all of our names are taken", async () => {
  const config = { gatewayUrl: "https://gw.example.com" };
  await using gateway = await testGateway({ config });
  const stan = stranger();
  const peer = await befriend(gateway, stan, { knowsUsAs: "10.0.0.7:18790" });
  const to = (name: unknown) => signedBody(stan, messageTo(gateway, stan, { to: name }));
  const key = gateway.node.privateKey.publicKey.der;
  for (
    const other of [stan.id, "other.example.com:18790", "peer-bob", key.slice(0, 24), `${key}0`]
  ) {
    await refused(gateway, to(other), "wrong_recipient");
  }
  await refused(gateway, to(undefined), "malformed");
  // Somebody may have put it there by passing a request on; it has to have been of use.
  await refused(gateway, to("10.0.0.7:18790"), "wrong_recipient");
  await befriend(gateway, stan, { ...peer, nameIsOurs: true });
  for (const ours of [key, key.slice(0, 32), "gw.example.com:18790", "10.0.0.7:18790"]) {
    assertEquals((await receiveOgpMessage(gateway.node, to(ours))).state, "new");
  }
});

Deno.test("senders are found by key, beginning of a key, host and port, and id", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  await befriend(gateway, stan, { id: "peer-stan", gatewayUrl: "https://stan.example.com" });
  const { publicKey } = stan;
  const names = [publicKey, publicKey.slice(0, 32), publicKey.slice(0, 50)];
  for (const from of [...names, "stan.example.com:18790", "peer-stan", "PEER-STAN"]) {
    const body = signedBody(stan, messageTo(gateway, stan, { from }));
    assertEquals((await receiveOgpMessage(gateway.node, body)).state, "new", from);
  }
  for (
    const from of [publicKey.slice(0, 31), "stan.example.com", `${publicKey.slice(0, 32)}ff00`]
  ) {
    const body = signedBody(stan, messageTo(gateway, stan, { from }));
    await assertRejects(() => receiveOgpMessage(gateway.node, body), MeshError, "Unknown peer");
  }
});

Deno.test("scopes, topics and unknown intents are refused in the original's words", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  const scopes = [
    { intent: "agent-comms", enabled: true, topics: ["memory"] },
    { intent: "deploy", enabled: true },
  ];
  await befriend(gateway, stan, {
    grants: { version: "0.2.0", grantedAt: "2026-03-12T18:00:00Z", scopes },
  });
  const send = (changes: Record<string, unknown>) =>
    signedBody(stan, messageTo(gateway, stan, changes));
  assertEquals(
    (await refused(gateway, send({}), "refused")).message,
    "Intent 'message' not in granted scope",
  );
  const comms = (topic: string) =>
    send({ intent: "agent-comms", payload: { topic, message: "hi" } });
  assertEquals(
    (await refused(gateway, comms("money"), "refused")).message,
    "Topic 'money' not allowed for intent 'agent-comms'",
  );
  await refused(gateway, send({ intent: "deploy" }), "not_found");
  await refused(gateway, send({ toAgent: "nobody" }), "not_found");
  const { answer } = await receiveOgpMessage(gateway.node, comms("memory/today"));
  assertEquals(answer.topic, "memory/today");
  assertEquals(String(answer.replyEndpoint).startsWith("/federation/reply/"), true);
});

Deno.test("the rate belongs to the key, whatever the peer calls itself, and survives a restart", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  const scopes = [{
    intent: "message",
    enabled: true,
    rateLimit: { requests: 3, windowSeconds: 60 },
  }];
  await befriend(gateway, stan, {
    grants: { version: "0.2.0", grantedAt: "2026-03-12T18:00:00Z", scopes },
  });
  const send = async (digits: number) => {
    const from = stan.publicKey.slice(0, digits);
    const body = signedBody(stan, messageTo(gateway, stan, { from }));
    return await receiveOgpMessage(await gateway.again(), body);
  };
  for (const digits of [32, 40, 88]) await send(digits);
  const error = await assertRejects(() => send(64), MeshError);
  assertEquals([error.code, error.retryAfter], ["rate_limited", 60]);
  gateway.clock.pass(60_000);
  assertEquals((await send(32)).state, "new");
});

Deno.test("a conversation that goes on by itself is stopped", async () => {
  const config = { loopLimits: { conversationMessages: 3 } };
  await using gateway = await testGateway({ config });
  const stan = stranger();
  await befriend(gateway, stan);
  const send = (conversationId: string) =>
    receiveOgpMessage(gateway.node, signedBody(stan, messageTo(gateway, stan, { conversationId })));
  for (let n = 0; n < 3; n++) await send("a");
  const error = await assertRejects(() => send("a"), MeshError);
  assertEquals(error.code, "rate_limited");
  assertEquals((await send("b")).state, "new");
});

Deno.test("a topic is a word, or it is not about any", async () => {
  await using gateway = await testGateway();
  const stan = stranger();
  const scopes = [{ intent: "agent-comms", enabled: true }];
  await befriend(gateway, stan, {
    grants: { version: "0.2.0", grantedAt: "2026-03-12T18:00:00Z", scopes },
  });
  for (const topic of [["secret"], { a: 1 }, 5, null, "x".repeat(201)]) {
    const payload = { topic, message: "psst" };
    const message = messageTo(gateway, stan, { intent: "agent-comms", payload });
    await refused(gateway, signedBody(stan, message), "malformed");
  }
});
