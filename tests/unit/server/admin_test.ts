import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { openOutboxCollections } from "../../../lib/delivery/outbox_state.ts";
import { MeshError } from "../../../lib/error.ts";
import { Metrics } from "../../../lib/metrics/metrics.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import {
  Admin,
  type AdminOptions,
  adminToken,
  adminTokenPath,
  channelMetrics,
  metricsTell,
  metricsWatch,
} from "../../../server/admin.ts";
import type { DaemonEvent } from "../../../server/daemon_event.ts";
import { folder } from "../log/folder.ts";
import { parseMetrics } from "../metrics/text_parser.ts";
import { jsonOf, rawExchange, statusOf } from "./raw_client.ts";

interface Running extends AsyncDisposable {
  readonly root: string;
  readonly port: number;
  readonly token: string;
  readonly admin: Admin;
  readonly metrics: Metrics;
  ask(path: string, headers?: Record<string, string>, method?: string): Promise<Response>;
}

async function running(options: Partial<AdminOptions> = {}): Promise<Running> {
  const at = await folder();
  const metrics = new Metrics({ version: "1.2.3" });
  const store = openFileStore(at.root);
  const config = { port: 0, hosts: ["mesh.example"] };
  const admin = new Admin({ store, config, version: "1.2.3", metrics, ...options });
  await admin.start();
  const port = admin.port!;
  return {
    root: at.root,
    port,
    token: await adminToken(at.root),
    admin,
    metrics,
    ask: (path, headers = {}, method = "GET") =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers, method }),
    async [Symbol.asyncDispose]() {
      await admin.stop();
      await at[Symbol.asyncDispose]();
    },
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

Deno.test("whether it lives and is ready is told to every program of this machine", async () => {
  await using one = await running();
  const health = await one.ask("/healthz");
  assertEquals([health.status, await health.json()], [200, { ok: true }]);
  const ready = await one.ask("/readyz");
  assertEquals([ready.status, await ready.json()], [200, {
    ok: true,
    checks: { storage: { ok: true }, running: { ok: true } },
  }]);
  assertEquals(ready.headers.get("cache-control"), "no-store");
  // Nothing is left of the look at the disk.
  const names = await Array.fromAsync(Deno.readDir(`${one.root}/run`), ({ name }) => name);
  assertEquals(names, ["admin.token"]);
});

Deno.test("why it is not ready is told to those who have the token", async () => {
  const ready = {
    channels: () => {
      throw new MeshError("unavailable", "telegram is not connected: /home/anna");
    },
  };
  await using one = await running({ ready });
  const stranger = await one.ask("/readyz");
  assertEquals([stranger.status, (await stranger.json()).checks.channels], [503, { ok: false }]);
  const owner = await one.ask("/readyz", bearer(one.token));
  assertEquals([owner.status, (await owner.json()).checks.channels.problem], [
    503,
    "telegram is not connected: /home/anna",
  ]);
});

Deno.test("the rest needs the token, whole and right", async () => {
  await using one = await running();
  for (const path of ["/metrics", "/openapi.json"]) {
    for (
      const headers of [
        {},
        bearer(""),
        bearer(one.token.slice(0, -1)),
        bearer(`${one.token}x`),
        bearer(one.token.toLowerCase()),
        { authorization: `Basic ${btoa(`admin:${one.token}`)}` },
      ]
    ) {
      const answer = await one.ask(path, headers);
      assertEquals([answer.status, (await answer.json()).error], [401, "not_trusted"]);
      assert(answer.headers.get("www-authenticate")?.startsWith("Bearer"));
    }
    const guessed = await one.ask(`${path}?token=${one.token}`);
    assertEquals(guessed.status, 401);
    await guessed.body?.cancel();
    const answer = await one.ask(path, bearer(one.token));
    assertEquals(answer.status, 200);
    await answer.body?.cancel();
  }
});

