/**
 * Peers in trouble: down, slow, overloaded, or answering nonsense. What our owner is told is true, nothing
 * is lost, and nothing is taken twice.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Mischief } from "../../second_ogp/surface.ts";
import { eventually } from "../eventually.ts";
import { DIALECTS, EXIT, federate, foreign, heard, OurGateway, seenBy } from "./helpers.ts";

const say = (text: string) => ["send", "Stan", "message", JSON.stringify({ text })];

const HTML = { status: 502, body: "<h1>Bad gateway</h1>", type: "text/html" };

/** Ways to answer that say nothing final. Fewer at a time than make us leave a peer alone. */
const TROUBLES: readonly (readonly [string, Mischief])[][] = [
  [
    ["failed", { answer: { status: 500, body: { error: "oops" } } }],
    ["with a page", { answer: HTML }],
    ["with a page that says 200", { answer: { ...HTML, status: 200 } }],
  ],
  [
    ["with garbage", { answer: { status: 200, body: '{"received":tr' } }],
    ["hung up", { drop: "before" }],
    ["over", { answer: { status: 429, body: { error: "later", retryAfter: 1 } } }],
  ],
];

for (const dialect of DIALECTS) {
  for (const troubles of TROUBLES) {
    const names = troubles.map(([name]) => name);
    Deno.test(`what a peer of ${dialect} cannot take now is queued, and delivered once: ${names.join(", ")}`, async () => {
      await using ours = await OurGateway.start("ours");
      await using theirs = await foreign(dialect);
      await federate(ours, theirs);
      for (const [name, mischief] of troubles) {
        theirs.mischief = ({ path }) => path === "/federation/message" ? mischief : undefined;
        const { receipt, nonce, error } = await ours.json(say(name), EXIT.queued);
        assertEquals([receipt, typeof nonce, typeof error], ["queued", "string", "string"]);
        assertEquals(heard(theirs), []);
      }
      theirs.mischief = () => undefined;
      await ours.node.run(["queue", "retry"]);
      await eventually("all messages", () => theirs.taken.length >= names.length);
      assertEquals(heard(theirs), names);
    });
  }

  Deno.test(`a peer of ${dialect} that fails again and again is left alone`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    await ours.down();
    theirs.mischief = () => ({ answer: HTML });
    for (let i = 0; i < 5; i++) await ours.json(say(String(i)), EXIT.queued);
    const { length } = theirs.exchanges;
    const { receipt } = await ours.json(say("5"), EXIT.queued);
    assertEquals([receipt, theirs.exchanges.length], ["queued", length]);
  });

  Deno.test(`a message to a peer of ${dialect} that is down is delivered when it is back`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    await theirs.stop();
    const { receipt, nonce } = await ours.json(say("are you there?"), EXIT.queued);
    assertEquals(receipt, "queued");
    await ours.down("SIGKILL");
    await theirs.restart();
    await ours.up();
    await theirs.until("the message", () => theirs.taken[0], 30_000);
    assertEquals(theirs.taken.map(({ message }) => message.nonce), [nonce]);
  });

  Deno.test(`an answer of ${dialect} that got lost leads to a repetition with the same nonce`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    let drops = 1;
    theirs.mischief = ({ path }) =>
      path === "/federation/message" && drops-- > 0 ? { drop: "after" } : undefined;
    const { nonce } = await ours.json(say("twice?"), EXIT.queued);
    await theirs.until("the repetition", () => theirs.taken[1], 30_000);
    const messages = theirs.taken.map(({ message }) => [message.nonce, message.payload.text]);
    assertEquals(messages, [[nonce, "twice?"], [nonce, "twice?"]]);
  });

  Deno.test(`what a peer of ${dialect} refuses is final, and no refused send exits with 0`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const sent = await ours.json(["send", "Stan", "nosuch", "{}"], EXIT.refused);
    assertEquals([sent.receipt, typeof sent.error], ["failed", "string"]);
    assertStringIncludes(JSON.stringify(sent), "not in granted scope");
    theirs.closedTopics.add("secret");
    await ours.json(["agent", "Stan", "secret", "psst"], EXIT.refused);
    seenBy(theirs, ours).status = "removed";
    await ours.json(say("hello?"), EXIT.refused);
    const { length } = theirs.exchanges;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assertEquals(theirs.exchanges.length, length, "It tried again what was refused");
  });
}

Deno.test("a slow peer is waited for, and a hanging one does not hold the others up", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  await using other = await foreign("0.7", "Other");
  await federate(ours, theirs);
  await federate(ours, other);
  theirs.mischief = () => ({ wait: 1500 });
  assertEquals((await ours.json(say("slowly"))).receipt, "accepted");
  theirs.mischief = () => ({ wait: 600_000 });
  await using hanging = ours.begin(say("for ever"));
  const started = performance.now();
  const sent = await ours.json(["send", "Other", "message", '{"text":"quickly"}']);
  assertEquals(sent.receipt, "accepted");
  assert(performance.now() - started < 5_000, "The other one was held up");
  hanging.kill("SIGINT");
  await hanging.end();
});

Deno.test("a gateway that is none, or is not there, is told apart when it is asked", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  assertEquals((await ours.json(["ping", theirs.url])).displayName, "Stan");
  theirs.mischief = () => ({ answer: { status: 200, body: "<h1>hello</h1>", type: "text/html" } });
  const { code } = await ours.tries(["request", theirs.url]);
  assert(code !== 0);
  await theirs.stop();
  assertEquals((await ours.tries(["ping", theirs.url])).code, EXIT.unavailable);
  assertEquals((await ours.tries(["request", theirs.url])).code, EXIT.unavailable);
  assertEquals(await ours.peers(), []);
});
