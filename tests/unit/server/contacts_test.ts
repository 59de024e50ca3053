import { assert, assertEquals } from "@std/assert";
import { listContacts } from "../../../lib/mesh/contacts.ts";
import { approveContact, rejectContact } from "../../../lib/mesh/decisions.ts";
import { bytesOf, forged, recordsIn, Stranger, testNode, trust } from "../mesh/parties.ts";
import { assertRefused, CONTACT, MESSAGE, serve } from "./served.ts";

const HOUR = 3_600_000;

Deno.test("a sound request is stored, acknowledged and told of, and gives no trust", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const document = stan.contactRequest();
  const request_id = String(document.get("request_id"));
  const answer = await served.post(CONTACT, document);
  assertEquals(answer.status, 200);
  const result = { verified: true, request_id, saved: request_id };
  assertEquals(answer.json, { ok: true, result });
  assertEquals(served.told.contacts, [request_id]);
  const path = `requests/incoming/${request_id}.json`;
  assert(path in await recordsIn(me.root));
  const { mode } = await Deno.stat(`${me.root}/${path}`);
  if (mode !== null) assertEquals(mode & 0o777, 0o600);
  assertEquals(await me.node.state.peers.ids(), []);
});

Deno.test("an unsound request is refused", async (t) => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const mallory = await Stranger.named("mallory", { clock: me.clock });
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  const from = stan.card;
  const cases: Record<string, [code: string, ReturnType<Stranger["contactRequest"]>]> = {
    "with another purpose": ["bad_signature", forged(stan.contactRequest(), { purpose: "x" })],
    "with a field added": ["bad_signature", forged(stan.contactRequest(), { more: 1 })],
    "signed with another key": ["bad_signature", mallory.contactRequest({ from })],
    "with another's fingerprint": [
      "bad_fingerprint",
      stan.as({
        fingerprint: mallory.card.fingerprint,
      }).contactRequest(),
    ],
    "with another's key and fingerprint": [
      "bad_signature",
      stan.as({
        public_key: mallory.card.public_key,
        fingerprint: mallory.card.fingerprint,
      }).contactRequest(),
    ],
    "of a key without its final newline": [
      "bad_fingerprint",
      stan.as({
        public_key: from.public_key.trimEnd(),
      }).contactRequest(),
    ],
    "too old": ["stale_timestamp", stan.contactRequest({ timestamp: "2026-03-12T17:59:00Z" })],
    "from the future": [
      "stale_timestamp",
      stan.contactRequest({
        timestamp: "2026-03-12T18:11:00Z",
      }),
    ],
    "without a time": ["malformed", stan.contactRequest({ timestamp: "now" })],
    "without a sender": ["malformed", stan.contactRequest({ from: "stan" })],
    "of another type": ["malformed", stan.contactRequest({ type: "direct_message" })],
    "with an endpoint that is no URL": [
      "malformed",
      stan.as({ endpoint: "stan" })
        .contactRequest(),
    ],
    "with an endpoint of another kind": [
      "malformed",
      stan.as({ endpoint: "file:///etc/passwd" })
        .contactRequest(),
    ],
    "with a password in its endpoint": [
      "malformed",
      stan.as({ endpoint: "http://a:b@c" })
        .contactRequest(),
    ],
    "with a name that moves the cursor": [
      "malformed",
      stan.as({ display_name: "\x1b[2J" })
        .contactRequest(),
    ],
    "with an endless purpose": ["malformed", stan.contactRequest({ purpose: "x".repeat(2001) })],
    "with our own agent id": ["refused", stan.as({ agent_id: "me" }).contactRequest()],
  };
  const statuses: Record<string, number> = { bad_signature: 401, refused: 403 };
  for (const [name, [code, document]] of Object.entries(cases)) {
    await t.step(name, async () => {
      assertRefused(await served.post(CONTACT, document), statuses[code] ?? 400, code, me.root);
    });
  }
  assertEquals(await recordsIn(me.root), before);
  assertEquals(served.told.contacts, []);
});

Deno.test("a request of the very key that we have ourselves is refused", async () => {
  await using me = await testNode();
  const { privateKey } = me.node.identity;
  const mirror = await Stranger.named("mirror", { clock: me.clock, privateKey });
  await using served = await serve(me.node);
  assertRefused(await served.post(CONTACT, mirror.contactRequest()), 403, "refused", me.root);
});

Deno.test("the same request again is acknowledged and stored once", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const document = stan.contactRequest();
  for (
    const sent of [
      document,
      document,
      stan.sign(forged(document, {
        timestamp: "2026-03-12T18:05:30Z",
      })),
    ]
  ) {
    assertEquals((await served.post(CONTACT, sent)).status, 200);
  }
  assertEquals(served.told.contacts.length, 1);
  assertEquals((await listContacts(me.node)).length, 1);
});

