import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/2020";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { createHmac } from "node:crypto";
import { WebchatChannel } from "../../../lib/ocg/channels/webchat/webchat.ts";
import { incomingMessageOf, incomingName } from "../../../lib/ogp/incoming.ts";
import { sendOgpMessage } from "../../../lib/ogp/outgoing.ts";
import { answerMessage } from "../../../lib/ogp/replies.ts";
import { Metrics } from "../../../lib/metrics/metrics.ts";
import { listen } from "../../../server/listen.ts";
import { meshSurface } from "../../../server/mesh.ts";
import { ocgSurface } from "../../../server/ocg.ts";
import { ogpSurface } from "../../../server/ogp.ts";
import { adminSurface } from "../../../server/admin.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { approvalOf, outboxOf, proofOf, requestOf, servedGateway } from "../ogp/federating.ts";
import { befriend, messageTo, signedBody, stranger, testGateway } from "../ogp/gateways.ts";
import { Clock, Stranger, testNode, trust } from "../mesh/parties.ts";
import { EDITING, fakeAgent, runGateway, until } from "../ocg/fakes.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { callsOf, Described, DOCUMENT } from "./described.ts";

const TOKEN = "t".repeat(43);

function admin() {
  return adminSurface({
    token: TOKEN,
    metrics: new Metrics({ version: "1.2.3" }),
    ready: { storage: () => {} },
    openapi: () => DOCUMENT,
  });
}

/** What an application answers, as the description writes it. */
function routesOf(app: Hono<{ Bindings: HttpBindings }>): string[] {
  const routes = app.routes.filter(({ method }) => method !== "ALL" && method !== "OPTIONS")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  return [...new Set(routes)].sort();
}

Deno.test("the description is sound: names are there, ids are unique, parameters are declared", () => {
  assertEquals(DOCUMENT.openapi, "3.1.0");
  const text = JSON.stringify(DOCUMENT);
  for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    assert(name in DOCUMENT.components.schemas, name);
  }
  const ids: string[] = [];
  for (const [path, methods] of Object.entries<Record<string, never>>(DOCUMENT.paths)) {
    // deno-lint-ignore no-explicit-any
    for (const [method, call] of Object.entries<any>(methods)) {
      assert(["get", "post"].includes(method));
      ids.push(call.operationId);
      assert(call.summary && call.tags.length > 0, path);
      for (const tag of call.tags) {
        assert(DOCUMENT.tags.some((one: { name: string }) => one.name === tag));
      }
      for (const scheme of (call.security ?? []).flatMap(Object.keys)) {
        assert(scheme in DOCUMENT.components.securitySchemes);
      }
      const declared = (call.parameters ?? []).filter((one: { in: string }) => one.in === "path")
        .map((one: { name: string }) => one.name);
      assertEquals(declared, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      assert(
        Object.values(call.responses).every((answer) =>
          (answer as { description: string }).description
        ),
      );
    }
  }
  assertEquals(new Set(ids).size, ids.length);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const schema of Object.values<Record<string, unknown>>(DOCUMENT.components.schemas)) {
    assert(ajv.validateSchema(schema), JSON.stringify(ajv.errors));
  }
});

Deno.test("what the surfaces answer is described, and nothing else is", async () => {
  await using me = await testNode();
  await using gateway = await testGateway();
  await using root = await temporaryRoot();
  await using running = await runGateway(root.path, {});
  assertEquals(routesOf(meshSurface(me.node)), [...callsOf("mesh"), "GET /healthz"].sort());
  assertEquals(routesOf(ogpSurface(gateway.node, outboxOf(gateway.node))), callsOf("ogp").sort());
  assertEquals(routesOf(ocgSurface(running.gateway)), callsOf("ocg").sort());
  assertEquals(routesOf(admin()), callsOf("admin").sort());
});

Deno.test("the surface of Agent Mesh V1 answers as described", async () => {
  await using me = await testNode();
  const stan = await Stranger.named("stan", { clock: me.clock });
  const eve = await Stranger.named("eve", { clock: me.clock });
  await trust(me.node, stan);
  const server = await listen(meshSurface(me.node, { bodyLimit: 5_000 }), {
    host: "127.0.0.1",
    port: 0,
  });
  const described = new Described();
  const ask = async (method: "get" | "post", path: string, body?: string) => {
    const url = `http://127.0.0.1:${server.port}${path}`;
    const response = await fetch(url, { method: method.toUpperCase(), ...(body ? { body } : {}) });
    return await described.judge(method, path, response);
  };
  const [contact, message] = ["/agent-mesh/contact-request", "/agent-mesh/message"];
  try {
    assertEquals(await ask("get", "/agent-mesh/discovery"), 200);
    const sent = JSON.stringify(Object.fromEntries(stan.message()));
    described.judgeBody("post", message, JSON.parse(sent));
    assertEquals(await ask("post", message, sent), 200);
    assertEquals(await ask("post", message, sent), 200);
    assertEquals(
      await ask("post", message, JSON.stringify(Object.fromEntries(eve.message()))),
      403,
    );
    assertEquals(await ask("post", message, sent.replace("hello", "hullo")), 401);
    assertEquals(await ask("post", message, "{"), 400);
    assertEquals(await ask("post", message, "x".repeat(6_000)), 413);
    const asked = eve.contactRequest();
    described.judgeBody("post", contact, JSON.parse(contactText(asked)));
    assertEquals(await ask("post", contact, contactText(asked)), 200);
    for (let i = 0; i < 9; i++) await ask("post", contact, "{}");
    assertEquals(await ask("post", contact, "{}"), 429);
  } finally {
    await server.close(0);
  }
  described.assertAll("mesh");
});

