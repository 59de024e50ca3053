import { assert, assertEquals } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { readInbox } from "../../../lib/mesh/inbox.ts";
import { createMessage } from "../../../lib/mesh/messages.ts";
import { meshOutbox, sendMessage, storeOutgoing } from "../../../lib/mesh/outgoing.ts";
import type { MeshNode } from "../../../lib/mesh/node.ts";
import { sendContactRequest } from "../../../lib/mesh/requests.ts";
import { approveContact } from "../../../lib/mesh/decisions.ts";
import { listRunning } from "../../../lib/run/run_file.ts";
import { type DaemonEvent, startDaemon } from "../../../server/daemon.ts";
import { clashHint } from "../../../server/port_clash.ts";
import { codeFrom, Stranger, testNode, trust } from "../mesh/parties.ts";
import { CONTACT } from "./served.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

/** A daemon that keeps what it tells, and lets a test wait for it. */
async function daemonOf(node: MeshNode) {
  const events: DaemonEvent[] = [];
  const daemon = await startDaemon(node, { ...LOOPBACK, onEvent: (event) => events.push(event) });
  return {
    port: daemon.port,
    url: `http://127.0.0.1:${daemon.port}`,
    events,
    kinds: () => events.map(({ kind }) => kind),
    async until(kind: DaemonEvent["kind"]) {
      for (let i = 0; i < 500 && !events.some((event) => event.kind === kind); i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert(events.some((event) => event.kind === kind), `${kind} is not in ${this.kinds()}`);
    },
    stop: () => daemon.stop(1000),
    [Symbol.asyncDispose]: () => daemon.stop(1000),
  };
}

Deno.test("a daemon tells what comes in, is listed while it runs, and leaves nothing behind", async () => {
  await using me = await testNode();
  await using you = await testNode({ agentId: "you" });
  const daemon = await daemonOf(me.node);
  assertEquals((await listRunning(me.root)).map(({ port }) => port), [daemon.port]);
  const { document } = await sendContactRequest(you.node, daemon.url);
  await approveContact(me.node, "you");
  await you.node.state.peers.put("me", { ...me.node.identity.card, endpoint: daemon.url });
  const message = createMessage(you.node, "me", "hello");
  await sendMessage(you.node, meshOutbox(you.node), message);
  assertEquals(daemon.events, [
    {
      kind: "contact",
      from: you.node.identity.card,
      request_id: String(document.get("request_id")),
    },
    { kind: "message", from: "you", message_id: String(message.get("message_id")) },
  ]);
  await daemon.stop();
  assertEquals(await listRunning(me.root), []);
  assertEquals(await codeFrom(sendContactRequest(you.node, daemon.url)), "unavailable");
});

Deno.test("a message that a crash left without its entry is delivered at the next start", async () => {
  await using me = await testNode();
  await using you = await testNode({ agentId: "you" });
  const { card } = me.node.identity;
  await you.node.state.peers.put("me", card);
  await using yours = await daemonOf(you.node);
  await me.node.state.peers.put("you", { ...you.node.identity.card, endpoint: yours.url });
  const message = createMessage(me.node, "you", "hello");
  await storeOutgoing(me.node, message, "queued");

  await using mine = await daemonOf(me.node);
  await mine.until("delivered");
  assertEquals(mine.kinds(), ["requeued", "delivered"]);
  assertEquals((await readInbox(you.node.state)).length, 1);
});

Deno.test("what waits for a peer is sent when the peer is heard from", async () => {
  await using me = await testNode();
  await using you = await testNode({ agentId: "you" });
  await you.node.state.peers.put("me", me.node.identity.card);
  // Where nobody listens: the first attempt fails.
  await me.node.state.peers.put("you", {
    ...you.node.identity.card,
    endpoint: "http://127.0.0.1:9",
  });
  await using mine = await daemonOf(await me.again({ now: () => new Date() }));
  const now = () => new Date();
  const message = createMessage({ ...me.node, now }, "you", "hello");
  await sendMessage({ ...me.node, now }, meshOutbox({ ...me.node, now }), message);
  // Not due for an hour.
  const [id] = await me.node.state.outbox.ids();
  const later = new Date(Date.now() + 3_600_000).toISOString();
  await me.node.state.outbox.update(id!, (entry) => entry && { ...entry, next_attempt_at: later });
  await using yours = await daemonOf(await you.again({ now }));
  await me.node.state.peers.put("you", { ...you.node.identity.card, endpoint: yours.url });
  // The worker has to have seen that something waits.
  await new Promise((resolve) => setTimeout(resolve, 300));

  await you.node.state.peers.put("me", { ...me.node.identity.card, endpoint: mine.url });
  const yoursNow = { ...you.node, now };
  await sendMessage(yoursNow, meshOutbox(yoursNow), createMessage(yoursNow, "me", "I am up"));
  await mine.until("delivered");
});

Deno.test("two daemons may serve one root", async () => {
  await using me = await testNode();
  await using one = await daemonOf(me.node);
  await using two = await daemonOf(await me.again());
  const ports = (await listRunning(me.root)).map(({ port }) => port);
  assertEquals(ports.sort(), [one.port, two.port].sort());
});

Deno.test("a taken port is an error that says whose it is", async () => {
  await using me = await testNode();
  await using daemon = await daemonOf(me.node);
  await using other = await testNode();
  const start = startDaemon(other.node, { ...LOOPBACK, port: daemon.port });
  assertEquals(await codeFrom(start), "port_in_use");
  assertEquals(await listRunning(other.root), []);
  assertEquals(
    await clashHint(daemon.port),
    `the mesh node "me" has it; take another port: mesh serve --port ${daemon.port + 1}`,
  );
  assert((await clashHint(18_789)).startsWith("OpenClaw uses this range"));
});

Deno.test("a daemon that cannot start gives its port back", async () => {
  await using me = await testNode();
  await Deno.writeTextFile(`${me.root}/run`, "in the way");
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  let failure: unknown;
  await startDaemon(me.node, { ...LOOPBACK, port }).catch((error) => failure = error);
  assert(failure instanceof Error);
  await Deno.remove(`${me.root}/run`);
  const daemon = await startDaemon(me.node, { ...LOOPBACK, port });
  await daemon.stop(1000);
});

Deno.test("a fault of this machine is told to its owner", async () => {
  await using me = await testNode();
  await using daemon = await daemonOf(me.node);
  const stan = await Stranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  await Deno.remove(`${me.root}/requests`, { recursive: true });
  await Deno.writeTextFile(`${me.root}/requests`, "in the way");
  const anna = await Stranger.named("anna", { clock: me.clock });
  const body = JSON.stringify(anna.contactRequest());
  const response = await fetch(`${daemon.url}${CONTACT}`, { method: "POST", body });
  assertEquals([response.status, (await response.json()).error], [500, "io"]);
  await daemon.until("fault");
  const [fault] = daemon.events;
  assert(fault?.kind === "fault" && fault.error instanceof MeshError);
});
