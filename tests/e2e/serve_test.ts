import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually, pause } from "./eventually.ts";
import { FakePeer } from "./fake_peer.ts";
import { friends, TestNode } from "./node.ts";

/** Milliseconds that a daemon has to stop. */
const STOP = 5_000;

Deno.test("a daemon says where it listens and under which fingerprint, and ends cleanly", async () => {
  await using ann = await TestNode.named("ann");
  const { fingerprint } = (await ann.open()).identity.card;
  const args = ["serve", "--host", "127.0.0.1", "--port", String(ann.port)];
  await using run = ann.start(args);
  const line = await run.until("a line", () => /^.*\n/.exec(run.stdout)?.[0]);
  assertEquals(line.slice(8), ` listening on ${ann.endpoint} as ann (${fingerprint})\n`);
  const { agent } = await (await fetch(`${ann.endpoint}/agent-mesh/discovery`)).json();
  assertEquals(agent.fingerprint, fingerprint);
  run.kill("SIGTERM");
  const { code, stdout, stderr } = await run.end(STOP);
  assertEquals([code, stdout, stderr], [0, line, "Stopping.\n"]);
});

Deno.test("a second daemon on the same port names the first one, and says what to do", async () => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await using _annServes = await ann.serve();
  const args = ["serve", "--host", "127.0.0.1", "--port", String(ann.port)];
  const { stdout, stderr } = await bob.run(args, { code: 5 });
  assertEquals(stdout, "");
  assertStringIncludes(stderr, `mesh: Port ${ann.port} is in use on 127.0.0.1`);
  assertStringIncludes(
    stderr,
    `hint: the mesh node "ann" has it; take another port: mesh serve --port ${ann.port + 1}`,
  );
  assertEquals((await bob.json(args, { code: 5 })).error, "port_in_use");
});

Deno.test("a port that something else has is an error with a hint as well", async () => {
  await using ann = await TestNode.named("ann");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: ann.port });
  try {
    const args = ["serve", "--host", "127.0.0.1", "--port", String(ann.port)];
    const { stderr } = await ann.run(args, { code: 5 });
    assertMatch(stderr, /\nhint: take another port: mesh serve --port \d+\n$/);
  } finally {
    listener.close();
  }
});

Deno.test("without an identity nothing is served", async () => {
  await using nobody = await TestNode.empty("nobody");
  const { stderr } = await nobody.run(["serve", "--port", "0"], { code: 3 });
  assertStringIncludes(stderr, "hint: mesh init");
});

Deno.test("an address that this machine does not have is an error", async () => {
  await using ann = await TestNode.named("ann");
  const { stderr } = await ann.run(["serve", "--host", "192.0.2.77", "--port", "0"], { code: 7 });
  assertStringIncludes(stderr, "Cannot listen on 192.0.2.77 port 0");
});

Deno.test("a daemon stops in time while a client has sent half a request", async () => {
  await using ann = await TestNode.named("ann");
  const halves = [
    "POST /agent-mesh/message HTT",
    "POST /agent-mesh/message HTTP/1.1\r\nHost: a\r\n",
    "POST /agent-mesh/message HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
    "",
  ];
  await using daemon = await ann.serve();
  const clients = await Promise.all(halves.map(async (half) => {
    const client = await Deno.connect({ hostname: "127.0.0.1", port: daemon.port });
    await client.write(new TextEncoder().encode(half));
    return client;
  }));
  try {
    await pause(100);
    assertEquals((await daemon.stop("SIGINT", STOP)).code, 0);
  } finally {
    for (const client of clients) client.close();
  }
});

Deno.test("a daemon stops in time while a delivery hangs, and the message stays queued", async () => {
  await using ann = await TestNode.named("ann");
  await using peer = await FakePeer.trustedBy(ann, "bob", () => new Response("", { status: 503 }));
  const said = ["send-message", "--to", "bob", "--send", "--text", "hello"];
  const { message_id } = await ann.json(said, { code: 8 });
  await makeDue(ann, message_id);
  const before = await ann.json(["queue", "show", message_id]);
  peer.answers(() => peer.hang());
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const sent = peer.received.length;
    await using daemon = await ann.serve();
    await eventually("the delivery", () => peer.received.length > sent);
    assertEquals((await daemon.stop(signal, STOP)).code, 0);
    assertEquals(await ann.json(["queue", "show", message_id]), before);
  }
});

Deno.test("a second signal ends a daemon at once", async () => {
  await using ann = await TestNode.named("ann");
  await using daemon = await ann.serve();
  const client = await Deno.connect({ hostname: "127.0.0.1", port: daemon.port });
  try {
    const half = "POST /agent-mesh/message HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{";
    await client.write(new TextEncoder().encode(half));
    await pause(100);
    daemon.run.kill("SIGTERM");
    await daemon.run.until("the first signal's note", () => daemon.run.stderr || undefined);
    assertEquals((await daemon.stop("SIGTERM", 1_500)).code, 130);
  } finally {
    client.close();
  }
});

Deno.test("two daemons on one root both work, and deliver what is queued once", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  const texts = ["one", "two", "three", "four"];
  const ids = await Promise.all(texts.map(async (text) => {
    const said = ["send-message", "--to", "bob", "--send", "--text", text];
    const { message_id } = await ann.json(said, { code: 8 });
    await makeDue(ann, message_id);
    return message_id;
  }));
  await using bobServes = await bob.serve();
  await using bobServesToo = await bob.serve(0);
  const [one, other] = await Promise.all([ann.serve(), ann.serve(0)]);
  await using _one = one;
  await using _other = other;
  const delivered = () =>
    [...one.events, ...other.events].filter(({ kind }) => kind === "delivered");
  await eventually("all of them", () => delivered().length >= ids.length);
  await eventually("an empty queue", async () => (await ann.json(["queue", "list"])).length === 0);
  assertEquals(delivered().map(({ message_id }) => message_id).sort(), ids.sort());
  assertEquals((await bob.json(["list-messages"])).length, ids.length);
  const told = [...bobServes.events, ...bobServesToo.events].filter(({ kind }) =>
    kind === "message"
  );
  assertEquals(told.length, ids.length);

  const running = await Array.fromAsync(Deno.readDir(`${bob.state}/run`), ({ name }) => name);
  assertEquals(running.filter((name) => name.endsWith(".json")).length, 2);
  for (const daemon of [one, other, bobServes, bobServesToo]) {
    const answer = await fetch(`${daemon.url}/healthz`);
    assert((await answer.json()).ok);
    assertEquals((await daemon.stop("SIGTERM", STOP)).code, 0);
  }
  for (const { state } of [ann, bob]) {
    const left = await Array.fromAsync(Deno.readDir(`${state}/run`), ({ name }) => name);
    assertEquals(left, ["serve.log"]);
  }
});

/** Lets the time pass until a message is tried again. */
async function makeDue(node: TestNode, id: string): Promise<void> {
  const { state } = await node.open();
  const next_attempt_at = new Date().toISOString();
  await state.outbox.update(id, (entry) => entry && { ...entry, next_attempt_at });
}