function contactText(document: Map<string, unknown>): string {
  const plain = (value: unknown): unknown =>
    value instanceof Map
      ? Object.fromEntries([...value].map(([key, one]) => [key, plain(one)]))
      : value;
  return JSON.stringify(plain(document));
}

Deno.test("the surface of OGP answers as described, in both dialects", async () => {
  const clock = new Clock();
  await using me = await servedGateway("Me", { clock });
  const stan = stranger();
  const eve = stranger();
  await befriend(me, stan);
  const app = ogpSurface(me.node, me.outbox, { strangersPerMinute: 100 });
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  const described = new Described();
  const ask = async (
    method: "get" | "post",
    path: string,
    { body, at = path, headers = {} }: {
      body?: Uint8Array | string;
      at?: string;
      headers?: Record<string, string>;
    } = {},
  ) => {
    const url = `http://127.0.0.1:${server.port}${at}`;
    const init = body === undefined ? {} : { body: body as BodyInit };
    const response = await fetch(url, { method: method.toUpperCase(), headers, ...init });
    return await described.judge(method, path, response);
  };
  const json = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));
  try {
    assertEquals(await ask("get", "/.well-known/ogp"), 200);
    const proof = proofOf(stan, clock);
    const headers = {
      "x-ogp-peer-id": proof.peerId,
      "x-ogp-timestamp": proof.timestamp,
      "x-ogp-signature": proof.signature,
    };
    assertEquals(await ask("get", "/.well-known/ogp", { headers }), 200);
    assertEquals(await ask("get", "/federation/ping"), 200);

    const request = requestOf(eve, { clock });
    described.judgeBody("post", "/federation/request", json(request));
    assertEquals(await ask("post", "/federation/request", { body: request }), 200);
    assertEquals(await ask("post", "/federation/request", { body: "{}" }), 400);

    const message = signedBody(stan, messageTo(me, stan, { nonce: "asked" }));
    described.judgeBody("post", "/federation/message", json(message));
    assertEquals(await ask("post", "/federation/message", { body: message }), 200);
    const old = signedBody(stan, messageTo(me, stan), { withText: false });
    described.judgeBody("post", "/federation/message", json(old));
    assertEquals(await ask("post", "/federation/message", { body: old }), 200);
    const strangers = signedBody(eve, messageTo(me, eve));
    assertEquals(await ask("post", "/federation/message", { body: strangers }), 403);
    assertEquals(await ask("post", "/federation/message", { body: "[]" }), 400);

    const id = incomingName("asked", stan.publicKey);
    const value = await me.node.state.messagesIn.get(id);
    const answer = { success: true, data: { answer: 42 } };
    await answerMessage(me.node, me.outbox, incomingMessageOf({ id, value: value! })!, answer);
    const poll = "/federation/reply/{nonce}";
    assertEquals(await ask("get", poll, { at: "/federation/reply/asked" }), 200);
    assertEquals(await ask("get", poll, { at: "/federation/reply/nothing" }), 404);
    assertEquals(await ask("post", poll, { at: "/federation/reply/nothing", body: "{}" }), 400);

    const sent = { intent: "message", payload: {}, nonce: "sent" };
    await sendOgpMessage(me.node, me.outbox, await befriend(me, stan), sent);
    const reply = signedBody(stan, {
      nonce: "sent",
      ...answer,
      timestamp: clock.now().toISOString(),
      from: stan.id,
      to: me.publicKey.slice(0, 32),
    }, { object: "reply" });
    described.judgeBody("post", poll, json(reply));
    assertEquals(await ask("post", poll, { at: "/federation/reply/sent", body: reply }), 200);

    const approval = approvalOf({ ...stan, peerId: undefined }, clock);
    await ask("post", "/federation/approve", { body: approval });
    assertEquals(await ask("post", "/federation/approve", { body: "{}" }), 404);
    assertEquals(await ask("post", "/federation/update-identity", { body: "{}" }), 400);
    const removal = JSON.stringify(proofOf(stan, clock));
    await ask("post", "/federation/removed", { body: removal });
    assertEquals(await ask("post", "/federation/removed", { body: "{}" }), 400);
  } finally {
    await server.close(0);
  }
  // Their successes need a peer that asks back; the life of a federation shows them.
  described.assertAll("ogp", [
    "POST /federation/approve",
    "POST /federation/removed",
    "POST /federation/update-identity",
  ]);
});

