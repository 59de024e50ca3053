import { assertEquals } from "@std/assert";
import { approveContact } from "../../../lib/mesh/decisions.ts";
import { createContactRequest, receiveContact } from "../../../lib/mesh/contacts.ts";
import { initIdentity } from "../../../lib/mesh/identity.ts";
import { createMessage } from "../../../lib/mesh/messages.ts";
import { type MeshNode, openMeshNode } from "../../../lib/mesh/node.ts";
import {
  meshOutbox,
  OUTBOX_PROTOCOL,
  readReceipt,
  requeueLost,
  storeOutgoing,
} from "../../../lib/mesh/outgoing.ts";
import { openMeshState } from "../../../lib/mesh/state.ts";
import { printJson } from "../../../lib/signing/json_print.ts";

// The states between the steps of sending, on a disk, as a crash leaves them.

/** A node that trusts the peer "stan", whose server counts what it is sent. */
async function withPeer(
  work: (node: MeshNode, received: string[]) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "mesh-outbox-" });
  const received: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { message_id } = await request.json();
    received.push(message_id);
    return Response.json({ ok: true, result: { verified: true, message_id } });
  });
  try {
    const nodes = [];
    for (const agentId of ["ann", "stan"]) {
      const endpoint = `http://127.0.0.1:${server.addr.port}`;
      await initIdentity(openMeshState(`${root}/${agentId}`), { agentId, endpoint });
      nodes.push(await openMeshNode(`${root}/${agentId}`));
    }
    const [ann, stan] = nodes as [MeshNode, MeshNode];
    const request = new TextEncoder().encode(printJson(createContactRequest(stan)));
    await approveContact(ann, (await receiveContact(ann, request)).request.request_id);
    await work(ann, received);
  } finally {
    await server.shutdown();
    await Deno.remove(root, { recursive: true });
  }
}

async function receiptOf(node: MeshNode, id: string): Promise<string | undefined> {
  const record = await node.state.messagesOut.get(id);
  return record && readReceipt(record)?.state;
}

Deno.test("killed after storing: the message is queued by the next start, once", async () => {
  await withPeer(async (node, received) => {
    const message = createMessage(node, "stan", "hello");
    const id = String(message.get("message_id"));
    await storeOutgoing(node, message, "queued");
    const outbox = meshOutbox(node);
    assertEquals(await requeueLost(node, outbox), [id]);
    assertEquals(await requeueLost(node, outbox), []);
    assertEquals((await outbox.attempt(id)).state, "accepted");
    assertEquals(await receiptOf(node, id), "accepted");
    assertEquals(received, [id]);
    assertEquals(await requeueLost(node, outbox), []);
  });
});

Deno.test("killed after the receipt: the message is not sent again", async () => {
  await withPeer(async (node, received) => {
    const message = createMessage(node, "stan", "hello");
    const id = String(message.get("message_id"));
    await storeOutgoing(node, message, "accepted");
    const outbox = meshOutbox(node);
    await outbox.add(id, OUTBOX_PROTOCOL, "stan");
    assertEquals((await outbox.attempt(id)).state, "accepted");
    assertEquals(received, []);
    assertEquals(await node.state.outbox.ids(), []);
  });
});

Deno.test("killed after the dead letter was written: one end, with a receipt that is true", async () => {
  await withPeer(async (node, received) => {
    const message = createMessage(node, "stan", "hello");
    const id = String(message.get("message_id"));
    await storeOutgoing(node, message, "queued");
    const outbox = meshOutbox(node);
    await outbox.add(id, OUTBOX_PROTOCOL, "stan");
    const entry = await node.state.outbox.get(id);
    if (entry) await node.state.failed.put(id, { ...entry, attempts: 10 });
    assertEquals(await requeueLost(node, outbox), []);
    assertEquals((await outbox.attempt(id)).state, "accepted");
    assertEquals(received, [id]);
    assertEquals(await node.state.failed.ids(), []);
    assertEquals(await receiptOf(node, id), "accepted");
  });
});

Deno.test("a dead letter that is tried again is queued, refused or accepted by its receipt", async () => {
  await withPeer(async (node) => {
    const message = createMessage(node, "stan", "hello");
    const id = String(message.get("message_id"));
    await storeOutgoing(node, message, "queued");
    const outbox = meshOutbox(node);
    const stan = await node.state.peers.get("stan");
    await node.state.peers.delete("stan");
    assertEquals((await outbox.send(id, OUTBOX_PROTOCOL, "stan")).state, "failed");
    assertEquals(await receiptOf(node, id), "failed");
    // Nothing listens on the discard port.
    if (stan) await node.state.peers.put("stan", { ...stan, endpoint: "http://127.0.0.1:9" });
    assertEquals((await outbox.retry(id)).state, "queued");
    assertEquals(await receiptOf(node, id), "queued");
    if (stan) await node.state.peers.put("stan", stan);
    assertEquals((await outbox.retry(id)).state, "accepted");
    assertEquals(await receiptOf(node, id), "accepted");
  });
});