Deno.test("who calls it by another name, and pages of other sites, are refused", async () => {
  await using one = await running();
  const ask = async (host: string, more = "") => {
    const { received } = await rawExchange(
      one.port,
      `GET /healthz HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`,
    );
    return statusOf(received) === 200 ? 200 : [statusOf(received), jsonOf(received).error];
  };
  for (
    const host of ["127.0.0.1", `localhost:${one.port}`, "[::1]:1", "mesh.example", "LOCALHOST"]
  ) {
    assertEquals(await ask(host), 200, host);
  }
  for (
    const host of [
      "evil.example",
      "127.0.0.1.evil.example",
      "127.0.0.2",
      "localhost.",
      "x@127.0.0.1",
    ]
  ) {
    const answer = await ask(host);
    assert(Array.isArray(answer) && (answer[0] === 403 || answer[0] === 400), `${host}: ${answer}`);
  }
  const own = `127.0.0.1:${one.port}`;
  assertEquals(await ask(own, `Origin: http://${own}\r\n`), 200);
  for (const origin of ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"]) {
    assertEquals(await ask(own, `Origin: ${origin}\r\n`), [403, "refused"], origin);
  }
  assertEquals(await ask(own, "Sec-Fetch-Site: cross-site\r\n"), [403, "refused"]);
  assertEquals(await ask(own, "Sec-Fetch-Site: none\r\n"), 200);
});

Deno.test("other methods and paths are refused as everywhere", async () => {
  await using one = await running();
  const post = await one.ask("/metrics", bearer(one.token), "POST");
  assertEquals([post.status, post.headers.get("allow")], [405, "GET"]);
  await post.body?.cancel();
  const nothing = await one.ask("/admin.token");
  assertEquals([nothing.status, await nothing.json()], [404, { ok: false, error: "not_found" }]);
});

