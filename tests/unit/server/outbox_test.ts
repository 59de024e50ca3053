import { assertEquals, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { createMessage } from "../../../lib/mesh/messages.ts";
import { openMeshNode } from "../../../lib/mesh/node.ts";
import { OUTBOX_PROTOCOL, storeOutgoing } from "../../../lib/mesh/outgoing.ts";
import { OGP_PROTOCOL } from "../../../lib/ogp/outgoing.ts";
import { peerName } from "../../../lib/ogp/state.ts";
import { rootOutbox } from "../../../server/outbox.ts";
import { befriend, stranger, testGateway } from "../ogp/gateways.ts";

const ALL = ["mesh", "ogp", "ogp-reply", "ogp-approve", "ogp-removed", "ogp-identity"];

Deno.test("an outbox sends for the protocols that could be opened, and leaves the others alone", async () => {
  await using gateway = await testGateway();
  const mesh = await openMeshNode(gateway.root);
  const ogp = gateway.node;
  const carried = (nodes: Parameters<typeof rootOutbox>[0]) => {
    const outbox = rootOutbox(nodes);
    return ALL.filter((protocol) => outbox.carries({ protocol }));
  };
  assertEquals(carried({ mesh, ogp }), ALL);
  assertEquals(carried({ mesh }), ["mesh"]);
  assertEquals(carried({ ogp }), ALL.slice(1));
  assertThrows(() => rootOutbox({}), MeshError, "no node");
});

Deno.test("entries of both protocols lie in one outbox, and each goes its own way", async () => {
  await using gateway = await testGateway();
  const mesh = await openMeshNode(gateway.root);
  const outbox = rootOutbox({ mesh, ogp: gateway.node });
  const stan = stranger();
  await befriend(gateway, stan);
  await outbox.add("lost", OGP_PROTOCOL, peerName(stan.publicKey));
  const message = createMessage(mesh, "bert", "hello");
  const id = String(message.get("message_id"));
  await storeOutgoing(mesh, message, "queued");
  await outbox.add(id, OUTBOX_PROTOCOL, "bert");

  const reasons = await Promise.all(["lost", id].map(async (id) => {
    const attempt = await outbox.attempt(id);
    return "entry" in attempt ? [attempt.state, attempt.entry.last_error?.reason] : [attempt.state];
  }));
  assertEquals(reasons[1], ["failed", '"bert" is not trusted here any more']);
  assertEquals(reasons[0]?.[0], "failed");
  assertEquals((await outbox.failed.ids()).sort(), [id, "lost"].sort());
});

Deno.test("what another process speaks is not touched by one that does not", async () => {
  await using gateway = await testGateway();
  const mesh = await openMeshNode(gateway.root);
  const outbox = rootOutbox({ mesh });
  await outbox.add("nonce", OGP_PROTOCOL, "00".repeat(32));
  assertEquals(await outbox.attempt("nonce"), { state: "busy" });
  assertEquals(await outbox.entries.ids(), ["nonce"]);
});
