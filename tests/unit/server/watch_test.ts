import { assert, assertEquals } from "@std/assert";
import { openOutboxCollections } from "../../../lib/delivery/outbox_state.ts";
import { startCorrelating } from "../../../lib/log/correlation.ts";
import { parseLine } from "../../../lib/log/line.ts";
import { Logging } from "../../../lib/log/logging.ts";
import { Metrics } from "../../../lib/metrics/metrics.ts";
import { notifyConfig } from "../../../lib/notify/config.ts";
import { openOgpNode } from "../../../lib/ogp/node.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { metricsTell, metricsWatch } from "../../../server/admin.ts";
import type { DaemonEvent } from "../../../server/daemon_event.ts";
import { startDaemon } from "../../../server/daemon.ts";
import { startGateway } from "../../../server/gateway.ts";
import { listen } from "../../../server/listen.ts";
import { logEvent, logRequests, watchAll } from "../../../server/log_events.ts";
import type { AnsweredRequest } from "../../../server/watch.ts";
import { eventually } from "../../e2e/eventually.ts";
import { bytesOf, Stranger as MeshStranger, testNode, trust } from "../mesh/parties.ts";
import { parseMetrics } from "../metrics/text_parser.ts";
import { befriend, messageTo, signedBody, stranger, testGateway } from "../ogp/gateways.ts";
import { TestAgent } from "../ogp/handover/agent.ts";
import { RawClient } from "./raw_client.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

Deno.test("one id leads from a request to the outbox, the agent and the log, and all of it is counted", async () => {
  await startCorrelating();
  const gateway = await testGateway({ displayName: "Bert" });
  const agent = await TestAgent.listen();
  const stan = stranger();
  await notifyConfig(gateway.node.state.store).change({
    default: "agent",
    targets: { agent: { type: "agent", url: agent.url } },
  });
  await befriend(gateway, stan, { grants: null });
  const node = await openOgpNode(gateway.root);
  const logging = new Logging({ root: gateway.root, daemon: "ogp", level: "debug" });
  const metrics = new Metrics({ version: "1" });
  const count = metricsTell(metrics);
  const seen: string[] = [];
  const onEvent = (event: DaemonEvent) => {
    seen.push(event.kind);
    count(event);
    logEvent(logging, event, `told: ${event.kind}`);
  };
  const watch = watchAll(metricsWatch(metrics), { answered: logRequests(logging) });
  // What is in the outbox while the agent thinks.
  const { outbox } = openOutboxCollections(openFileStore(gateway.root));
  const queued: (string | undefined)[] = [];
  agent.answer = async (_, response) => {
    for (const { value } of (await outbox.list()).entries) {
      if (value.protocol === "handover") queued.push(value.correlation);
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ choices: [{ message: { role: "assistant", content: "hi" } }] }));
  };
  const daemon = await startGateway(node, { host: "127.0.0.1", port: 0, onEvent, watch });
  try {
    const post = async (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
      const url = `http://127.0.0.1:${daemon.port}/federation/message`;
      const response = await fetch(url, { method: "POST", body, headers });
      await response.body?.cancel();
      return response.status;
    };
    const now = { timestamp: new Date().toISOString() };
    const message = signedBody(stan, messageTo({ node }, stan, { ...now, nonce: "n-1" }));
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
    assertEquals(await post(message, { traceparent }), 200);
    assertEquals(await post(message), 200);
    assertEquals(await post(signedBody(stranger(), messageTo({ node }, stan, now))), 401);
    await eventually("the agent's turn", () => seen.includes("delivered"));
    assertEquals(queued, [TRACE]);
    const entries = async () => {
      logging.flush();
      return (await Deno.readTextFile(logging.path)).trim().split("\n").map(parseLine);
    };
    const lines = await eventually("the log of three requests", async () => {
      const all = await entries();
      return all.filter((entry) => entry?.category === "http").length === 3 && all;
    });
    const of = (id: string) =>
      lines.filter((entry) => entry?.correlation === id).map((entry) =>
        entry!.category === "http" ? "request" : entry!.properties?.event
      );
    assertEquals(of(TRACE).slice().sort(), ["delivered", "ogp-message", "request"]);
    const ids = new Set(
      lines.filter((entry) => entry?.category === "http").map((entry) => entry?.correlation),
    );
    assertEquals(ids.size, 3);

    const families = parseMetrics(await metrics.text());
    const value = (name: string, labels: Record<string, string>) =>
      families.get(name)?.samples.find((sample) =>
        Object.entries(labels).every(([key, one]) => sample.labels[key] === one) &&
        Object.keys(sample.labels).length === Object.keys(labels).length
      )?.value;
    const received = (outcome: string) =>
      value("mesh_messages_received_total", { protocol: "ogp", outcome });
    assertEquals(["accepted", "repeated", "refused", "failed"].map(received), [1, 1, 1, 0]);
    const count = (name: string, labels: Record<string, string>) =>
      families.get(name)?.samples.find((sample) =>
        sample.name.endsWith("_count") &&
        Object.entries(labels).every(([k, v]) => sample.labels[k] === v)
      )?.value;
    assertEquals(count("mesh_store_seconds", { protocol: "ogp" }), 1);
    assertEquals(count("mesh_verify_seconds", { protocol: "ogp" }), 3);
    assertEquals(count("mesh_agent_answer_seconds", { surface: "ogp" }), 1);
    assertEquals(value("mesh_agent_answers_total", { surface: "ogp", outcome: "accepted" }), 1);
    assertEquals(value("mesh_http_requests_total", { surface: "ogp", status: "200" }), 2);
  } finally {
    await daemon.stop(1000);
    logging[Symbol.dispose]();
    node[Symbol.dispose]();
    await agent[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
  }
});

