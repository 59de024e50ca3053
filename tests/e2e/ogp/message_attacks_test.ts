/**
 * Attacks by what messages say: in somebody else's name, to somebody else, with another text than the
 * signed one, or without any form.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { call, type Json } from "../../second_ogp/http.ts";
import { keyId } from "../../second_ogp/keys.ts";
import { DIALECTS, federate, foreign, OurGateway, post, says, seenBy } from "./helpers.ts";

for (const dialect of DIALECTS) {
  Deno.test(`only what a peer of ${dialect} signed for us gets in`, async (t) => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await using other = await foreign(dialect, "Other");
    await using stranger = await foreign(dialect, "Mallory");
    await federate(ours, theirs);
    await federate(ours, other);
    const peer = seenBy(theirs, ours);

    async function assertRefused(body: unknown, ...statuses: number[]): Promise<void> {
      const { status, json, headers } = await post(ours, "message", body);
      assert(statuses.includes(status), `status ${status}: ${JSON.stringify(json)}`);
      assertEquals([json.success, json.statusCode, typeof json.error], [false, status, "string"]);
      assertMatch(headers["content-type"] ?? "", /^application\/json/);
    }
    const make = (options: Parameters<typeof theirs.message>[3], text = "hello") =>
      theirs.message(peer, "message", { text }, { withText: true, ...options });

    await t.step("a signed text with another message beside it", async () => {
      await assertRefused(make({ tamper: ({ message }) => message.payload.text = "FORGED" }), 400);
      const captured = make({});
      const forged = { ...make({}, "FORGED"), messageStr: captured.messageStr };
      await assertRefused({ ...forged, signature: captured.signature }, 400);
      const intent = make({ tamper: ({ message }) => message.intent = "agent-comms" });
      await assertRefused(intent, 400);
    });

    await t.step("a message whose signature is of another text, another key, or none", async () => {
      await assertRefused(make({ signer: stranger.self.keys }), 401);
      await assertRefused(make({ signer: other.self.keys }), 401);
      const { message, signature } = make({});
      await assertRefused({ message: { ...message, payload: { text: "FORGED" } }, signature }, 401);
      for (const wrong of ["", "zz", "00".repeat(64), 12, null, [signature], { hex: signature }]) {
        await assertRefused({ message, signature: wrong }, 400, 401);
      }
      await assertRefused({ message }, 400);
    });

    await t.step("a message in the name of another peer, or of nobody", async () => {
      await assertRefused(make({ from: other.id }), 401);
      await assertRefused(make({ from: stranger.id }), 403);
      await assertRefused(make({ from: stranger.id, signer: stranger.self.keys }), 403);
      await assertRefused(make({ from: "" }), 400, 403);
      for (const from of [null, 7, ["x"], { id: theirs.id }]) {
        await assertRefused(make({ change: (message) => message.from = from }), 400, 403);
      }
    });

    await t.step("a beginning that all keys share, as a name", async () => {
      for (const from of ["302a", theirs.publicKey.slice(0, 24), "3"]) {
        await assertRefused(make({ from, signer: stranger.self.keys }), 401, 403);
      }
    });

    await t.step("a message that was signed for another gateway", async () => {
      for (
        const to of ["f".repeat(32), keyId(other.publicKey), other.id, "example.com:18790", ""]
      ) {
        await assertRefused(make({ to }), 400);
      }
      await assertRefused(make({ change: (message) => delete message.to }), 400);
    });

    await t.step("a message without a nonce, or with one that is none", async () => {
      await assertRefused(make({ change: (message) => delete message.nonce }), 400);
      for (const nonce of ["", 7, null, "x".repeat(5000)]) {
        await assertRefused(make({ change: (message) => message.nonce = nonce }), 400);
      }
    });

    await t.step("what is no message", async () => {
      for (const body of ["", "[]", "null", "7", '"text"', '{"message":', "{}", '{"message":7}']) {
        await assertRefused(body, 400);
      }
      const twice = JSON.stringify(make({})).replace('"message":', '"message":{},"message":');
      await assertRefused(twice, 400);
      await assertRefused(JSON.stringify(make({ withText: true })).replace("hello", "\ud800"), 400);
    });

    await t.step("nonces that would be names of other files stay in their folder", async () => {
      for (
        const nonce of ["../../../peers/x", "a/b", "..", "con", "x\u0000y", "n@0123456789abcdef"]
      ) {
        const { status } = await post(ours, "message", make({ nonce }, `as ${nonce}`));
        assert([200, 400].includes(status), `status ${status}`);
      }
      assertEquals(await ours.standing(theirs.publicKey), "approved");
      const found = await Array.fromAsync(Deno.readDir(ours.node.home), ({ name }) => name);
      assert(!found.includes("peers") && !found.includes("x.json"), found.join(", "));
    });

    await t.step("and nothing of it all was stored; the next good one is", async () => {
      const texts = (await ours.texts()).filter((text) => !text.startsWith("as "));
      assertEquals(texts, []);
      assertEquals((await says(theirs, ours, "good")).status, 200);
      assertEquals((await ours.texts()).at(-1), "good");
    });
  });
}

Deno.test("malformed bodies and unknown paths get JSON everywhere, never a page or a trace", async () => {
  await using ours = await OurGateway.start("ours");
  const bodies = ['{"a":', "<html>", "\u0000", "[[[[[["];
  const paths = ["request", "approve", "message", "reply/n-1", "removed", "update-identity"];
  for (const [index, path] of paths.entries()) {
    const { status, headers, text, json } = await post(ours, path, bodies[index % bodies.length]);
    assertEquals(status, 400, `${path}: ${text}`);
    assertMatch(headers["content-type"] ?? "", /^application\/json/);
    assertEquals(typeof json.error, "string");
    assert(!/\n\s+at |\.ts:|<pre>/.test(text), text);
  }
  const calls: [string, string, number][] = [
    ["GET", "/nope", 404],
    ["GET", "/federation/message", 405],
    ["DELETE", "/federation/reply/n-1", 405],
  ];
  for (const [method, path, status] of calls) {
    const answer = await call(`${ours.url}${path}`, undefined, { method });
    assertEquals(answer.status, status, path);
    assert(answer.json !== undefined, answer.text);
  }
  const huge = await post(ours, "message", { message: "x".repeat(2_000_000), signature: "" })
    .catch((): Json => ({ status: 413 }));
  assertEquals(huge.status, 413);
  assertEquals((await call(`${ours.url}/federation/ping`)).json.pong, true);
});
