import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { createMessage } from "../../lib/mesh/messages.ts";
import type { MeshNode } from "../../lib/mesh/node.ts";
import { meshOutbox, OUTBOX_PROTOCOL, storeOutgoing } from "../../lib/mesh/outgoing.ts";
import { postJson } from "../../lib/net/post.ts";
import type { JsonObject } from "../../lib/signing/json.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { eventually, pause } from "./eventually.ts";
import { accepting, FakePeer } from "./fake_peer.ts";
import { friends, TestNode, trust } from "./node.ts";

Deno.test("a daemon that is killed while messages stream in has all that it acknowledged", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  const sender = await ann.open();
  const url = new URL(`${bob.endpoint}/agent-mesh/message`);
  const acknowledged = new Set<string>();
  const lost = new Map<string, string>();

  async function stream(stop: { now: boolean }): Promise<void> {
    while (!stop.now) {
      const message = createMessage(sender, "bob", "x".repeat(Math.random() * 2_000));
      const id = String(message.get("message_id"));
      const text = printJson(message);
      lost.set(id, text);
      const { status } = await postJson(url, text).catch(() => ({ status: 0 }));
      if (status !== 200) return;
      acknowledged.add(id);
      lost.delete(id);
    }
  }

  for (let round = 0; round < 6; round++) {
    await using daemon = await bob.serve();
    const before = acknowledged.size;
    const stop = { now: false };
    const streams = Array.from({ length: 8 }, () => stream(stop));
    await eventually("some traffic", () => acknowledged.size > before + 10);
    await pause(Math.random() * 60);
    await daemon.stop("SIGKILL");
    stop.now = true;
    await Promise.all(streams);
    for (const id of acknowledged) await assertWhole(bob, id);
  }
  assert(lost.size > 0, "No kill met a message under way");

  await using _daemon = await bob.serve();
  assertEquals(await leftovers(bob), []);
  for (const text of lost.values()) assertEquals((await postJson(url, text)).status, 200);
  const ids: string[] = (await bob.json(["list-messages"]))
    .map(({ message_id }: { message_id: string }) => message_id);
  assertEquals(ids.sort(), [...acknowledged, ...lost.keys()].sort());
});

Deno.test("what a killed command has stored as queued is delivered by the next daemon, once", async () => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await trust(ann, bob);
  const said = ["send-message", "--to", "bob", "--send", "--text", "hello"];
  const started = performance.now();
  await ann.run(said, { code: 8 });
  let whole = performance.now() - started;

  async function killSome(): Promise<void> {
    for (let round = 0; round < 10; round++) {
      await using run = ann.start(said);
      await pause(whole * (0.6 + 0.6 * Math.random()));
      run.kill("SIGKILL");
      // The kills stay around the last steps, however busy the machine is.
      whole *= (await run.end()).code === 8 ? 0.95 : 1.08;
    }
  }
  await Promise.all([killSome(), killSome(), killSome()]);

  const queued = await receipts(ann);
  assert(queued.size > 3, `Only ${queued.size} messages were stored`);
  for (const state of queued.values()) assertEquals(state, "queued");
  await using peer = new FakePeer(bob);
  await makeAllDue(ann);
  await using _daemon = await ann.serve();
  await eventually("all receipts", async () => allAccepted(await receipts(ann)), 20_000);
  await eventually("an empty queue", async () => (await ann.json(["queue", "list"])).length === 0);
  assertEquals(peer.messageIds.sort(), [...queued.keys()].sort());
  assertEquals(await leftovers(ann), []);
});

Deno.test("a daemon that is killed while it delivers loses nothing", async () => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await trust(ann, bob);
  const node = await ann.open();
  const ids = [];
  for (let i = 0; i < 40; i++) {
    const message = createMessage(node, "bob", `message ${i}`);
    ids.push(String(message.get("message_id")));
    await queue(node, message);
  }
  await using peer = new FakePeer(bob, async (call) => {
    await pause(10);
    return accepting(call);
  });
  const kills = 4;
  for (let kill = 0; kill < kills; kill++) {
    await using daemon = await ann.serve();
    const before = peer.received.length;
    await eventually("deliveries", () => peer.received.length > before + 3);
    await pause(Math.random() * 40);
    await daemon.stop("SIGKILL");
  }
  await using _daemon = await ann.serve();
  await eventually("all receipts", async () => allAccepted(await receipts(ann)), 20_000);
  assertEquals([...new Set(peer.messageIds)].sort(), ids.sort());
  // One at a time goes to a peer, so a kill can repeat one; the peer knows it by its id.
  assertLessOrEqual(peer.messageIds.length - ids.length, kills);
});

async function queue(node: MeshNode, message: JsonObject): Promise<void> {
  await storeOutgoing(node, message, "queued");
  await meshOutbox(node).add(String(message.get("message_id")), OUTBOX_PROTOCOL, "bob");
}

async function assertWhole(node: TestNode, id: string): Promise<void> {
  const folder = `${node.state}/messages/incoming`;
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const name = names.find((name) => name.startsWith(`${id}@`));
  assert(name, `${id} was acknowledged and is not on disk`);
  assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/${name}`)).message_id, id);
}

/** The messages of a node by id, and how far each got by its receipt. */
async function receipts(node: TestNode): Promise<Map<string, string>> {
  const folder = `${node.state}/messages/outgoing`;
  const found = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith("msg_")) continue;
    const { message_id, receipt } = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    found.set(message_id, receipt.state);
  }
  return found;
}

function allAccepted(states: ReadonlyMap<string, string>): boolean {
  return [...states.values()].every((state) => state === "accepted");
}

async function makeAllDue(node: TestNode): Promise<void> {
  const { state } = await node.open();
  const next_attempt_at = new Date().toISOString();
  for (const id of await state.outbox.ids()) {
    await state.outbox.update(id, (entry) => entry && { ...entry, next_attempt_at });
  }
}

/** Files in a node's state that are neither records nor anything else that belongs there. */
async function leftovers(node: TestNode, folder = node.state): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await leftovers(node, path));
    else if (!/\.(?:json|jsonl|pem|log)$/.test(name)) found.push(path);
  }
  return found;
}
