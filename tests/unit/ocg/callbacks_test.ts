import { assert, assertEquals, assertMatch } from "@std/assert";
import { createHmac } from "node:crypto";
import { AgentError } from "../../../lib/agent/agent_error.ts";
import { MeshError } from "../../../lib/error.ts";
import { webhookHeaders } from "../../../lib/notify/standard_webhook.ts";
import { forwardQuestion } from "../../../lib/ocg/forward.ts";
import type { GatewayOptions } from "../../../lib/ocg/gateway.ts";
import { listen } from "../../../server/listen.ts";
import { ocgSurface } from "../../../server/ocg.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, runGateway, until, WHOLE } from "./fakes.ts";

const ADDRESS = { channel: "fake", account: "default", chat: "1" };

/** An agent that only takes questions, and the callback URLs that it was given. */
function patientAgent() {
  const urls: string[] = [];
  const targets: string[] = [];
  const agent = fakeAgent((_, request) => {
    urls.push(request.headers.get("x-ocg-callback") ?? "");
    targets.push(request.headers.get("x-ocg-target") ?? "");
    return Response.json({ status: "accepted" }, { status: 202 });
  });
  return Object.assign(agent, { urls, targets });
}

/** A gateway with its surface on a port. */
async function serve(
  root: string,
  config: Record<string, unknown>,
  capabilities = EDITING,
  more: Partial<GatewayOptions> = {},
) {
  let port = 0;
  const running = await runGateway(root, { async: true, ...config }, capabilities, {
    callbackPort: () => port,
    ...more,
  });
  const server = await listen(ocgSurface(running.gateway), { host: "127.0.0.1", port: 0 });
  port = server.port;
  return {
    ...running,
    base: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await server.close(0);
      await running[Symbol.asyncDispose]();
    },
  };
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, { method: "POST", body: text, headers });
  return { status: response.status, body: await response.json() };
}

Deno.test("an answer by callback reaches the chat, once, and its token is on disk only as a hash", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  await using served = await serve(root.path, { agentUrl: agent.url });
  const { channel, state } = served;
  await channel.write("1", "a", "hello");
  await until(() => agent.urls.length === 1);
  const [url = ""] = agent.urls;
  assertMatch(url, /^http:\/\/127\.0\.0\.1:\d+\/ocg\/callback\/[0-9a-f]{64}$/);
  assertEquals(agent.asked[0]?.stream, false);
  assertEquals(agent.targets, ["fake:direct:1"]);
  const token = url.slice(-64);
  const [name = ""] = await state.callbacks.ids();
  const stored = await Deno.readTextFile(`${root.path}/ocg/callbacks/${name}.json`);
  assert(!stored.includes(token) && name !== token);
  assertEquals(await post(url, { reply: "later" }), { status: 200, body: { ok: true } });
  assertEquals((await post(url, { reply: "again" })).status, 404);
  assertEquals(channel.texts("1"), ["later"]);
  assertEquals(await state.callbacks.ids(), []);
});

Deno.test("replies may be objects, errors are marked, media is sent or linked", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  await using served = await serve(root.path, { agentUrl: agent.url });
  const { channel } = served;
  const bodies = [
    { reply: { text: "from text" } },
    { reply: { content: [{ type: "text", text: "from content" }] } },
    { reply: "wrong", isError: true },
    { reply: { text: "see", mediaUrl: "https://example.org/a.png" } },
  ];
  for (const [index, body] of bodies.entries()) {
    await channel.write("1", String(index), "x");
    await until(() => agent.urls.length === index + 1);
    assertEquals((await post(agent.urls[index] ?? "", body)).status, 200);
  }
  const media = channel.in("1").filter(({ mediaUrl }) => mediaUrl !== undefined);
  assertEquals(media.map(({ mediaUrl }) => mediaUrl), ["https://example.org/a.png"]);
  const texts = channel.texts("1").filter((text) => text !== "");
  assertEquals(texts, ["from text", "from content", "⚠️ wrong", "see"]);
});

