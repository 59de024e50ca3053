/**
 * What a peer may do: intents, topics, rates, each row of the outcomes, across kills of the daemon.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Gateway } from "../../second_ogp/gateway.ts";
import type { Answer, Json } from "../../second_ogp/http.ts";
import { DIALECTS, federate, foreign, OurGateway, says, seenBy } from "./helpers.ts";

for (const dialect of DIALECTS) {
  Deno.test(`intents and topics of ${dialect} are what the owner granted`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    const granted = ["--intents", "message,agent-comms", "--topics", "memory,ops"];
    await federate(ours, theirs, "they ask", granted);
    const comms = (topic: string) => send(theirs, ours, "agent-comms", { topic, message: "m" });

    for (const topic of ["memory", "memory/short", "ops"]) {
      const { status, json } = await comms(topic);
      assertEquals([status, json.topic, json.received], [200, topic, true]);
    }
    for (const topic of ["general", "memoryless", "Memory", "mem", "", "ops/../x/..", "../ops"]) {
      const { status, json } = await comms(topic);
      if (topic.startsWith("ops/")) continue;
      assertEquals(status, 403, topic);
      assertStringIncludes(json.error, "not allowed for intent 'agent-comms'");
    }
    assertEquals((await send(theirs, ours, "agent-comms", { message: "m" })).status, 403);
    const { status, json } = await send(theirs, ours, "task-request", { taskType: "t" });
    assertEquals([status, json.error], [403, "Intent 'task-request' not in granted scope"]);
    assertEquals((await send(theirs, ours, "nosuch", {})).status, 403);

    await ours.json(["grant", theirs.publicKey, "--intents", "nosuch,message"]);
    assertEquals((await comms("memory")).status, 403);
    assertEquals((await send(theirs, ours, "message", { text: "m" })).status, 200);
    // Granted, and not there.
    const unknown = await send(theirs, ours, "nosuch", {});
    assertEquals([unknown.status, unknown.json.success], [404, false]);
  });

  Deno.test(`a rate of ${dialect} holds across a kill, and no other name opens a fresh one`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs, "they ask", [
      "--intents",
      "message,agent-comms",
      "--rate",
      "3/3600",
    ]);

    assertEquals((await says(theirs, ours, "1")).status, 200);
    await ours.down("SIGKILL");
    await ours.up();
    for (const text of ["2", "3"]) assertEquals((await says(theirs, ours, text)).status, 200);
    assertOver(await says(theirs, ours, "4"));
    await ours.down("SIGKILL");
    await ours.up();
    assertOver(await says(theirs, ours, "5"));

    const { publicKey } = theirs;
    for (const length of [33, 40, 64, 88]) {
      const from = publicKey.slice(0, length);
      const { status } = await says(theirs, ours, `as ${from}`, { from });
      assert([403, 429].includes(status), `status ${status}`);
    }
    for (const from of [publicKey.slice(0, 32).toUpperCase(), publicKey.toUpperCase()]) {
      const { status } = await says(theirs, ours, "in capitals", { from });
      assert([403, 429].includes(status), `status ${status}`);
    }
    assertEquals(await ours.texts(), ["1", "2", "3"]);
    // Each intent has a rate of its own.
    const ask = { topic: "general", message: "m" };
    assertEquals((await send(theirs, ours, "agent-comms", ask)).status, 200);
  });

  Deno.test(`a rate of ${dialect} holds however many come at once`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs, "they ask", ["--intents", "message", "--rate", "5/3600"]);
    const all = await Promise.all(
      Array.from({ length: 25 }, (_, index) => says(theirs, ours, String(index))),
    );
    assertEquals(all.filter(({ status }) => status === 200).length, 5);
    assertEquals(all.filter(({ status }) => status === 429).length, 20);
    assertEquals((await ours.texts()).length, 5);
  });
}

Deno.test("a window slides: what was used comes back one by one", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await federate(ours, theirs, "they ask", ["--intents", "message", "--rate", "2/3"]);
  for (const text of ["1", "2"]) assertEquals((await says(theirs, ours, text)).status, 200);
  const over = await says(theirs, ours, "3");
  assertOver(over, 3);
  await new Promise((resolve) => setTimeout(resolve, Number(over.headers["retry-after"]) * 1000));
  assertEquals((await says(theirs, ours, "4")).status, 200);
});

async function send(
  theirs: Gateway,
  ours: OurGateway,
  intent: string,
  payload: Json,
): Promise<Answer> {
  return await theirs.sendMessage(seenBy(theirs, ours), intent, payload);
}

function assertOver({ status, json, headers }: Answer, window = 3600): void {
  assertEquals(status, 429, JSON.stringify(json));
  assertStringIncludes(json.error, "Rate limit exceeded for intent 'message'");
  assert(json.retryAfter > 0 && json.retryAfter <= window, JSON.stringify(json));
  assertEquals(headers["retry-after"], String(json.retryAfter));
}
