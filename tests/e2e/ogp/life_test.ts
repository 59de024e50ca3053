/**
 * The life of a federation with a gateway of either dialect, in either role, through the program's
 * commands.
 *
 * @module
 */
import { assert, assertArrayIncludes, assertEquals, assertExists } from "@std/assert";
import {
  DIALECTS,
  EXIT,
  federate,
  foreign,
  heard,
  OurGateway,
  ROLES,
  says,
  seenBy,
} from "./helpers.ts";

for (const dialect of DIALECTS) {
  for (const role of ROLES) {
    Deno.test(`a federation with ${dialect} lives and ends and begins again, and ${role} first`, async (t) => {
      await using ours = await OurGateway.start("ours");
      await using theirs = await foreign(dialect);
      const { publicKey } = theirs;

      await t.step("one asks, and is pending on both sides", async () => {
        if (role === "we ask") await ours.json(["request", theirs.url, "--alias", "stan"]);
        else await theirs.request(ours.url);
        assertEquals(await ours.standing(publicKey), "pending");
        assertEquals(seenBy(theirs, ours).status, "pending");
        const [listed] = await ours.json(["list", "--status", "pending"]);
        const { displayName, gatewayUrl } = listed;
        assertEquals([displayName, gatewayUrl], ["Stan", theirs.url]);
        assertEquals(await ours.json(["list", "--status", "approved"]), []);
      });

      await t.step("before the approval nothing goes either way", async () => {
        const { code } = await ours.tries(["send", publicKey, "message", '{"text":"early"}']);
        assert([EXIT.notThere, EXIT.refused].includes(code as 3), `exit code ${code}`);
        assertEquals((await says(theirs, ours, "early")).status, 403);
        assertEquals([await ours.messages(), heard(theirs)], [[], []]);
      });

      await t.step("the other one approves, and each side knows its rights", async () => {
        if (role === "we ask") {
          assertEquals((await theirs.approve(seenBy(theirs, ours))).status, 200);
          await theirs.until("the grant back", () => seenBy(theirs, ours).granted);
        } else {
          await ours.json(["approve", publicKey, "--alias", "stan"]);
        }
        await ours.becomes(publicKey, "approved");
        assertEquals(seenBy(theirs, ours).status, "approved");
        const { scopes } = seenBy(theirs, ours).granted!;
        const intents = scopes.filter(({ enabled }) => enabled).map(({ intent }) => intent);
        assertArrayIncludes(intents, ["message", "agent-comms"]);
      });

      await t.step("messages go both ways", async () => {
        const sent = await ours.json(["send", "stan", "message", '{"text":"hello, héllo 🦝"}']);
        assertEquals(sent.receipt, "accepted");
        assertExists(sent.nonce);
        assertEquals(heard(theirs), ["hello, héllo 🦝"]);
        const answer = await says(theirs, ours, "hello back");
        assertEquals(answer.status, 200);
        assertEquals(answer.json.received, true);
        const [message] = await ours.messages();
        assertEquals([message.intent, message.payload], ["message", { text: "hello back" }]);
        assertExists(message.receivedAt);
      });

      await t.step(
        "a message to the agent is answered by callback, or by being polled",
        async () => {
          theirs.agent = ({ payload }) => ({ about: payload.topic, heard: payload.message });
          for (const way of ["callback-first", "callback", "poll"] as const) {
            theirs.replyWay = way;
            const ask = ["agent", "stan", "queries", `by ${way}?`, "--wait", "--timeout", "20000"];
            const { receipt, reply } = await ours.json(ask);
            assertEquals([receipt, reply.data], ["replied", {
              about: "queries",
              heard: `by ${way}?`,
            }]);
          }
        },
      );

      await t.step("our owner's answer is called back, or waits to be polled", async () => {
        const peer = seenBy(theirs, ours);
        const ask = { topic: "queries", message: "well?", priority: "high" };
        const replyTo = `${theirs.url}/federation/reply/called`;
        await theirs.sendMessage(peer, "agent-comms", ask, { nonce: "called", replyTo });
        await ours.json(["reply", "called", "we use PostgreSQL"]);
        const called = await theirs.until("the callback", () => theirs.reply("called"));
        assertEquals([called.success, called.data], [true, { answer: "we use PostgreSQL" }]);

        const { json } = await theirs.sendMessage(peer, "agent-comms", ask, { nonce: "polled" });
        assertEquals([json.topic, json.replyEndpoint], ["queries", "/federation/reply/polled"]);
        const early = await theirs.pollReply(peer, "polled");
        assertEquals([early.status, early.json.status], [404, "pending"]);
        await ours.json(["reply", "polled", "as I said"]);
        const { json: reply } = await theirs.pollReply(peer, "polled");
        assertEquals([reply.status, reply.reply.data], ["complete", { answer: "as I said" }]);
      });

      await t.step("when they end it, nothing goes any more", async () => {
        await theirs.remove(seenBy(theirs, ours));
        if (dialect === "0.7") await ours.becomes(publicKey, "removed");
        const { code } = await ours.tries(["send", "stan", "message", '{"text":"late"}']);
        assert([EXIT.notThere, EXIT.refused].includes(code as 3), `exit code ${code}`);
        assert(!heard(theirs).includes("late"));
      });

      await t.step("after both have agreed again, it is as before", async () => {
        await theirs.request(ours.url);
        // 0.2 has not told that it had ended it.
        if (await ours.standing(publicKey) !== "approved" || dialect === "0.7") {
          await ours.json(["approve", publicKey]);
        }
        await again();
      });

      await t.step(
        "when we end it, they are told where that is possible, and refused",
        async () => {
          await ours.tries(["remove", "stan"]);
          assertEquals(await ours.standing(publicKey), "removed");
          if (dialect === "0.7") {
            await theirs.until("the word", () => seenBy(theirs, ours).status === "removed");
            seenBy(theirs, ours).status = "approved";
          }
          const before = await ours.texts();
          assertEquals((await says(theirs, ours, "still there?")).status, 403);
          assertEquals(await ours.texts(), before);
          seenBy(theirs, ours).status = "removed";
        },
      );

      await t.step("and it can begin anew once more", async () => {
        await federate(ours, theirs, role);
        await again();
      });

      async function again(): Promise<void> {
        if (seenBy(theirs, ours).status !== "approved") await theirs.approve(seenBy(theirs, ours));
        await ours.json(["send", publicKey, "message", '{"text":"again"}']);
        assertEquals(heard(theirs).at(-1), "again");
        assertEquals((await says(theirs, ours, "you again")).status, 200);
        assertEquals((await ours.texts()).at(-1), "you again");
      }
    });
  }
}
