/**
 * Attacks on replies: callbacks to places that are not the peer's, and replies that nobody asked or
 * nobody signed.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { replyBody } from "../../second_ogp/bodies.ts";
import type { Gateway } from "../../second_ogp/gateway.ts";
import type { Json } from "../../second_ogp/http.ts";
import { keyId } from "../../second_ogp/keys.ts";
import { pause } from "../eventually.ts";
import { DIALECTS, federate, foreign, OurGateway, post, seenBy } from "./helpers.ts";

for (const dialect of DIALECTS) {
  Deno.test(`a reply to ${dialect} is called back at the peer's own origin and nowhere else`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await using victim = await foreign(dialect, "Victim");
    await federate(ours, theirs);
    const { port } = new URL(theirs.url);
    const victimHost = new URL(victim.url).host;
    const foreignUrls = [
      `${victim.url}/federation/reply/x`,
      `${victim.url}/ssrf/anything`,
      `http://127.0.0.1:${port}@${victimHost}/federation/reply/x`,
      `${ours.url}/federation/reply/x`,
      "file:///etc/passwd",
      "http://[::ffff:127.0.0.1]:1/",
      "not a url",
    ];
    const ask = { topic: "general", message: "call me back" };
    for (const [index, replyTo] of foreignUrls.entries()) {
      const nonce = `n-${index}`;
      const peer = seenBy(theirs, ours);
      const { status } = await theirs.sendMessage(peer, "agent-comms", ask, { nonce, replyTo });
      assert([200, 400].includes(status), `${replyTo}: ${status}`);
      if (status === 200) await ours.tries(["reply", nonce, "here"]);
    }
    // And one that is called back, after the daemon had its time for the others.
    const replyTo = `${theirs.url}/federation/reply/own`;
    const options = { nonce: "own", replyTo };
    await theirs.sendMessage(seenBy(theirs, ours), "agent-comms", ask, options);
    await ours.json(["reply", "own", "here"]);
    await theirs.until("the callback", () => theirs.reply("own"));
    await pause(300);
    assertEquals(victim.exchanges.map(({ path }) => path), []);
    assertEquals(theirs.seen("/federation/reply/").map(({ path }) => path), [
      "/federation/reply/own",
    ]);
  });

  Deno.test(`a callback of ${dialect} that redirects is not followed`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await using victim = await foreign(dialect, "Victim");
    await federate(ours, theirs);
    const location = `${victim.url}/federation/reply/n-1`;
    theirs.mischief = ({ method, path }) =>
      method === "POST" && path.startsWith("/federation/reply/")
        ? { answer: { status: 307, body: {}, headers: { location } } }
        : undefined;
    const replyTo = `${theirs.url}/federation/reply/n-1`;
    const ask = { topic: "general", message: "call me back" };
    const options = { nonce: "n-1", replyTo };
    await theirs.sendMessage(seenBy(theirs, ours), "agent-comms", ask, options);
    await ours.tries(["reply", "n-1", "here"]);
    await theirs.until("the callback", () => theirs.seen("/federation/reply/n-1")[0]);
    await pause(300);
    assertEquals(victim.exchanges, []);
  });

  Deno.test(`only the gateway of ${dialect} that was asked can reply, and only what it signed`, async (t) => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await using other = await foreign(dialect, "Other");
    await using stranger = await foreign(dialect, "Mallory");
    await federate(ours, theirs);
    await federate(ours, other);
    // It takes its time: it neither calls back nor has anything to be polled.
    await using waiting = ours.begin([
      "agent",
      "Stan",
      "general",
      "well?",
      "--wait",
      "--timeout",
      "30000",
    ]);
    const { nonce } = (await theirs.until("the message", () => theirs.taken[0])).message;
    const forged = { answer: "FORGED" };
    const assertNotTaken = async (body: Json, path = nonce) => {
      assertNotEquals((await post(ours, `reply/${path}`, body)).status, 200);
    };
    /** A reply as 0.7 signs it, by somebody. */
    const ourId = keyId((await ours.card()).publicKey);
    const signedBy = (who: Gateway, of = nonce, data: Json = forged) =>
      replyBody({ ...who.self, dialect: "0.7" }, ourId, of, { data });

    await t.step("a reply of another peer, or of a stranger", async () => {
      await assertNotTaken(signedBy(other));
      await assertNotTaken(signedBy(stranger));
      await assertNotTaken({ ...signedBy(theirs), signature: signedBy(other).signature });
    });

    await t.step("a reply that nobody signed", async () => {
      const { reply, replyStr } = signedBy(theirs);
      for (const signature of [undefined, "", "00".repeat(64), 7]) {
        await assertNotTaken({ reply, replyStr, signature });
        await assertNotTaken({ reply, signature });
      }
    });

    await t.step("a signed text with another reply beside it", async () => {
      const { replyStr, signature } = signedBy(theirs);
      const reply = { nonce, success: true, data: { answer: "MORE FORGED" } };
      assertEquals(
        (await post(ours, `reply/${nonce}`, { reply, replyStr, signature })).status,
        400,
      );
    });

    await t.step("any text that the peer ever signed", async () => {
      const { messageStr, signature } = theirs.message(seenBy(theirs, ours), "message", {
        text: "x",
      }, {
        withText: true,
        nonce,
      });
      const reply = { nonce, success: true, data: forged };
      await assertNotTaken({ reply, replyStr: messageStr, signature });
      await assertNotTaken({ ...signedBy(theirs, "another-nonce") });
    });

    await t.step("a reply to a message that we never sent", async () => {
      await assertNotTaken(signedBy(theirs, "never-sent"), "never-sent");
    });

    await t.step("and what is waited for is the true one", async () => {
      const answer = { answer: "the true one" };
      const true07 = signedBy(theirs, nonce, answer);
      assertEquals((await post(ours, `reply/${nonce}`, true07)).status, 200);
      // Whatever comes later changes nothing.
      await post(ours, `reply/${nonce}`, signedBy(theirs));
      const { code, stdout } = await waiting.end();
      assertEquals(code, 0, stdout);
      const { receipt, reply } = JSON.parse(stdout);
      assertEquals([receipt, reply.data], ["replied", answer]);
    });

    await t.step("a reply that came to us is nobody else's to fetch", async () => {
      const { status, text } = await stranger.pollReply(seenBy(theirs, ours), nonce);
      assertEquals(status, 404, text);
      assert(!text.includes("the true one"));
    });
  });
}

Deno.test("a waiting command that gets no answer says so, and exits as unavailable", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await federate(ours, theirs);
  const ask = ["agent", "Stan", "general", "well?", "--wait", "--timeout", "1500"];
  const sent = await ours.json(ask, 6);
  assertEquals(sent.receipt, "accepted");
  assertEquals(theirs.taken.length, 1);
});
