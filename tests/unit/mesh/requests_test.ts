import { assertEquals, assertMatch } from "@std/assert";
import { createContactRequest, listContacts } from "../../../lib/mesh/contacts.ts";
import {
  requestedFingerprints,
  requestId,
  sendContactRequest,
  storeContactRequest,
} from "../../../lib/mesh/requests.ts";
import { verifyPayload } from "../../../lib/signing/envelope.ts";
import { toPlain } from "../../../lib/signing/json_plain.ts";
import { serve } from "../server/served.ts";
import { codeFrom, testNode } from "./parties.ts";

Deno.test("a request is what the original makes", async () => {
  await using me = await testNode();
  const document = createContactRequest(me.node);
  assertEquals([...document.keys()], [
    "type",
    "request_id",
    "from",
    "timestamp",
    "purpose",
    "signature",
  ]);
  assertMatch(requestId(document), /^req_[0-9a-f]{32}$/);
  assertEquals(toPlain(document.get("from")!), me.node.identity.card);
  assertEquals(document.get("purpose"), "request trusted communication");
  assertEquals(verifyPayload(document, me.node.identity.publicKey), true);
});

Deno.test("a request that was taken is remembered with whom it went to", async () => {
  await using me = await testNode();
  await using you = await testNode({ agentId: "you" });
  await using served = await serve(you.node);
  const url = `http://127.0.0.1:${served.port}`;
  const { card } = you.node.identity;
  const { document } = await sendContactRequest(me.node, `${url}/`, { card, purpose: "hello" });
  const [contact] = await listContacts(you.node);
  assertEquals(contact?.document, document);
  const stored = await me.node.state.requestsOut.get(requestId(document));
  assertEquals(toPlain(stored!.get("sent")!), {
    url,
    at: "2026-03-12T18:05:00.000Z",
    agent_id: "you",
    fingerprint: card.fingerprint,
  });
  assertEquals(await requestedFingerprints(me.node), new Set([card.fingerprint]));
});

Deno.test("a request that is not taken is an error, and stays on record", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  // Nobody takes a request from itself.
  assertEquals(
    await codeFrom(sendContactRequest(me.node, `http://127.0.0.1:${served.port}`)),
    "refused",
  );
  assertEquals((await me.node.state.requestsOut.ids()).length, 1);
  assertEquals(await requestedFingerprints(me.node), new Set());
});

Deno.test("a request to nobody is an error of its own", async () => {
  await using me = await testNode();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertEquals(
    await codeFrom(sendContactRequest(me.node, `http://127.0.0.1:${port}`)),
    "unavailable",
  );
  assertEquals(await codeFrom(sendContactRequest(me.node, "nowhere")), "malformed");
  assertEquals((await me.node.state.requestsOut.ids()).length, 1);
});

Deno.test("a request to be carried by hand is stored as it is printed", async () => {
  await using me = await testNode();
  const document = await storeContactRequest(me.node, "by hand");
  assertEquals(await me.node.state.requestsOut.get(requestId(document)), document);
});
