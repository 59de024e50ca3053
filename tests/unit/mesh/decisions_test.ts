import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { listContacts, receiveContact } from "../../../lib/mesh/contacts.ts";
import {
  approveContact,
  findContact,
  rejectContact,
  removePeer,
} from "../../../lib/mesh/decisions.ts";
import type { MeshNode } from "../../../lib/mesh/node.ts";
import { receiveMessage } from "../../../lib/mesh/messages.ts";
import { auditEvents, bytesOf, codeFrom, forged, Stranger, testNode, trust } from "./parties.ts";

/** Has a stranger ask; returns the request's id. */
async function ask(
  node: MeshNode,
  stranger: Stranger,
  changes: Record<string, unknown> = {},
): Promise<string> {
  const document = stranger.contactRequest(changes);
  await receiveContact(node, bytesOf(document));
  return String(document.get("request_id"));
}

Deno.test("an approved request makes a peer, as the original lays it out", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const request_id = await ask(me.node, stan);
  const peer = await approveContact(me.node, request_id);
  assertEquals(peer, {
    ...stan.card,
    trusted_at: "2026-03-12T18:05:00Z",
    source_request_id: request_id,
  });
  const text = await Deno.readTextFile(`${me.root}/peers/stan.json`);
  assertEquals(text, JSON.stringify(peer, null, 2) + "\n");
  const [contact] = await listContacts(me.node);
  assertEquals(contact?.peer, peer);
  const approved = (await auditEvents(me.root)).find(({ event }) => event === "contact.approved");
  assertEquals([approved?.agent_id, approved?.fingerprint, approved?.request_id], [
    "stan",
    stan.card.fingerprint,
    request_id,
  ]);
});

Deno.test("a request is found by its id, the beginning of one, its agent or its fingerprint", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const anna = await Stranger.named("anna");
  await ask(me.node, stan, { request_id: "req_abc1" });
  await ask(me.node, anna, { request_id: "req_abd2" });
  const found = async (selector: string) =>
    (await findContact(me.node, selector)).request.from.agent_id;
  for (const selector of ["req_abc1", "req_abc", "stan", stan.card.fingerprint]) {
    assertEquals([selector, await found(selector)], [selector, "stan"]);
  }
  for (const selector of ["req_ab", "req_", "r"]) {
    const error = await assertRejects(() => findContact(me.node, selector), MeshError);
    assertEquals(error.code, "ambiguous");
    assertStringIncludes(error.message, "req_abc1");
    assertStringIncludes(error.message, "req_abd2");
  }
  for (
    const selector of ["", "req_x", "sta", "STAN", "eq_abc1", "../peers/stan", "x".repeat(999)]
  ) {
    assertEquals([selector, await codeFrom(findContact(me.node, selector))], [
      selector,
      "not_found",
    ]);
  }
});

Deno.test("the newest request of an agent that asked more than once is meant", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  await ask(me.node, stan.as({ endpoint: "http://10.0.0.1:1" }), { request_id: "req_z" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await ask(me.node, stan.as({ endpoint: "http://10.0.0.2:1" }), { request_id: "req_a" });
  assertEquals((await findContact(me.node, "stan")).request.request_id, "req_a");
  assertEquals((await findContact(me.node, "req_z")).request.request_id, "req_z");
});

Deno.test("two keys under one agent id are nobody's choice but the owner's", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const mallory = await Stranger.named("stan");
  await ask(me.node, stan, { request_id: "req_1" });
  await ask(me.node, mallory, { request_id: "req_2" });
  assertEquals(await codeFrom(approveContact(me.node, "stan")), "ambiguous");
  assertEquals((await approveContact(me.node, "req_1")).fingerprint, stan.card.fingerprint);
  assertEquals(await codeFrom(approveContact(me.node, "req_2")), "key_changed");
  assertEquals((await me.node.state.peers.get("stan"))?.fingerprint, stan.card.fingerprint);
});

Deno.test("a request cannot be named so that it is taken for another's agent", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const mallory = await Stranger.named("mallory");
  await ask(me.node, stan, { request_id: "req_1" });
  await ask(me.node, mallory, { request_id: "stan" });
  assertEquals(await codeFrom(approveContact(me.node, "stan")), "ambiguous");
  assertEquals((await approveContact(me.node, "req_1")).agent_id, "stan");
});

