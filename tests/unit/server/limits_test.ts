import { assert, assertEquals } from "@std/assert";
import { approveContact, rejectContact } from "../../../lib/mesh/decisions.ts";
import { auditEvents, recordsIn, Stranger, testNode, trust } from "../mesh/parties.ts";
import { type Answer, assertRefused, CONTACT, MESSAGE, serve } from "./served.ts";

function assertComeBackLater(answer: Answer, root: string): void {
  assertRefused(answer, 429, "rate_limited", root);
  assert(Number(answer.headers.get("retry-after")) >= 1, "Retry-After is missing");
}

Deno.test("one key has three requests waiting, not more", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  for (let i = 0; i < 3; i++) {
    assertEquals((await served.post(CONTACT, stan.contactRequest())).status, 200);
  }
  const before = await recordsIn(me.root);
  assertComeBackLater(await served.post(CONTACT, stan.contactRequest()), me.root);
  // Other names and spellings do not make it another key.
  const renamed = stan.as({ agent_id: "other" });
  assertComeBackLater(await served.post(CONTACT, renamed.contactRequest()), me.root);
  const pem = stan.card.public_key.replaceAll("\n", "\r\n");
  const { privateKey, clock } = stan;
  const respelled = await Stranger.named("stan", { privateKey, pem, clock });
  assertComeBackLater(await served.post(CONTACT, respelled.contactRequest()), me.root);
  assertEquals(await recordsIn(me.root), before);

  const anna = await Stranger.named("anna", { clock: me.clock });
  assertEquals((await served.post(CONTACT, anna.contactRequest())).status, 200);
});

Deno.test("so many requests wait in all, and a decision makes room", async () => {
  await using me = await testNode();
  await using served = await serve(me.node, { pending: { total: 3 } });
  const ask = async (name: string) =>
    await served.post(
      CONTACT,
      (await Stranger.named(name, { clock: me.clock })).contactRequest({
        request_id: `req_${name}`,
      }),
    );
  for (const name of ["a", "b", "c"]) assertEquals((await ask(name)).status, 200);
  assertComeBackLater(await ask("d"), me.root);
  await rejectContact(me.node, "req_a");
  assertEquals((await ask("e")).status, 200);
  assertComeBackLater(await ask("f"), me.root);
  await approveContact(me.node, "req_b");
  assertEquals((await ask("g")).status, 200);
  assertComeBackLater(await ask("h"), me.root);
});

Deno.test("the limits hold for requests that come at once, to two daemons", async () => {
  await using me = await testNode();
  const limits = { pending: { total: 5 } };
  await using one = await serve(me.node, limits);
  await using two = await serve(await me.again(), limits);
  const strangers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => Stranger.named(`s${i}`, { clock: me.clock })),
  );
  const answers = await Promise.all(
    strangers.map((stranger, i) => (i % 2 ? one : two).post(CONTACT, stranger.contactRequest())),
  );
  assertEquals(answers.filter(({ status }) => status === 200).length, 5);
  assertEquals(answers.filter(({ status }) => status === 429).length, 15);
});

Deno.test("a peer that moved often can still say where it is", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node);
  for (let i = 1; i <= 6; i++) {
    const request_id = `req_${i}`;
    const moved = stan.as({ endpoint: `http://10.0.0.${i}:8787` });
    assertEquals((await served.post(CONTACT, moved.contactRequest({ request_id }))).status, 200);
    await approveContact(me.node, request_id);
  }
  assertEquals((await me.node.state.peers.get("stan"))?.endpoint, "http://10.0.0.6:8787");
});

Deno.test("one address has ten requests a minute; what it says does not matter", async () => {
  await using me = await testNode();
  await using served = await serve(me.node, { contactsPerMinute: 10 });
  for (let i = 0; i < 10; i++) assertEquals((await served.post(CONTACT, "{}")).status, 400);
  const stan = await Stranger.named("stan", { clock: me.clock });
  assertComeBackLater(await served.post(CONTACT, stan.contactRequest()), me.root);
  assertEquals(served.told.contacts, []);
});

Deno.test("there is a rate for all addresses together", async () => {
  await using me = await testNode();
  await using served = await serve(me.node, { contactsPerMinuteInAll: 2 });
  for (let i = 0; i < 2; i++) assertEquals((await served.post(CONTACT, "{}")).status, 400);
  assertComeBackLater(await served.post(CONTACT, "{}"), me.root);
});

Deno.test("the rate of strangers does not hold peers' messages up", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await using served = await serve(me.node, { contactsPerMinute: 1 });
  await served.post(CONTACT, "{}");
  assertComeBackLater(await served.post(CONTACT, "{}"), me.root);
  for (let i = 0; i < 20; i++) {
    assertEquals((await served.post(MESSAGE, stan.message())).status, 200);
  }
});

Deno.test("a flood of refusals does not fill the audit log", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  await using served = await serve(me.node);
  const posts = Array.from({ length: 200 }, () => served.post(MESSAGE, stan.message()));
  for (const answer of await Promise.all(posts)) assertEquals(answer.status, 403);
  const { length: lines } = await auditEvents(me.root);
  // 60 a minute, beside the one line of the node's beginning; the minute may have changed meanwhile.
  assert(lines === 61 || lines === 121, `There are ${lines} lines`);
});