Deno.test("the same request to two daemons on one root at once is stored once", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using one = await serve(me.node);
  await using two = await serve(await me.again());
  const document = stan.contactRequest();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).post(CONTACT, document)),
  );
  assertEquals(answers.filter(({ status }) => status !== 200), []);
  assertEquals(one.told.contacts.length + two.told.contacts.length, 1);
  assertEquals((await listContacts(me.node)).length, 1);
});

Deno.test("the same id for another request of the same key is refused", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const document = stan.contactRequest();
  await served.post(CONTACT, document);
  const other = stan.sign(forged(document, { purpose: "something else" }));
  assertRefused(await served.post(CONTACT, other), 409, "id_reused", me.root);
});

Deno.test("two strangers may use the same request id", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await using served = await serve(me.node);
  const [first, second] = [stan, anna].map((who) => who.contactRequest({ request_id: "req_1" }));
  for (const document of [first!, second!, first!, second!]) {
    assertEquals((await served.post(CONTACT, document)).status, 200);
  }
  const contacts = await listContacts(me.node);
  assertEquals(contacts.map(({ request }) => request.from.agent_id).sort(), ["anna", "stan"]);
  assertEquals(served.told.contacts.length, 2);
});

Deno.test("a request stays the same one when the other of its id is gone", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const anna = await Stranger.named("anna", { clock: me.clock });
  await using served = await serve(me.node);
  const [first, second] = [stan, anna].map((who) => who.contactRequest({ request_id: "req_1" }));
  await served.post(CONTACT, first!);
  await served.post(CONTACT, second!);
  await rejectContact(me.node, "stan");
  assertEquals((await served.post(CONTACT, second!)).status, 200);
  assertEquals((await listContacts(me.node)).length, 1);
  assertEquals(served.told.contacts.length, 2);
});

Deno.test("a peer that asks again is told that all is well, and nothing is stored", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  assertEquals((await served.post(CONTACT, stan.contactRequest())).status, 200);
  assertEquals(await recordsIn(me.root), before);
  assertEquals(served.told.contacts, []);
});

Deno.test("a peer's id with another key is refused, and the peer stays as it is", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const mallory = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  assertRefused(await served.post(CONTACT, mallory.contactRequest()), 409, "key_changed", me.root);
  assertEquals(await recordsIn(me.root), before);
  assertEquals((await served.post(MESSAGE, stan.message())).status, 200);
});

Deno.test("a peer whose key is none of ours to read is not replaced either", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const alien = { ...stan.card, public_key: "-----BEGIN RSA-----\n" };
  await me.node.state.peers.put("stan", alien);
  await using served = await serve(me.node);
  assertRefused(await served.post(CONTACT, stan.contactRequest()), 409, "key_changed", me.root);
});

Deno.test("a peer that moved waits for the owner, who updates it by approving", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock, endpoint: "http://10.0.0.1:8787" });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  const moved = stan.as({ endpoint: "http://10.0.0.2:8787" });
  const document = moved.contactRequest();
  assertEquals((await served.post(CONTACT, document)).status, 200);
  assertEquals(served.told.contacts.length, 1);
  assertEquals((await me.node.state.peers.get("stan"))?.endpoint, "http://10.0.0.1:8787");
  await approveContact(me.node, String(document.get("request_id")));
  assertEquals((await me.node.state.peers.get("stan"))?.endpoint, "http://10.0.0.2:8787");
  assertEquals((await served.post(CONTACT, moved.contactRequest())).status, 200);
  assertEquals(served.told.contacts.length, 1);
});

Deno.test("a request that is replayed after the owner turned it down is soon too old", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const document = stan.contactRequest();
  await served.post(CONTACT, document);
  await rejectContact(me.node, "stan");
  me.clock.pass(HOUR);
  assertRefused(await served.post(CONTACT, document), 400, "stale_timestamp", me.root);
  assertEquals(await listContacts(me.node), []);
});

Deno.test("a request that would be huge on disk is refused", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  // Indented, each of these numbers is a line of over 100 characters.
  let deep: unknown = Array(2000).fill(1);
  for (let level = 0; level < 55; level++) deep = [deep];
  for (const more of ["x".repeat(100_000), deep]) {
    const document = stan.contactRequest({ more });
    assert(bytesOf(document).length < 256 * 1024);
    assertRefused(await served.post(CONTACT, document), 413, "too_large", me.root);
  }
  assertEquals(await recordsIn(me.root), before);
});