Deno.test("of two requests with one id each can be named", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const anna = await Stranger.named("anna");
  await ask(me.node, stan, { request_id: "req_1" });
  await ask(me.node, anna, { request_id: "req_1" });
  for (const { recordId, request } of await listContacts(me.node)) {
    const peer = await approveContact(me.node, recordId);
    assertEquals(peer.agent_id, request.from.agent_id);
  }
  assertEquals(await me.node.state.peers.ids(), ["anna", "stan"]);
});

Deno.test("a key is trusted under one id only", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  await trust(me.node, stan);
  const id = await ask(me.node, stan.as({ agent_id: "other" }));
  const error = await assertRejects(() => approveContact(me.node, id), MeshError);
  assertEquals([error.code, error.hint], ["exists", "mesh peers remove stan"]);
  assertEquals(await me.node.state.peers.ids(), ["stan"]);
});

Deno.test("a request that another program stored unchecked is checked before it is approved", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const mallory = await Stranger.named("mallory");
  const from = stan.card;
  const unsound = {
    bad_signature: forged(stan.contactRequest(), { from: { ...from, endpoint: "http://x" } }),
    bad_fingerprint: stan.as({ fingerprint: mallory.card.fingerprint }).contactRequest(),
    bad_key: stan.as({ public_key: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n" })
      .contactRequest(),
  };
  for (const [code, document] of Object.entries(unsound)) {
    await me.node.state.requestsIn.put(code, document);
    assertEquals(await codeFrom(approveContact(me.node, code)), code);
  }
  assertEquals(await me.node.state.peers.ids(), []);
});

Deno.test("a peer that another program wrote, with null fields and keys of its own, is a peer", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { endpoint: "" });
  const theirs = { ...stan.card, display_name: null, endpoint: null, note: { a: 1 } };
  await Deno.mkdir(`${me.root}/peers`);
  await Deno.writeTextFile(`${me.root}/peers/stan.json`, JSON.stringify(theirs));
  assertEquals((await receiveMessage(me.node, bytesOf(stan.message()))).state, "new");
  // What it asks is what it has already.
  const document = stan.contactRequest();
  assertEquals((await receiveContact(me.node, bytesOf(document))).state, "trusted");
  await me.node.state.requestsIn.put("req_1", document);
  assert((await listContacts(me.node))[0]?.peer);
  assertEquals(await codeFrom(rejectContact(me.node, "req_1")), "exists");

  const moved = stan.as({ endpoint: "http://10.0.0.2:8787" });
  const peer = await approveContact(me.node, await ask(me.node, moved));
  assertEquals([peer.endpoint, (peer as unknown as { note: unknown }).note], [
    "http://10.0.0.2:8787",
    { a: 1 },
  ]);
});

Deno.test("a peer with a key of another kind does not keep others from being approved", async () => {
  await using me = await testNode();
  const alien = await Stranger.named("alien");
  await me.node.state.peers.put("alien", { ...alien.card, public_key: "an RSA key" });
  assertEquals((await trust(me.node, await Stranger.named("stan"))).agent_id, "stan");
  await me.node.state.requestsIn.put("req_1", alien.contactRequest());
  assertEquals(await codeFrom(approveContact(me.node, "req_1")), "key_changed");
});

Deno.test("a peer's record that cannot be understood is not written over", async () => {
  await using me = await testNode();
  const id = await ask(me.node, await Stranger.named("stan"));
  const path = `${me.root}/peers/stan.json`;
  await Deno.mkdir(`${me.root}/peers`);
  await Deno.writeTextFile(path, '{"agent_id":"stan"}');
  assertEquals(await codeFrom(approveContact(me.node, id)), "damaged");
  assertEquals(await Deno.readTextFile(path), '{"agent_id":"stan"}');
  const events = (await auditEvents(me.root)).map(({ event }) => event);
  assertEquals(events.includes("contact.approved"), false);
});

