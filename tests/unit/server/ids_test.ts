import { assert, assertEquals } from "@std/assert";
import { listContacts } from "../../../lib/mesh/contacts.ts";
import { readInbox } from "../../../lib/mesh/inbox.ts";
import { recordsIn, Stranger, testNode, trust } from "../mesh/parties.ts";
import { assertRefused, CONTACT, MESSAGE, serve } from "./served.ts";

/** Ids that are refused wherever they stand. */
const REFUSED = [
  "../../peers/mallory",
  "..\\..\\peers\\mallory",
  "/etc/passwd",
  "C:\\x",
  "a/b",
  "a\0b",
  "a\nb",
  "\x1b[2Jb",
  "\x7f",
  "\u0085",
  ".",
  "..",
  "",
  "x".repeat(10_000),
  "x".repeat(129),
];

/** Ids that are odd and harmless: each gets a record of its own. */
const TAKEN = [
  "con",
  "CON",
  "nul.json",
  "LPT1",
  "com1.",
  "...",
  ".hidden",
  "trailing.",
  "trailing ",
  "%2e%2e",
  "%2E%2E%2Fpeers",
  "%",
  "%25",
  "a%00b",
  "a@b",
  "@",
  "a@@b",
  "~",
  "*?<>|:",
  "identity.json",
  "private_key.pem",
  "Case",
  "case",
  "é",
  "e\u0301",
  "中文🦝",
  "\u202egnp.exe",
  "x".repeat(128),
  "__proto__",
  "constructor",
];

Deno.test("a message id that could lead elsewhere is refused", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  for (const message_id of REFUSED) {
    assertRefused(
      await served.post(MESSAGE, stan.message({ message_id })),
      400,
      "malformed",
      me.root,
    );
  }
  assertEquals(await recordsIn(me.root), before);
});

Deno.test("a sender or receiver that could lead elsewhere is refused", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  for (const id of [...REFUSED, "../identity", "../requests/incoming/req_1"]) {
    for (const change of [{ from: id }, { to: id }]) {
      assertRefused(await served.post(MESSAGE, stan.message(change)), 400, "malformed", me.root);
    }
  }
  assertEquals(await recordsIn(me.root), before);
});

Deno.test("a request id or agent id that could lead elsewhere is refused", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  for (const id of REFUSED) {
    const byRequest = stan.contactRequest({ request_id: id });
    const byAgent = stan.contactRequest({ from: { ...stan.card, agent_id: id } });
    for (const document of [byRequest, byAgent]) {
      assertRefused(await served.post(CONTACT, document), 400, "malformed", me.root);
    }
  }
  assertEquals(await recordsIn(me.root), before);
});

Deno.test("an id of half a character is refused", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const document = stan.message({ message_id: "\ud800" });
  assertRefused(await served.post(MESSAGE, document), 400, "malformed", me.root);
});

Deno.test("an id whose name would be too long is refused, not cut", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  for (const id of ["%".repeat(128), "🦝".repeat(60), " ".repeat(128)]) {
    assertRefused(
      await served.post(MESSAGE, stan.message({ message_id: id })),
      400,
      "malformed",
      me.root,
    );
    const document = anna.contactRequest({ request_id: id });
    assertRefused(await served.post(CONTACT, document), 400, "malformed", me.root);
  }
  assertEquals(await recordsIn(me.root), before);
});

Deno.test("odd message ids get a record each, all in one folder", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = Object.keys(await recordsIn(me.root));
  const answers = await Promise.all(
    TAKEN.map((message_id) => served.post(MESSAGE, stan.message({ message_id }))),
  );
  assertEquals(answers.map(({ status }) => status), TAKEN.map(() => 200));
  assertEquals(answers.map(({ json }) => json.result.saved), TAKEN);
  const added = Object.keys(await recordsIn(me.root)).filter((path) => !before.includes(path));
  assertEquals(added.length, TAKEN.length);
  assert(added.every((path) => /^messages\/incoming\/[A-Za-z0-9_@.%-]+\.json$/.test(path)));
  const ids = (await readInbox(me.node.state)).map(({ message }) => message.message_id);
  assertEquals(ids.sort(), [...TAKEN].sort());
});

Deno.test("odd request ids get a record each, all in one folder", async () => {
  await using me = await testNode();
  await using served = await serve(me.node, { pending: { perKey: 1000 } });
  const stan = await Stranger.named("stan", { clock: me.clock });
  const before = Object.keys(await recordsIn(me.root));
  for (const request_id of TAKEN) {
    assertEquals((await served.post(CONTACT, stan.contactRequest({ request_id }))).status, 200);
  }
  const added = Object.keys(await recordsIn(me.root)).filter((path) => !before.includes(path));
  assertEquals(added.length, TAKEN.length);
  assert(added.every((path) => /^requests\/incoming\/[A-Za-z0-9_@.%-]+\.json$/.test(path)));
  const ids = (await listContacts(me.node)).map(({ request }) => request.request_id);
  assertEquals(ids.sort(), [...TAKEN].sort());
});

Deno.test("two peers may use the same message id", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await trust(me.node, stan);
  await trust(me.node, anna);
  await using served = await serve(me.node);
  for (const sender of [stan, anna, stan, anna]) {
    const document = sender.message({ message_id: "msg_1", body: { text: sender.card.agent_id } });
    assertEquals((await served.post(MESSAGE, document)).status, 200);
  }
  const messages = (await readInbox(me.node.state)).map(({ message }) => message);
  assertEquals(messages.map(({ from, body }) => [from, body]).sort(), [
    ["anna", { text: "anna" }],
    ["stan", { text: "stan" }],
  ]);
});

Deno.test("no id lands on the record of another sender's message", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await trust(me.node, stan);
  await trust(me.node, anna);
  await using served = await serve(me.node);
  await served.post(MESSAGE, stan.message({ message_id: "msg_1" }));
  const [{ recordId } = { recordId: "" }] = await readInbox(me.node.state);
  for (
    const message_id of [recordId, recordId.replace("@", "%40"), recordId.replace("@", "%2540")]
  ) {
    for (const sender of [anna, stan]) {
      assertEquals((await served.post(MESSAGE, sender.message({ message_id }))).status, 200);
    }
  }
  const messages = await readInbox(me.node.state, { from: "stan" });
  assertEquals(messages.filter(({ message }) => message.message_id === "msg_1").length, 1);
  assertEquals((await readInbox(me.node.state)).length, 7);
});

Deno.test("a peer that lied about its fingerprint cannot take another's names", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  const peer = await trust(me.node, stan);
  // As another program, which does not compare them, would have stored it.
  await me.node.state.peers.put("anna", { ...anna.card, fingerprint: peer.fingerprint });
  await using served = await serve(me.node);
  const message_id = "msg_1";
  assertEquals((await served.post(MESSAGE, anna.message({ message_id }))).status, 200);
  assertEquals((await served.post(MESSAGE, stan.message({ message_id }))).status, 200);
  assertEquals((await readInbox(me.node.state)).length, 2);
});
