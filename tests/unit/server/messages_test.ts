import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { receiveContact } from "../../../lib/mesh/contacts.ts";
import { removePeer } from "../../../lib/mesh/decisions.ts";
import {
  auditEvents,
  bytesOf,
  forged,
  recordsIn,
  Stranger,
  testNode,
  trust,
} from "../mesh/parties.ts";
import { assertRefused, MESSAGE, serve } from "./served.ts";

const MINUTE = 60_000;

Deno.test("a sound message is stored, acknowledged and told of", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message();
  const message_id = String(document.get("message_id"));
  const answer = await served.post(MESSAGE, document);
  assertEquals(answer.status, 200);
  assertEquals(answer.json, {
    ok: true,
    result: {
      verified: true,
      message_id,
      saved: message_id,
      ack: { type: "ack", message_id, status: "received", timestamp: "2026-03-12T18:05:00Z" },
    },
  });
  const paths = Object.keys(await recordsIn(me.root)).filter((path) => path.includes("messages"));
  assertEquals(paths.length, 1);
  assertStringIncludes(paths[0]!, `messages/incoming/${message_id}@`);
  const { mode } = await Deno.stat(`${me.root}/${paths[0]}`);
  if (mode !== null) assertEquals(mode & 0o777, 0o600);
  assertEquals(served.told, {
    messages: [message_id],
    contacts: [],
    heardFrom: ["stan"],
    faults: [],
  });
});

/** Posts what a sender sends to a node that trusts stan, and expects nothing but a refusal. */
async function refused(
  name: string,
  status: number,
  code: string,
  send: (setting: { stan: Stranger; mallory: Stranger }) => ReturnType<Stranger["message"]>,
): Promise<void> {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const mallory = await Stranger.named("mallory", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  const answer = await served.post(MESSAGE, send({ stan, mallory }));
  assertRefused(answer, status, code, me.root);
  assertEquals(await recordsIn(me.root), before, name);
  assertEquals([served.told.messages, served.told.heardFrom], [[], []]);
}

Deno.test("a message with a bad signature is refused", async (t) => {
  const cases: Record<string, Parameters<typeof refused>[3]> = {
    "of changed text": ({ stan }) => forged(stan.message(), { body: { text: "bye" } }),
    "with a field added": ({ stan }) => forged(stan.message(), { more: 1 }),
    "of another key": ({ mallory }) => mallory.message({ from: "stan" }),
    "empty": ({ stan }) => forged(stan.message(), { signature: "" }),
    "not base64": ({ stan }) => forged(stan.message(), { signature: "!".repeat(88) }),
    "of zeros": ({ stan }) => forged(stan.message(), { signature: new Uint8Array(64).toBase64() }),
    "in base64url": ({ stan }) => {
      const document = stan.message();
      const signature = String(document.get("signature"));
      return forged(document, {
        signature: `${signature.replaceAll("+", "-").replaceAll("/", "_")} `,
      });
    },
    "without its padding": ({ stan }) => {
      const document = stan.message();
      return forged(document, { signature: String(document.get("signature")).slice(0, -2) });
    },
    "with a key of its own in the message": ({ mallory }) =>
      mallory.message({ from: "stan", public_key: mallory.card.public_key }),
  };
  for (const [name, send] of Object.entries(cases)) {
    await t.step(name, () => refused(name, 401, "bad_signature", send));
  }
});

Deno.test("a message of an unknown sender is refused", () =>
  refused("unknown", 403, "not_trusted", ({ mallory }) => mallory.message()));

Deno.test("a message for another agent is refused", () =>
  refused("other", 400, "wrong_recipient", ({ stan }) => stan.message({ to: "other" })));

Deno.test("a message for an agent whose id differs in case is refused", () =>
  refused("case", 400, "wrong_recipient", ({ stan }) => stan.message({ to: "Me" })));

Deno.test("a message whose sender differs in case from a peer is refused", () =>
  refused("case", 403, "not_trusted", ({ stan }) => stan.message({ from: "Stan" })));

Deno.test("a message that cannot say when it was signed is refused", async (t) => {
  for (const timestamp of ["", "yesterday", "2026-03-12", "2026-03-12T18:05:00", "1773338700"]) {
    await t.step(
      timestamp || "empty",
      () => refused(timestamp, 400, "malformed", ({ stan }) => stan.message({ timestamp })),
    );
  }
});

Deno.test("five minutes of age are the most, either way", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const ages: [ms: number, status: number][] = [
    [5 * MINUTE, 200],
    [5 * MINUTE + 1000, 400],
    [-5 * MINUTE, 200],
    [-5 * MINUTE - 1000, 400],
    [365 * 24 * 60 * MINUTE, 400],
  ];
  for (const [age, status] of ages) {
    const timestamp = new Date(me.clock.now().getTime() - age).toISOString();
    const answer = await served.post(MESSAGE, stan.message({ timestamp }));
    assertEquals([age, answer.status], [age, status]);
    if (status !== 200) assertRefused(answer, 400, "stale_timestamp", me.root);
  }
  assertEquals(served.told.messages.length, 2);
});

Deno.test("a sender whose request waits is not trusted", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await receiveContact(me.node, bytesOf(stan.contactRequest()));
  await using served = await serve(me.node);
  assertRefused(await served.post(MESSAGE, stan.message()), 403, "not_trusted", me.root);
  assertEquals(served.told.messages, []);
});

Deno.test("a peer is trusted under its own id, not under the name of its file", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await me.node.state.peers.put("alias", stan.card);
  await using served = await serve(me.node);
  for (const from of ["alias", "stan"]) {
    assertRefused(await served.post(MESSAGE, stan.message({ from })), 403, "not_trusted", me.root);
  }
});

Deno.test("a removed peer is not trusted any more", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  assertEquals((await served.post(MESSAGE, stan.message())).status, 200);
  await removePeer(me.node, "stan");
  assertRefused(await served.post(MESSAGE, stan.message()), 403, "not_trusted", me.root);
});

Deno.test("refusals are in the audit log, with their source and without the text", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  await served.post(MESSAGE, forged(stan.message(), { body: { text: "secret" } }));
  await served.post(MESSAGE, stan.message({ to: "other" }));
  const events = await auditEvents(me.root);
  assert(!JSON.stringify(events).includes("secret"));
  const refusals = events.filter(({ event }) => event === "message.refused");
  assertEquals(refusals.map(({ code, from, source }) => [code, from, source]), [
    ["bad_signature", "stan", "127.0.0.1"],
    ["wrong_recipient", "stan", "127.0.0.1"],
  ]);
});
