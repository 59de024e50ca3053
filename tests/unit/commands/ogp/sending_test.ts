import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { pause } from "../../../../lib/delivery/pause.ts";
import { federated, owner } from "./household.ts";

const NONCE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

Deno.test("an accepted message says so, with what the peer answered", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const { code, document } = await anna.json("send", "bert", "message", '{"text":"Hello!"}');
  assertEquals([code, document.receipt, document.response.received], [0, "accepted", true]);
  assertMatch(document.nonce, NONCE);
  const text = await anna.federation("send", bert.url, "status-update", '{"status":"completed"}');
  assertEquals(text.code, 0);
  assertMatch(text.out, /^Accepted by bert \(Bert\): \S+\n$/);
  const [first, second] = (await bert.json("messages")).document;
  assertEquals([first.nonce, first.payload], [document.nonce, { text: "Hello!" }]);
  assertEquals(second.intent, "status-update");
});

Deno.test("an agent's message carries topic, priority and conversation", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const words = ["agent", "bert", "memory-management", "How do you persist context?"];
  const flags = ["--priority", "high", "--conversation", "conv-123"];
  assertEquals((await anna.federation(...words, ...flags)).code, 0);
  assertEquals((await anna.federation(...words)).code, 0);
  const [first, second] = (await bert.json("messages")).document;
  assertEquals(first.payload, {
    topic: "memory-management",
    message: "How do you persist context?",
    priority: "high",
  });
  assertEquals([first.intent, first.conversationId], ["agent-comms", "conv-123"]);
  assertEquals([second.priority, second.conversationId], ["normal", undefined]);
  const shown = await bert.federation("messages", "--limit", "2");
  assertStringIncludes(
    shown.out,
    "agent-comms about memory-management, high priority, in conv-123",
  );
});

Deno.test("a refused message never exits 0, and carries its receipt", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  await bert.federation("grant", "anna", "--intents", "agent-comms", "--topics", "memory");
  const sent = await anna.json("agent", "bert", "personal-finances", "What is your budget?");
  assertEquals([sent.code, sent.document.receipt, sent.document.error], [4, "failed", "refused"]);
  assertStringIncludes(sent.document.message, "Topic 'personal-finances' not allowed");
  assertStringIncludes(sent.document.hint, `mesh queue retry ${sent.document.nonce}`);
  const text = await anna.federation("send", "bert", "message", "{}");
  assertEquals([text.code, text.out], [4, ""]);
  assertStringIncludes(text.err, "mesh: bert (Bert) refused");
  const waited = await anna.federation("agent", "bert", "x", "y", "--wait");
  assertEquals(waited.code, 4);
});

Deno.test("a message to a silent peer is queued, and so is everything while paused", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  await bert.silence();
  const { code, document, err } = await anna.json("send", "bert", "message", '{"text":"late"}');
  assertEquals([code, document.receipt, document.error], [8, "queued", "queued"]);
  assertStringIncludes(document.message, "nothing listens there");
  assert(Date.parse(document.nextAttemptAt) > Date.now());
  assertStringIncludes(err, "mesh ogp start");
  const waited = await anna.json("agent", "bert", "t", "late", "--wait", "--timeout", "300");
  assertEquals([waited.code, waited.document.receipt], [8, "queued"]);
  await pause(anna.state.store, new Date());
  const paused = await anna.federation("agent", "bert", "t", "later", "--wait");
  assertEquals(paused.code, 8);
  assertStringIncludes(paused.err, "mesh resume");
});

Deno.test("waiting brings the reply to stdout", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const asked = anna.json("agent", "bert", "queries", "Status?", "--wait", "--timeout", "20000");
  const nonce = await firstNonce(() => bert.json("messages"));
  assertEquals((await bert.federation("reply", nonce, "All is well")).code, 0);
  const { code, document } = await asked;
  assertEquals([code, document.receipt, document.nonce], [0, "replied", nonce]);
  assertEquals([document.reply.success, document.reply.data], [true, { answer: "All is well" }]);
  const shown = await anna.federation("show", nonce.slice(0, 10));
  assertStringIncludes(shown.out, "receipt  replied");
  assertStringIncludes(shown.out, "  All is well\n");
});

Deno.test("a reply that says no exits 4, with the reply", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const asked = anna.json("agent", "bert", "queries", "Status?", "--wait", "--timeout", "20000");
  const nonce = await firstNonce(() => bert.json("messages"));
  assertEquals((await bert.federation("reply", nonce, "Ask tomorrow", "--error")).code, 0);
  const { code, document } = await asked;
  assertEquals([code, document.receipt, document.error], [4, "replied", "refused"]);
  assertEquals(document.reply.error, "Ask tomorrow");
  assertStringIncludes(document.message, "bert (Bert) replied that it failed: Ask tomorrow");
});

Deno.test("waiting that runs out exits 6 with the receipt that is true", async () => {
  await using pair = await federated();
  const { anna } = pair;
  const words = ["agent", "bert", "queries", "Status?", "--wait", "--timeout", "400"];
  const { code, document } = await anna.json(...words);
  assertEquals([code, document.receipt, document.error], [6, "accepted", "timeout"]);
  assertStringIncludes(document.hint, `mesh ogp federation show ${document.nonce}`);
  const text = await anna.federation(...words);
  assertEquals([text.code, text.out], [6, ""]);
  assertStringIncludes(text.err, "did not reply within 0.4 s");
  assertStringIncludes(text.err, "still awaited");
});

Deno.test("what cannot be sent is a mistake that is told before anything is stored", async () => {
  await using anna = await owner("Anna");
  const mistakes: [args: string[], message: string][] = [
    [["send", "bert", "message", "hello"], "Cannot read the payload as JSON"],
    [["send", "bert", "message", "[]"], "The payload is a list, not a JSON object"],
    [["agent", "bert", "", "hi"], "The topic is empty"],
    [["agent", "bert", "t", " "], "The text is empty"],
    [["agent", "bert", "t", "hi", "--priority", "urgent"], 'There is no priority "urgent"'],
    [["agent", "bert", "t", "hi", "--wait", "--timeout", "soon"], 'Cannot read "soon" as a time'],
  ];
  for (const [args, message] of mistakes) {
    const { code, err } = await anna.federation(...args);
    assertEquals([args, code], [args, 2]);
    assertStringIncludes(err, message);
  }
  const nobody = await anna.json("send", "bert", "message", "{}");
  assertEquals([nobody.code, nobody.document.error], [3, "not_found"]);
  assertEquals(await anna.state.messagesOut.ids(), []);
});

/** Waits for the message to arrive. */
async function firstNonce(
  messages: () => Promise<{ document: { nonce: string }[] }>,
): Promise<string> {
  for (let look = 0; look < 200; look++) {
    const [message] = (await messages()).document;
    if (message) return message.nonce;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("No message arrived");
}
