/**
 * What a daemon was told before it was killed is there when it is back: requests, approvals, messages,
 * replies.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { replyBody } from "../../second_ogp/bodies.ts";
import { DIALECTS, federate, foreign, OurGateway, post, says, seenBy } from "./helpers.ts";

async function kill(ours: OurGateway): Promise<void> {
  await ours.down("SIGKILL");
  await ours.up();
}

for (const dialect of DIALECTS) {
  Deno.test(`a federation with ${dialect} survives kills of the daemon at each step`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await theirs.request(ours.url);
    await kill(ours);
    assertEquals(await ours.standing(theirs.publicKey), "pending");
    await ours.json(["approve", theirs.publicKey]);
    await kill(ours);
    assertEquals((await says(theirs, ours, "one")).status, 200);
    await kill(ours);
    assertEquals((await says(theirs, ours, "two")).status, 200);
    assertEquals(await ours.texts(), ["one", "two"]);
  });

  Deno.test(`a request to ${dialect} is approved after a kill`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await ours.json(["request", theirs.url]);
    await kill(ours);
    assertEquals((await theirs.approve(seenBy(theirs, ours))).status, 200);
    await ours.becomes(theirs.publicKey, "approved");
  });

  Deno.test(`a reply that ${dialect} has not fetched yet survives a kill`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const peer = seenBy(theirs, ours);
    const ask = { topic: "general", message: "well?" };
    await theirs.sendMessage(peer, "agent-comms", ask, { nonce: "n-1" });
    await kill(ours);
    await ours.json(["reply", "n-1", "fine"]);
    await kill(ours);
    const { status, json } = await theirs.pollReply(peer, "n-1");
    assertEquals([status, json.reply?.data], [200, { answer: "fine" }]);
  });

  Deno.test(`a reply to ${dialect} that cannot be called back yet is called back later`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const ask = { topic: "general", message: "well?" };
    const options = { nonce: "n-1", replyTo: `${theirs.url}/federation/reply/n-1` };
    await theirs.sendMessage(seenBy(theirs, ours), "agent-comms", ask, options);
    await theirs.stop();
    await ours.tries(["reply", "n-1", "fine"]);
    await kill(ours);
    await theirs.restart();
    const reply = await theirs.until("the callback", () => theirs.reply("n-1"), 30_000);
    assertEquals(reply.data, { answer: "fine" });
  });
}

Deno.test("a reply that was called back survives a kill, and is shown", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await federate(ours, theirs);
  const { nonce } = await ours.json(["agent", "Stan", "general", "well?"]);
  const body = replyBody(theirs.self, seenBy(theirs, ours).id, nonce, { data: { answer: 42 } });
  assertEquals((await post(ours, `reply/${nonce}`, body)).status, 200);
  await kill(ours);
  const shown = await ours.json(["show", nonce]);
  assertEquals(shown.reply.data, { answer: 42 });
});