Deno.test("metrics tell the queue, the channels, and what events and requests count", async () => {
  await using one = await running();
  const tell = metricsTell(
    one.metrics,
    (() => {
      let time = 0;
      return () => time += 2_000;
    })(),
  );
  const chat = { channel: "telegram", account: "default", chat: "1" };
  const from = { name: "Bert", id: "b", publicKey: "302a" };
  const events: DaemonEvent[] = [
    { kind: "ogp-request", from, gatewayUrl: "http://b.example" },
    { kind: "delivered", to: "Bert", message_id: "1", protocol: "ogp" },
    { kind: "dead", to: "stan", message_id: "2", reason: "no" },
    { kind: "delivered", to: "Bert", message_id: "3", protocol: "handover" },
    { kind: "fault", error: "x" },
    { kind: "ocg-message", ...chat, sender: "7", characters: 3 },
    { kind: "ocg-answered", ...chat, characters: 9, parts: 1 },
    { kind: "ocg-stranger", ...chat, sender: "8" },
    { kind: "ocg-undelivered", ...chat, reason: "no", again: true },
  ];
  for (const event of events) tell(event);
  const channels = [{ channel: "telegram", state: "running" }, {
    channel: "telegram",
    state: "failed",
  }] as const;
  channelMetrics(one.metrics, () => channels);
  const { outbox, failed } = openOutboxCollections(openFileStore(one.root));
  const entry = {
    protocol: "mesh",
    to: "stan",
    created_at: new Date(Date.now() - 60_000).toISOString(),
    attempts: 0,
    next_attempt_at: new Date().toISOString(),
  };
  await outbox.put("a", { id: "a", ...entry });
  await outbox.put("b", { id: "b", ...entry, created_at: new Date().toISOString() });
  await failed.put("c", { id: "c", ...entry });
  await (await one.ask("/healthz")).body?.cancel();

  const answer = await one.ask("/metrics", bearer(one.token));
  assertEquals(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const families = parseMetrics(await answer.text());
  const value = (name: string, labels: Record<string, string> = {}) =>
    families.get(name.replace(/_(?:sum|count)$/, ""))?.samples.find((sample) =>
      sample.name === name &&
      JSON.stringify(Object.entries(sample.labels).sort()) ===
        JSON.stringify(Object.entries(labels).sort())
    )?.value ?? families.get(name)?.samples.find((sample) =>
      JSON.stringify(sample.labels) === JSON.stringify(labels)
    )?.value;
  assertEquals(value("mesh_queue_entries", { state: "queued" }), 2);
  assertEquals(value("mesh_queue_entries", { state: "dead" }), 1);
  const age = value("mesh_queue_oldest_seconds")!;
  assert(age >= 60 && age < 600, String(age));
  assertEquals(value("mesh_channels", { channel: "telegram", state: "failed" }), 1);
  assertEquals(value("mesh_channels", { channel: "telegram", state: "stopped" }), 0);
  assertEquals(value("mesh_requests_received_total", { protocol: "ogp" }), 1);
  assertEquals(value("mesh_messages_sent_total", { protocol: "ogp", outcome: "accepted" }), 1);
  assertEquals(value("mesh_messages_sent_total", { protocol: "mesh", outcome: "dead" }), 1);
  assertEquals(value("mesh_messages_sent_total", { protocol: "ocg", outcome: "waiting" }), 1);
  assertEquals(value("mesh_messages_received_total", { protocol: "ocg", outcome: "refused" }), 1);
  assertEquals(value("mesh_agent_answers_total", { surface: "ogp", outcome: "accepted" }), 1);
  assertEquals(value("mesh_agent_answers_total", { surface: "ocg", outcome: "accepted" }), 1);
  assertEquals(value("mesh_agent_answer_seconds_sum", { surface: "ocg" }), 2);
  assertEquals(value("mesh_faults_total"), 1);
  assertEquals(value("mesh_http_requests_total", { surface: "admin", status: "200" }), 1);
});

const PROMTOOL = Deno.env.get("MESH_PROMTOOL");

Deno.test({
  name: "Prometheus' own program has nothing to say against the metrics",
  ignore: PROMTOOL === undefined,
  async fn() {
    const metrics = new Metrics({ version: "1.2.3" });
    const watch = metricsWatch(metrics);
    watch.step?.("ogp", "verify", 0.05);
    watch.answered?.({ method: "GET", path: "/", status: 200, ms: 1 });
    channelMetrics(metrics, () => [{ channel: "telegram", state: "running" }]);
    const child = new Deno.Command(PROMTOOL!, {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(await metrics.text()));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals([code, said], [0, ""]);
  },
});

Deno.test("the token is made once, whoever begins first, and stays", async () => {
  await using at = await folder();
  await Deno.remove(`${at.root}/run`);
  const all = await Promise.all(Array.from({ length: 20 }, () => adminToken(at.root)));
  assertEquals(new Set(all).size, 1);
  assert(/^[\w-]{43}$/.test(all[0]!));
  assertEquals(await adminToken(at.root), all[0]);
  const names = await Array.fromAsync(Deno.readDir(`${at.root}/run`), ({ name }) => name);
  assertEquals(names, ["admin.token"]);
  if (Deno.build.os !== "windows") {
    assertEquals((await Deno.stat(adminTokenPath(at.root))).mode! & 0o777, 0o600);
  }
});

Deno.test("a token that others can read, or that is none, stops the start", async () => {
  await using at = await folder();
  const path = adminTokenPath(at.root);
  await Deno.writeTextFile(path, `${"x".repeat(43)}\n`, { mode: 0o600 });
  if (Deno.build.os !== "windows") {
    await Deno.chmod(path, 0o644);
    const error = await assertRejects(() => adminToken(at.root), MeshError, "can read");
    assert(!error.message.includes("xxx"));
    await Deno.chmod(path, 0o600);
  }
  await Deno.writeTextFile(path, "");
  await assertRejects(() => adminToken(at.root), MeshError, "holds no token");
});

Deno.test("a port that is taken is told with what helps", async () => {
  await using one = await running();
  await using at = await folder();
  const second = new Admin({
    store: openFileStore(at.root),
    config: { port: one.port, hosts: [] },
    version: "1",
    metrics: new Metrics({ version: "1" }),
  });
  const error = await assertRejects(() => second.start(), MeshError, "the admin surface needs it");
  assertEquals(error.code, "port_in_use");
  assertStringIncludes(error.hint ?? "", "mesh config set admin.port ");
  assertStringIncludes(error.hint ?? "", "mesh config set admin.enabled false");
  await second.stop();
});
