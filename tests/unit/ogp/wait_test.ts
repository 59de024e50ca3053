import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { pause as pauseAll, resume } from "../../../lib/delivery/pause.ts";
import { MeshError } from "../../../lib/error.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { receiveReply } from "../../../lib/ogp/reply_in.ts";
import { waitForReply, type WaitOptions, type WaitTick } from "../../../lib/ogp/wait.ts";
import { codeFrom } from "../mesh/parties.ts";
import { signedBody, testGateway } from "./gateways.ts";
import { OK_07, outboxOf, pause, PeerGateway, type Told } from "./peer_gateway.ts";

const NONCE = "n-1";
const PENDING: Told = { status: 404, body: { nonce: NONCE, status: "pending" } };
const reply = (data: string, now: Date) => ({
  success: true,
  data,
  timestamp: now.toISOString(),
});

/** A gateway that has sent a message and waits; the peer takes messages and has no reply yet. */
async function waiting(answer: (path: string) => Told = () => PENDING) {
  const me = await testGateway();
  const peer = await PeerGateway.listen();
  const stan = await peer.meet(me);
  peer.answer = ({ path }) => path === "/federation/message" ? OK_07 : answer(path);
  const outbox = outboxOf(me.node);
  const send = async () => {
    await sendOgpMessage(me.node, outbox, stan, { intent: "message", payload: {}, nonce: NONCE });
  };
  const body = (data: string) =>
    signedBody(peer.who, { nonce: NONCE, ...reply(data, me.clock.now()) }, { object: "reply" });
  return {
    ...{ me, peer, stan, outbox, send, body },
    wait: (options: Partial<WaitOptions> = {}) =>
      waitForReply(me.node, NONCE, { timeoutMs: 5_000, ...options }),
    polls: () => peer.asked.filter(({ method }) => method === "GET").length,
    async [Symbol.asyncDispose]() {
      await peer.close();
      await me[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a reply that is there already is not waited for", async () => {
  await using it = await waiting();
  await it.send();
  await receiveReply(it.me.node, NONCE, it.body("early"));
  const started = performance.now();
  assertEquals((await it.wait())?.data, "early");
  assertLess(performance.now() - started, 500);
  assertEquals(it.polls(), 0);
});

Deno.test("a reply that another process gets brought ends the wait at once", async () => {
  await using it = await waiting();
  await it.send();
  const other = await it.me.again();
  const found = it.wait();
  await pause(300);
  const started = performance.now();
  await receiveReply(other, NONCE, it.body("brought"));
  const { data, via, signed } = (await found)!;
  assertEquals([data, via, signed], ["brought", "callback", true]);
  assertLess(performance.now() - started, 1_500);
  assertEquals(it.polls(), 1);
});

Deno.test("the peer is asked at once, and again after a while", async () => {
  let polls = 0;
  await using it = await waiting(() => {
    return ++polls < 2
      ? PENDING
      : { body: { status: "complete", reply: reply("fetched", new Date()) } };
  });
  await it.send();
  const started = performance.now();
  const found = await it.wait();
  assertEquals([found?.data, found?.via, found?.signed], ["fetched", "poll", false]);
  const took = performance.now() - started;
  assert(took > 1_900 && took < 4_500, `It took ${took} ms`);
});

Deno.test("when the time is up there is no reply, whatever is under way", async () => {
  const held = Promise.withResolvers<void>();
  await using it = await waiting();
  it.peer.answer = async ({ path }) => {
    if (path === "/federation/message") return OK_07;
    await held.promise;
    return PENDING;
  };
  await it.send();
  const started = performance.now();
  assertEquals(await it.wait({ timeoutMs: 200 }), undefined);
  assertLess(performance.now() - started, 1_000);
  held.resolve();
});

Deno.test("the wait ends when it is told to", async () => {
  await using it = await waiting();
  await it.send();
  const stop = new AbortController();
  const found = it.wait({ signal: stop.signal });
  await pause(100);
  stop.abort();
  assertEquals(await found, undefined);
  assertEquals(await it.wait({ signal: AbortSignal.abort() }), undefined);
});

Deno.test("a message that was given up ends the wait with the reason", async () => {
  await using it = await waiting();
  it.peer.answer = () => "silence";
  await it.send();
  // It may end before anybody asks how.
  const refused = assertRejects(() => it.wait(), MeshError);
  await pause(100);
  it.peer.answer = () => ({ status: 403, body: { success: false, error: "Not today." } });
  await it.outbox.attempt(NONCE);
  const error = await refused;
  assertEquals([error.code, error.message], ["refused", "The message was given up: Not today."]);
});

Deno.test("what is still on its way is sent by whoever waits, when it is due", async () => {
  await using it = await waiting(() => ({
    body: { status: "complete", reply: reply("at last", new Date()) },
  }));
  await pauseAll(it.me.node.state.store, it.me.clock.now());
  await it.send();
  assertEquals(await it.wait({ timeoutMs: 100, outbox: it.outbox }), undefined);
  assertEquals(it.peer.asked, []);
  await resume(it.me.node.state.store);
  assertEquals(await it.wait({ timeoutMs: 100 }), undefined);
  assertEquals(it.peer.asked, []);
  assertEquals((await it.wait({ outbox: it.outbox }))?.data, "at last");
});

Deno.test("a peer that is not to be reached, or talks nonsense, is asked again; why is told", async () => {
  await using it = await waiting(() => ({ status: 500, body: "Boom" }));
  await it.send();
  const ticks: WaitTick[] = [];
  const found = it.wait({
    timeoutMs: 1_500,
    onTick: (tick) => {
      ticks.push(tick);
      throw new Error("The terminal is gone");
    },
  });
  assertEquals(await found, undefined);
  assert(ticks.length >= 2, `${ticks.length} ticks`);
  const last = ticks.at(-1)!;
  assertEquals([last.state, last.polls], ["accepted", 1]);
  assertEquals(last.lastError, "The peer answers with status 500");
  assert(last.elapsedMs > 900 && last.remainingMs < 600);
});

Deno.test("waiting for what was never sent is an error", async () => {
  await using it = await waiting();
  assertEquals(await codeFrom(it.wait()), "not_found");
});

Deno.test("a folder that cannot be watched is looked at", async () => {
  await using it = await waiting();
  await it.send();
  const { node } = it.me;
  const messagesOut = new Proxy(node.state.messagesOut, {
    get(target, key) {
      if (key === "watch") {
        return () => {
          throw new Error("Too many watches");
        };
      }
      const value = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const found = waitForReply({ ...node, state: { ...node.state, messagesOut } }, NONCE, {
    timeoutMs: 5_000,
  });
  await pause(100);
  await receiveReply(await it.me.again(), NONCE, it.body("seen"));
  assertEquals((await found)?.data, "seen");
});

Deno.test("a command in a process of its own gets what the daemon was brought", async () => {
  await using it = await waiting();
  await it.send();
  const script = new URL("./waiting_process.ts", import.meta.url).pathname;
  const now = it.me.clock.now().toISOString();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, it.me.root, NONCE, now],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines: string[] = [];
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    lines.push(...text.trim().split("\n"));
    if (lines.length === 1) await receiveReply(it.me.node, NONCE, it.body("brought"));
  }
  assertEquals((await child.status).code, 0);
  const [first, last] = lines.map((line) => JSON.parse(line));
  assertEquals([first, last.data, last.via], ["waiting", "brought", "callback"]);
});