Deno.test("messages of Agent Mesh V1 are counted by what became of them", async () => {
  await using me = await testNode();
  const stan = await MeshStranger.named("stan", { clock: me.clock });
  await trust(me.node, stan);
  const metrics = new Metrics({ version: "1" });
  const watch = metricsWatch(metrics);
  const daemon = await startDaemon(me.node, { host: "127.0.0.1", port: 0, watch });
  try {
    const post = async (body: Uint8Array<ArrayBuffer>) => {
      const url = `http://127.0.0.1:${daemon.port}/agent-mesh/message`;
      await (await fetch(url, { method: "POST", body })).body?.cancel();
    };
    const message = bytesOf(stan.message());
    await post(message);
    await post(message);
    await post(new TextEncoder().encode("{}"));
    const text = await eventually("three requests", async () => {
      const text = await metrics.text();
      return text.includes('{surface="mesh",status="400"} 1') && text;
    });
    for (const [outcome, times] of [["accepted", 1], ["repeated", 1], ["refused", 1]]) {
      assert(
        text.includes(`received_total{protocol="mesh",outcome="${outcome}"} ${times}\n`),
        text,
      );
    }
    // A repetition is noticed by trying to store it.
    assert(text.includes('mesh_store_seconds_count{protocol="mesh"} 2\n'), text);
  } finally {
    await daemon.stop(1000);
  }
});

Deno.test("a request is told with its status, also when its client does not wait", async () => {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const reached = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  app.get("/slow", async (c) => {
    reached.resolve();
    await over.promise;
    return c.text("late");
  });
  const told: AnsweredRequest[] = [];
  const watch = { answered: (request: AnsweredRequest) => void told.push(request) };
  const server = await listen(app, { host: "127.0.0.1", port: 0, watch });
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}/nothing?token=x`);
    assertEquals([response.status, await response.text()], [404, "404 Not Found"]);
    {
      using client = await RawClient.connect(server.port);
      await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      await reached.promise;
      await client.close();
    }
    await eventually("both", () => told.length === 2);
    over.resolve();
    assertEquals(told.map(({ method, path, status }) => [method, path, status]), [
      ["GET", "/nothing", 404],
      ["GET", "/slow", 499],
    ]);
    assert(told.every(({ ms }) => ms >= 0));
  } finally {
    over.resolve();
    await server.close(0);
  }
});

Deno.test("only programs of this machine may say what their requests belong to", async () => {
  await startCorrelating();
  const { currentCorrelation } = await import("../../../lib/log/correlation.ts");
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/", (c) => c.text(currentCorrelation() ?? "none"));
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  try {
    const ask = async (headers: Record<string, string>) =>
      await (await fetch(`http://127.0.0.1:${server.port}/`, { headers })).text();
    const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
    assertEquals(await ask({ traceparent }), TRACE);
    // Through a tunnel or proxy it is somebody else.
    const through = await ask({ traceparent, "x-forwarded-for": "203.0.113.7" });
    assert(/^[0-9a-f]{32}$/.test(through) && through !== TRACE);
    assert(await ask({ traceparent: "x" }) !== await ask({}));
  } finally {
    await server.close(0);
  }
});