Deno.test("hostile callbacks are refused with the statuses of the protocol, and change nothing", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  await using served = await serve(root.path, { agentUrl: agent.url });
  const { channel, base } = served;
  await channel.write("1", "a", "hello");
  await until(() => agent.urls.length === 1);
  const [url = ""] = agent.urls;
  const deep = `{"reply":${'{"content":'.repeat(5000)}"x"${"}".repeat(5000)}}`;
  const wrong: [string, unknown, number][] = [
    [`${base}/ocg/callback`, { reply: "x" }, 400],
    [`${base}/ocg/callback/`, { reply: "x" }, 400],
    [`${base}/ocg/callback/${"0".repeat(64)}`, { reply: "x" }, 404],
    [`${base}/ocg/callback/${url.slice(-64).toUpperCase()}x`, { reply: "x" }, 404],
    [`${base}/ocg/callback/..%2f..%2fmessages`, { reply: "x" }, 404],
    [url, "not json", 400],
    [url, "[]", 400],
    [url, {}, 400],
    [url, { reply: "" }, 400],
    [url, { reply: 7 }, 400],
    [url, { reply: "x", isError: "no" }, 400],
    [url, deep, 400],
    [url, { reply: "x".repeat(1024 * 1024) }, 413],
  ];
  for (const [to, body, status] of wrong) {
    assertEquals((await post(to, body)).status, status, `${to} ${String(body).slice(0, 40)}`);
  }
  assertEquals(await fetch(url).then((r) => r.body?.cancel().then(() => r.status)), 405);
  const preflight = await fetch(url, { method: "OPTIONS" });
  assertEquals([preflight.status, preflight.headers.get("access-control-allow-origin")], [
    204,
    "*",
  ]);
  assertEquals(channel.texts("1"), []);
  assertEquals((await post(url, { reply: "right" })).status, 200);
});

Deno.test("with a secret, only signed callbacks count, in either form", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  const callbackSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  await using served = await serve(root.path, { agentUrl: agent.url, callbackSecret });
  const { channel } = served;
  for (const id of ["a", "b"]) await channel.write("1", id, "hello");
  await until(() => agent.urls.length === 2);
  const [first = "", second = ""] = agent.urls;
  const body = JSON.stringify({ reply: "sïgned" });
  const sign = (secret: string, text = body) => ({
    "x-ocg-signature": `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`,
  });
  const webhook = (at: Date, secret = callbackSecret) => webhookHeaders([secret], "m1", body, at);
  const old = new Date(Date.now() - 3_600_000);
  for (
    const headers of [
      {},
      sign("other"),
      sign(callbackSecret, body + " "),
      { "x-ocg-signature": "sha256=" },
      { "x-ocg-signature": sign(callbackSecret)["x-ocg-signature"].slice(7) },
      await webhook(old),
      { ...await webhook(new Date()), "webhook-id": "m2" },
    ]
  ) {
    assertEquals((await post(first, body, headers as Record<string, string>)).status, 401);
  }
  assertEquals((await post(first, body, sign(callbackSecret))).status, 200);
  assertEquals((await post(second, body, await webhook(new Date()))).status, 200);
  assertEquals(channel.texts("1"), ["sïgned", "sïgned"]);
});

Deno.test("of callbacks at once one is delivered, and a delivery that fails leaves the token usable", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  await using served = await serve(root.path, { agentUrl: agent.url }, WHOLE);
  const { channel } = served;
  await channel.write("1", "a", "hello");
  await until(() => agent.urls.length === 1);
  const [url = ""] = agent.urls;
  const long = "A".repeat(190) + "\n" + "B".repeat(190);
  channel.failing = (_, text) => {
    if (text.startsWith("B")) throw new MeshError("unavailable", "no network");
  };
  assertEquals((await post(url, { reply: long })).status, 503);
  channel.failing = () => {
    throw new MeshError("refused", "blocked by the user");
  };
  assertEquals((await post(url, { reply: long })).status, 502);
  channel.failing = undefined;
  const all = await Promise.all(Array.from({ length: 5 }, () => post(url, { reply: long })));
  assertEquals(all.map(({ status }) => status).sort(), [200, 404, 404, 404, 404]);
  assertEquals(channel.texts("1"), long.split("\n"));
});

Deno.test("an answer that comes after a restart is delivered, and not where the channel does not run", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  const first = await serve(root.path, { agentUrl: agent.url });
  await first.channel.write("1", "a", "hello");
  await until(() => agent.urls.length === 1);
  await until(async () => (await first.state.waiting.ids()).length === 0);
  await first[Symbol.asyncDispose]();
  const path = (agent.urls[0] ?? "").replace(/^http:\/\/[^/]*/, "");
  await using second = await serve(root.path, { agentUrl: agent.url });
  await second.gateway.stopChannel("fake");
  assertEquals((await post(second.base + path, { reply: "late" })).status, 503);
  await second.gateway.startChannel("fake");
  assertEquals((await post(second.base + path, { reply: "late" })).status, 200);
  assertEquals(agent.asked.length, 1);
});

Deno.test("a token has its time, and what has expired is swept", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  let now = Date.now();
  const clock = { now: () => new Date(now) };
  const config = { agentUrl: agent.url, callbackTokenTTL: 60 };
  await using served = await serve(root.path, config, EDITING, clock);
  const { channel, gateway, state } = served;
  for (const [index, id] of ["a", "b"].entries()) {
    await channel.write("1", id, "hello");
    await until(() => agent.urls.length === index + 1);
    now += 30_000;
  }
  assertEquals((await post(agent.urls[0] ?? "", { reply: "too late" })).status, 404);
  assertEquals(await gateway.callbacks.sweep(), 1);
  assertEquals((await state.callbacks.ids()).length, 1);
  assertEquals((await post(agent.urls[1] ?? "", { reply: "in time" })).status, 200);
});