Deno.test("the owner's own endpoint counts, and settles the request", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { endpoint: "http://10.0.0.1:8787" });
  const id = await ask(me.node, stan);
  const peer = await approveContact(me.node, id, { endpoint: "http://stan.example:80" });
  assertEquals(peer.endpoint, "http://stan.example:80");
  assertEquals((await listContacts(me.node))[0]?.peer?.agent_id, "stan");
  assertEquals(await codeFrom(rejectContact(me.node, id)), "exists");
  for (const endpoint of ["ftp://x", "http://0.0.0.0:1", "http://169.254.169.254", "nowhere"]) {
    assertEquals(await codeFrom(approveContact(me.node, id, { endpoint })), "malformed");
  }
});

Deno.test("approving a newer request settles the older ones of the same key", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  for (const n of [1, 2, 3]) {
    await ask(me.node, stan.as({ endpoint: `http://10.0.0.${n}:1` }), { request_id: `req_${n}` });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const anna = await Stranger.named("anna");
  await ask(me.node, anna, { request_id: "req_anna" });
  await approveContact(me.node, "req_2");
  const contacts = await listContacts(me.node);
  // The one that came later waits for the owner.
  assertEquals(contacts.map(({ recordId, peer }) => [recordId, peer !== undefined]), [
    ["req_2", true],
    ["req_3", false],
    ["req_anna", false],
  ]);
});

Deno.test("approving again keeps what is known about the peer", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  const id = await ask(me.node, stan);
  await approveContact(me.node, id);
  await me.node.state.peers.update(
    "stan",
    (peer) => peer && { ...peer, verified_at: "2026-03-12T18:06:00Z" },
  );
  assertEquals((await approveContact(me.node, id)).verified_at, "2026-03-12T18:06:00Z");
});

Deno.test("a rejected request is gone, and nobody is trusted", async () => {
  await using me = await testNode();
  const id = await ask(me.node, await Stranger.named("stan"));
  assertEquals((await rejectContact(me.node, id)).request.request_id, id);
  assertEquals(await listContacts(me.node), []);
  assertEquals(await me.node.state.peers.ids(), []);
  for (const decide of [approveContact, rejectContact]) {
    assertEquals(await codeFrom(decide(me.node, id)), "not_found");
  }
});

Deno.test("a decision that cannot be written down does not take effect", async () => {
  await using me = await testNode();
  const id = await ask(me.node, await Stranger.named("stan"));
  await Deno.remove(`${me.root}/audit`, { recursive: true });
  await Deno.writeTextFile(`${me.root}/audit`, "in the way");
  for (const decide of [approveContact, rejectContact]) {
    assertEquals(await codeFrom(decide(me.node, id)), "io");
  }
  assertEquals(await me.node.state.peers.ids(), []);
  assertEquals((await listContacts(me.node)).length, 1);
});

Deno.test("a removed peer's requests are forgotten, others' stay", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan");
  await trust(me.node, stan);
  await ask(me.node, stan.as({ endpoint: "http://10.0.0.2:1" }));
  await ask(me.node, await Stranger.named("anna"));
  assertEquals((await removePeer(me.node, "stan")).agent_id, "stan");
  const contacts = await listContacts(me.node);
  assertEquals(contacts.map(({ request }) => request.from.agent_id), ["anna"]);
  assertEquals(await codeFrom(removePeer(me.node, "stan")), "not_found");
  assertEquals((await auditEvents(me.root)).at(-1)?.event, "peer.removed");
});

Deno.test("approving and rejecting at once, from two nodes on one root: one of them wins", async () => {
  await using me = await testNode();
  const other = await me.again();
  for (let round = 0; round < 10; round++) {
    const stan = await Stranger.named(`stan${round}`);
    const id = await ask(me.node, stan);
    const work = [() => approveContact(me.node, id), () => rejectContact(other, id)];
    if (round % 2) work.reverse();
    const results = await Promise.allSettled(work.map((decide) => decide()));
    const approved = await me.node.state.peers.has(stan.card.agent_id);
    const listed = (await listContacts(me.node)).some(({ request }) => request.request_id === id);
    assertEquals(listed, approved);
    assertEquals(results.filter(({ status }) => status === "fulfilled").length, 1);
    const [lost] = results.filter((result) => result.status === "rejected");
    assertEquals(lost?.reason.code, approved ? "exists" : "not_found");
  }
});
