import { assert, assertEquals, assertMatch } from "@std/assert";
import { openMeshNode } from "../../../lib/mesh/node.ts";
import { approveFederation } from "../../../lib/ogp/approvals_out.ts";
import { ogpConfig } from "../../../lib/ogp/config.ts";
import { announceIdentity } from "../../../lib/ogp/identity_update.ts";
import { openOgpNode } from "../../../lib/ogp/node.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { findApproved } from "../../../lib/ogp/peers.ts";
import { removeFederation } from "../../../lib/ogp/removal.ts";
import { requestFederation } from "../../../lib/ogp/requests_out.ts";
import { GATEWAY, listRunning } from "../../../lib/run/run_file.ts";
import { type DaemonEvent, startDaemon } from "../../../server/daemon.ts";
import { startGateway } from "../../../server/gateway.ts";
import { rootOutbox } from "../../../server/outbox.ts";
import { clashHint, explainClash } from "../../../server/port_clash.ts";
import { fromPlain } from "../../../lib/signing/json_plain.ts";
import { codeFrom } from "../mesh/parties.ts";
import { testGateway } from "../ogp/gateways.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

/** What a daemon told, and a way to wait for more. */
class Told {
  readonly events: DaemonEvent[] = [];

  readonly tell = (event: DaemonEvent): void => void this.events.push(event);

  get kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  async until<K extends DaemonEvent["kind"]>(kind: K): Promise<DaemonEvent & { kind: K }> {
    for (let i = 0; i < 800; i++) {
      const found = this.events.find((event) => event.kind === kind);
      if (found) return found as DaemonEvent & { kind: K };
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`"${kind}" is not in ${this.kinds}`);
  }
}