Deno.test("an agent that does not take the question is told of in the chat, and leaves no token", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => new Response("", { status: 500 }));
  await using served = await serve(root.path, { agentUrl: agent.url });
  const { channel, state } = served;
  await channel.write("1", "a", "hello");
  await until(() => channel.texts("1").length === 1);
  assertMatch(channel.texts("1")[0] ?? "", /^⚠️ The agent/);
  assertEquals(await state.callbacks.ids(), []);
});

Deno.test("an agent that says no after a while is told of in the chat, too", async () => {
  await using root = await temporaryRoot();
  const config = { agentType: "acp", acp: { command: "agent" } };
  await using served = await serve(root.path, config, EDITING, {
    acpAgent: () => ({
      ask: () => Promise.reject(new Error("not asked")),
      async forward(_question, _callback, { onLate }) {
        await Promise.resolve();
        onLate(new AgentError("failed", "out of memory"));
      },
    }),
  });
  const { channel, state } = served;
  await channel.write("1", "a", "hello");
  await until(() => channel.texts("1").length === 1);
  assertEquals(channel.texts("1"), ["⚠️ The agent had an error of its own."]);
  assertEquals(await state.callbacks.ids(), []);
});

Deno.test("forwarding waits a little for a no, and hears a later one", async () => {
  const open = Promise.withResolvers<void>();
  await using agent = fakeAgent(async () => {
    await open.promise;
    return new Response("", { status: 500 });
  });
  const late = Promise.withResolvers<unknown>();
  const question = { messages: [], session: "s", target: "t" };
  await forwardQuestion({ url: new URL(agent.url) }, question, "http://127.0.0.1/", {
    timeoutMs: 10_000,
    soonMs: 20,
    signal: new AbortController().signal,
    onLate: late.resolve,
  });
  open.resolve();
  assertMatch(String(await late.promise), /status 500/);
});

Deno.test("a message that was forwarded twice by a crash is answered once", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  const first = await serve(root.path, { agentUrl: agent.url });
  await first.channel.write("1", "a", "hello");
  await until(async () =>
    agent.urls.length === 1 && (await first.state.waiting.ids()).length === 0
  );
  // As if it had died before it noted that the question was taken.
  const at = new Date().toISOString();
  const waiting = { ...ADDRESS, id: "a", receivedAt: at, sequence: 1 };
  await first.state.waiting.create("left", waiting);
  await first[Symbol.asyncDispose]();
  await using second = await serve(root.path, { agentUrl: agent.url });
  await until(() => agent.urls.length === 2);
  const results = await Promise.all(
    agent.urls.map((url) => post(second.base + new URL(url).pathname, { reply: "once" })),
  );
  assertEquals(results.map(({ status }) => status).sort(), [200, 404]);
  assertEquals(second.channel.texts("1"), ["once"]);
});

Deno.test("a message nobody asked for is sent if it is signed, and the channel can", async () => {
  await using root = await temporaryRoot();
  const open = await serve(root.path, {});
  assertEquals((await post(`${open.base}/ocg/send`, {})).status, 403);
  await open[Symbol.asyncDispose]();
  await using served = await serve(root.path, { sendSecret: "s", callbackSecret: "c" }, WHOLE);
  const { channel, base } = served;
  const send = (body: unknown, secret = "s") => {
    const text = JSON.stringify(body);
    const signature = `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
    return post(`${base}/ocg/send`, text, { "x-ocg-signature": signature });
  };
  const order = { channel: "fake", target: "fake:direct:7", text: "hello" };
  assertEquals((await send(order, "c")).status, 401);
  assertEquals((await send({ ...order, text: undefined })).status, 400);
  assertEquals((await send({ ...order, target: 7 })).status, 400);
  assertEquals((await send({ ...order, channel: "other" })).status, 404);
  assertEquals((await send({ ...order, account: "other" })).status, 404);
  assertEquals((await send({ ...order, mediaUrl: "https://example.org/a" })).status, 501);
  assertEquals((await send(order)).status, 200);
  assertEquals((await send({ ...order, text: "w ".repeat(250), replyTo: "m" })).status, 200);
  assertEquals(channel.in("7").length, 4);
  assertEquals(channel.in("7")[1]?.replyTo, "m");
  channel.failing = () => {
    throw new MeshError("refused", "no such chat");
  };
  assertEquals((await send(order)).status, 502);
  channel.failing = undefined;
  await served.gateway.stopChannel("fake");
  assertEquals((await send(order)).status, 503);
});