Deno.test("the surface of OCG answers as described", async () => {
  await using root = await temporaryRoot();
  const urls: string[] = [];
  await using agent = fakeAgent((_, request) => {
    urls.push(request.headers.get("x-ocg-callback") ?? "");
    return Response.json({ status: "accepted" }, { status: 202 });
  });
  let port = 0;
  const config = { async: true, agentUrl: agent.url, sendSecret: "s" };
  await using running = await runGateway(root.path, config, EDITING, { callbackPort: () => port });
  const server = await listen(ocgSurface(running.gateway), { host: "127.0.0.1", port: 0 });
  port = server.port;
  const described = new Described();
  const post = async (path: string, body: unknown, at = path) => {
    const url = `http://127.0.0.1:${port}${at}`;
    const text = JSON.stringify(body);
    const signature = `sha256=${createHmac("sha256", "s").update(text).digest("hex")}`;
    const headers = { "x-ocg-signature": signature };
    const response = await fetch(url, { method: "POST", body: text, headers });
    return await described.judge("post", path, response);
  };
  const callback = "/ocg/callback/{token}";
  try {
    await running.channel.write("1", "a", "hello");
    await until(() => urls.length === 1);
    const at = new URL(urls[0]!).pathname;
    const body = { reply: "later" };
    described.judgeBody("post", callback, body);
    assertEquals(await post(callback, { reply: 7 }, at), 400);
    assertEquals(await post(callback, body, at), 200);
    assertEquals(await post(callback, body, at), 404);
    assertEquals(await post("/ocg/callback", body), 400);
    const order = { channel: "fake", target: "fake:direct:7", text: "hello" };
    described.judgeBody("post", "/ocg/send", order);
    assertEquals(await post("/ocg/send", order), 200);
    assertEquals(await post("/ocg/send", {}), 400);
    assertEquals(await post("/ocg/send", { ...order, channel: "other" }), 404);
  } finally {
    await server.close(0);
  }
  described.assertAll("ocg", ["POST /ocg/callback", "POST /ocg/callback/"]);
});

Deno.test("the admin surface answers as described", async () => {
  const app = admin();
  const described = new Described();
  for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json"]) {
    const url = `http://127.0.0.1${path}`;
    const headers = { host: "127.0.0.1" };
    const open = await described.judge("get", path, await app.request(url, { headers }));
    assertEquals(open, path.endsWith("z") ? 200 : 401);
    const told = { ...headers, authorization: `Bearer ${TOKEN}` };
    await described.judge("get", path, await app.request(url, { headers: told }));
    const evil = { ...headers, host: "evil.example" };
    await described.judge("get", path, await app.request(url, { headers: evil }));
  }
  described.assertAll("admin");
});

Deno.test("the webchat answers as described", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  const channel = new WebchatChannel({ account: "default", token: TOKEN, store });
  channel.start({ onMessage: () => Promise.resolve(), onStatus() {} });
  const described = new Described();
  const origin = "http://127.0.0.1:3457";
  let cookie = "";
  const ask = async (method: "get" | "post", path: string, body?: unknown) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { host: "127.0.0.1:3457", origin, cookie };
    const request = new Request(origin + path, { method: method.toUpperCase(), headers, ...init });
    const response = await channel.fetch(request);
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return await described.judge(method, path, response);
  };
  try {
    assertEquals(await ask("get", "/chat"), 200);
    assertEquals(await ask("get", "/chat/session"), 401);
    assertEquals(await ask("post", "/chat/messages", {}), 401);
    assertEquals(await ask("post", "/chat/session", { token: "wrong" }), 401);
    assertEquals(await ask("post", "/chat/session", { token: TOKEN }), 204);
    assertEquals(await ask("get", "/chat/session"), 204);
    assertEquals(await ask("post", "/chat/room"), 204);
    assertEquals(await ask("get", "/chat/events"), 200);
    const said = { key: "k".repeat(20), text: "hello" };
    described.judgeBody("post", "/chat/messages", said);
    assertEquals(await ask("post", "/chat/messages", said), 202);
    assertEquals(await ask("post", "/chat/messages", { ...said, key: "" }), 400);
  } finally {
    await channel.stop();
  }
  described.assertAll("webchat");
});