/** A gateway of now whose URL is where its daemon listens. */
async function served(displayName: string) {
  const gateway = await testGateway({ displayName });
  const told = new Told();
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  await ogpConfig(gateway.node.state.store).change({ gatewayUrl: url, displayName });
  const open = () => openOgpNode(gateway.root);
  const node = await open();
  const daemon = await startGateway(node, { ...LOOPBACK, port, onEvent: told.tell });
  return {
    gateway,
    node,
    open,
    url,
    told,
    daemon,
    outbox: rootOutbox({ ogp: node }),
    async [Symbol.asyncDispose]() {
      await daemon.stop(1000);
      node[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a gateway's daemon tells the life of a federation, and is listed while it runs", async () => {
  await using anna = await served("Anna");
  await using bert = await served("Bert");
  const [running] = await listRunning(anna.gateway.root);
  assertEquals([running?.name, running?.port], [GATEWAY, anna.daemon.port]);
  assertEquals(running, anna.daemon.running);

  await requestFederation(anna.node, bert.url);
  const request = await bert.told.until("ogp-request");
  assertEquals([request.from.name, request.gatewayUrl], ["Anna", anna.url]);
  await approveFederation(bert.node, bert.outbox, "Anna");
  const approval = await anna.told.until("ogp-approval");
  assertEquals([approval.from?.name, approval.effect], ["Bert", "approved"]);

  const peer = await findApproved(anna.node.state, "Bert");
  const payload = { topic: "news", message: "hi", priority: "normal" };
  const { nonce } = await sendOgpMessage(anna.node, anna.outbox, peer, {
    intent: "agent-comms",
    payload,
  });
  const message = await bert.told.until("ogp-message");
  assertEquals([message.from.name, message.intent, message.topic, message.nonce], [
    "Anna",
    "agent-comms",
    "news",
    nonce,
  ]);

  await removeFederation(bert.node, bert.outbox, "Anna");
  const removal = await anna.told.until("ogp-removal");
  assertEquals(removal.from.name, "Bert");
  assert(!anna.told.kinds.includes("fault") && !bert.told.kinds.includes("fault"));
});

Deno.test("what a daemon tells peers of us is what is configured now, not when it started", async () => {
  await using anna = await served("Anna");
  await using bert = await served("Bert");
  await requestFederation(anna.node, bert.url);
  await approveFederation(bert.node, bert.outbox, "Anna");
  await anna.told.until("ogp-approval");
  await ogpConfig(anna.node.state.store).change({ displayName: "Anna Two" });
  using changed = await anna.open();
  assertEquals(await announceIdentity(changed, rootOutbox({ ogp: changed })), 1);
  // The daemon, which still thinks of itself as Anna, delivers it.
  for (let i = 0; i < 800; i++) {
    const [peer] = (await bert.node.state.peers.list()).entries;
    if (peer?.value.displayName === "Anna Two") break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const [peer] = (await bert.node.state.peers.list()).entries;
  assertEquals(peer?.value.displayName, "Anna Two");
  const told = await anna.told.until("delivered");
  assertMatch(String(told.protocol), /^ogp-/);
  assertEquals(told.to, "Bert");
});

Deno.test("a message that a crash left without its entry goes out at the next start", async () => {
  await using anna = await served("Anna");
  await using bert = await served("Bert");
  await requestFederation(anna.node, bert.url);
  await approveFederation(bert.node, bert.outbox, "Anna");
  // She grants back by herself.
  await anna.told.until("delivered");
  await anna.daemon.stop(1000);
  const peer = await findApproved(anna.node.state, "Bert");
  const content = { intent: "message", payload: { text: "hi" } };
  const { nonce } = await sendOgpMessage(anna.node, anna.outbox, peer, content);
  // As if the process had died before the entry was written, and the peer had not answered.
  const receipt = { state: "queued", at: new Date().toISOString() };
  const { messagesOut } = anna.node.state;
  await messagesOut.update(nonce, (record) => record?.set("receipt", fromPlain(receipt)));
  const told = new Told();
  const again = await startGateway(anna.node, { ...LOOPBACK, onEvent: told.tell });
  try {
    const requeued = await told.until("requeued");
    assertEquals([requeued.message_id, requeued.protocol], [nonce, "ogp"]);
    const delivered = await told.until("delivered");
    assertEquals([delivered.message_id, delivered.to], [nonce, "Bert"]);
    const { length } = bert.told.events.filter(({ kind }) => kind === "ogp-message");
    assertEquals(length, 1);
  } finally {
    await again.stop(1000);
  }
});

Deno.test("mesh serve serves OGP on its port where the owner wants that, and only there", async () => {
  for (const onMeshPort of [true, false]) {
    await using gateway = await testGateway({ config: { onMeshPort } });
    using ogp = await openOgpNode(gateway.root);
    const daemon = await startDaemon(await openMeshNode(gateway.root), { ...LOOPBACK, ogp });
    try {
      const ask = async (path: string) => {
        const response = await fetch(`http://127.0.0.1:${daemon.port}${path}`);
        return [response.status, await response.json()];
      };
      assertEquals((await ask("/agent-mesh/discovery"))[0], 200);
      const [status, card] = await ask("/.well-known/ogp");
      assertEquals(status, onMeshPort ? 200 : 404);
      if (onMeshPort) assertEquals(card.publicKey, ogp.privateKey.publicKey.der);
      assertEquals((await ask("/federation/ping"))[0], onMeshPort ? 200 : 404);
      const [unknown, refusal] = await ask("/federation/nothing");
      assertEquals([unknown, refusal.ok ?? refusal.success], [404, false]);
      const post = await fetch(`http://127.0.0.1:${daemon.port}/federation/message`, {
        method: "POST",
        body: "{",
      });
      assertEquals(post.status, onMeshPort ? 400 : 404);
      await post.body?.cancel();
    } finally {
      await daemon.stop(1000);
    }
  }
});

Deno.test("mesh serve delivers what waits for gateways", async () => {
  await using anna = await served("Anna");
  await using bert = await served("Bert");
  await requestFederation(anna.node, bert.url);
  await approveFederation(bert.node, bert.outbox, "Anna");
  // She grants back by herself.
  await anna.told.until("delivered");
  await anna.daemon.stop(1000);
  await bert.daemon.stop(1000);
  const peer = await findApproved(anna.node.state, "Bert");
  const { nonce, attempt } = await sendOgpMessage(anna.node, anna.outbox, peer, {
    intent: "message",
    payload: { text: "hi" },
  });
  assertEquals(attempt.state, "queued");
  await anna.node.state.outbox.update(
    nonce,
    (entry) => entry && { ...entry, next_attempt_at: new Date().toISOString() },
  );
  const port = Number(new URL(bert.url).port);
  const again = await startGateway(bert.node, { ...LOOPBACK, port });
  const told = new Told();
  const serve = await startDaemon(await openMeshNode(anna.gateway.root), {
    ...LOOPBACK,
    ogp: anna.node,
    onEvent: told.tell,
  });
  try {
    assertEquals(await told.until("delivered"), {
      kind: "delivered",
      to: "Bert",
      message_id: nonce,
      protocol: "ogp",
    });
  } finally {
    await serve.stop(1000);
    await again.stop(1000);
  }
});

Deno.test("a taken port is explained by who has it", async () => {
  await using anna = await served("Anna");
  await using other = await testGateway();
  const { port } = anna.daemon;
  const start = startGateway(other.node, { ...LOOPBACK, port });
  assertEquals(await codeFrom(start), "port_in_use");
  assertEquals(await listRunning(other.root), []);
  const command = "mesh ogp start";
  const hint = async (root: string) => {
    const error = await startGateway(other.node, { ...LOOPBACK, port }).catch((error) => error);
    return (await explainClash(error, { port, command, root }) as { hint: string }).hint;
  };
  assertEquals(
    await hint(other.root),
    `the OGP gateway "Anna" has it; take another port: mesh ogp start --port ${port + 1}`,
  );
  assertEquals(
    await hint(anna.gateway.root),
    `this node's own daemon has it (process ${Deno.pid}): mesh ogp stop`,
  );
  assertMatch(await clashHint(18_850, command), /^OpenClaw uses this range .* --port 18890$/);
  // What has no flag for it is told where it is configured.
  assertMatch(
    await clashHint(9, "mesh up", "mesh config set mesh.port"),
    /: mesh config set mesh.port 10$/,
  );
  const fault = new Error("something else");
  assertEquals(await explainClash(fault, { port, command, root: other.root }), fault);
});

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}
