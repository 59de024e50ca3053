import { assert, assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import {
  MAX_ANSWER,
  probe,
  type ProbeFailed,
  type ProbeResult,
} from "../../../../lib/mesh/scan/probe.ts";
import {
  answering,
  closedPort,
  discovery,
  RawServer,
  sampleCard,
  send,
  silent,
  targetAt,
  untilClosed,
} from "./servers.ts";

const LONG = { timeoutMs: 10_000 };
const SHORT = { timeoutMs: 150 };

function failed(result: ProbeResult): ProbeFailed {
  assert(!result.ok, "An agent was found");
  assert(!/[\n<]/.test(result.error), `A stranger's text is in "${result.error}"`);
  return result;
}

async function kindFor(server: RawServer, options = LONG): Promise<string> {
  await using running = server;
  return failed(await probe(running.target, options)).kind;
}

Deno.test("an agent is found, with its card and its whole answer", async () => {
  const card = await sampleCard();
  const answer = { ...discovery({ ...card, extra: [1, { deep: true }] }), more: "x" };
  await using server = answering(JSON.stringify(answer));
  const result = await probe(server.target, LONG);
  assert(result.ok);
  assertEquals(result.card, card);
  assertEquals(result.response, answer);
  assertEquals(result.target, server.target);
  assertStringIncludes(server.requests[0]!, "GET /agent-mesh/discovery HTTP/1.1\r\n");
});

Deno.test("the path of a base URL stays in front of the endpoint's", async () => {
  await using server = answering(JSON.stringify(discovery(await sampleCard())));
  const result = await probe(targetAt(`${server.target.url}/behind/proxy`), LONG);
  assert(result.ok);
  assertStringIncludes(server.requests[0]!, "GET /behind/proxy/agent-mesh/discovery HTTP/1.1\r\n");
});

Deno.test("the reference's own answer over HTTP/1.0 is understood", async () => {
  const vector = JSON.parse(
    await Deno.readTextFile(
      new URL("../../../conformance/vectors/agent-mesh/discovery.json", import.meta.url),
    ),
  );
  await using server = new RawServer((conn) =>
    send(conn, `HTTP/1.0 200 OK\r\nServer: BaseHTTP/0.6\r\n\r\n${vector.response.body}`)
  );
  const result = await probe(server.target, LONG);
  assert(result.ok);
  assertEquals(result.card.agent_id, "agent-b");
});

Deno.test({ name: "an agent on IPv6 loopback is found", ignore: !hasIpv6() }, async () => {
  const card = await sampleCard();
  const server = Deno.serve(
    { hostname: "::1", port: 0, onListen() {} },
    () => Response.json(discovery(card)),
  );
  const result = await probe(targetAt(`http://[::1]:${server.addr.port}`), LONG);
  await server.shutdown();
  assert(result.ok);
});

Deno.test("a closed port is refused", async () => {
  const result = await probe(targetAt(`http://127.0.0.1:${closedPort()}`), LONG);
  assertEquals(failed(result).kind, "refused");
});

Deno.test("an address without a way to it is unreachable", async () => {
  const result = await probe(targetAt("http://255.255.255.255:8787"), LONG);
  assertEquals(failed(result).kind, "unreachable");
});

Deno.test("whatever is slow ends at the timeout, and the connection with it", async (t) => {
  const slow: Record<string, (conn: Deno.Conn) => Promise<void>> = {
    "a server that says nothing": untilClosed,
    "a header that drips": (conn) =>
      drip(conn, "HTTP/1.1 200 OK\r\nX-Long: aaaaaaaaaaaaaaaaaaaaaaaaa"),
    "half a header": async (conn) => {
      await send(conn, "HTTP/1.1 200 OK\r\nContent-");
      await untilClosed(conn);
    },
    "a body that drips": async (conn) => {
      await send(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      await drip(conn, " ".repeat(1000));
    },
    "half a body": async (conn) => {
      await send(conn, 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"ok"');
      await untilClosed(conn);
    },
  };
  for (const [name, behave] of Object.entries(slow)) {
    await t.step(name, async () => {
      await using server = new RawServer(behave);
      const result = failed(await probe(server.target, SHORT));
      assertEquals(result.kind, "timeout");
      assertStringIncludes(result.error, "150 ms");
      assertLess(result.millis, 1500);
      await eventually(() => server.open === 0);
    });
  }
});

Deno.test("a redirect is not followed", async () => {
  const card = await sampleCard();
  await using elsewhere = answering(JSON.stringify(discovery(card)));
  const headers = `Location: ${elsewhere.target.url}/agent-mesh/discovery\r\n`;
  for (const status of ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"]) {
    assertEquals(await kindFor(answering("", { status, headers })), "redirect");
  }
  assertEquals(elsewhere.requests, []);
});

Deno.test("no more than 64 KiB are read, announced or not", async (t) => {
  await t.step("announced", async () => {
    assertEquals(await kindFor(answering(" ".repeat(MAX_ANSWER + 1))), "too_large");
  });
  await t.step("endless", async () => {
    let sent = 0;
    const endless = new RawServer(async (conn) => {
      await send(conn, "HTTP/1.1 200 OK\r\n\r\n");
      const chunk = new Uint8Array(16_384).fill(32);
      for (;;) sent += await conn.write(chunk);
    });
    assertEquals(await kindFor(endless), "too_large");
    assertLess(sent, 20_000_000);
  });
  await t.step("in chunks", async () => {
    const chunked = new RawServer(async (conn) => {
      await send(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (let i = 0; i < 100; i++) await send(conn, `400\r\n${" ".repeat(1024)}\r\n`);
      await untilClosed(conn);
    });
    assertEquals(await kindFor(chunked), "too_large");
  });
  await t.step("exactly 64 KiB are fine", async () => {
    const answer = JSON.stringify(discovery(await sampleCard())).padEnd(MAX_ANSWER);
    await using server = answering(answer);
    assert((await probe(server.target, LONG)).ok);
  });
});

Deno.test("what is no agent is told apart from what is a broken one", async (t) => {
  const card = await sampleCard();
  const json = (value: unknown) => JSON.stringify(value);
  const { fingerprint: _, ...incomplete } = card;
  const cases: [name: string, kind: string, server: () => RawServer | Promise<RawServer>][] = [
    ["HTML", "not_mesh", () => answering("<!doctype html><title>Router</title>")],
    ["nothing", "not_mesh", () => answering("")],
    ["404", "not_mesh", () => answering(json(discovery(card)), { status: "404 Not Found" })],
    ["500", "not_mesh", () => answering("{}", { status: "500 Oops" })],
    ["invalid UTF-8", "not_mesh", () => answering(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))],
    ["an array", "not_mesh", () => answering("[1,2]")],
    ["another object", "not_mesh", () => answering(json({ status: "ok" }))],
    ["ok: false", "not_mesh", () => answering(json({ ...discovery(card), ok: false }))],
    ["ok: 1", "not_mesh", () => answering(json({ ...discovery(card), ok: 1 }))],
    ["v2", "not_mesh", () => answering(json({ ...discovery(card), protocol: "mesh/v2" }))],
    ["no card", "invalid", () => answering(json(discovery(undefined)))],
    ["half a card", "invalid", () => answering(json(discovery(incomplete)))],
    ["a path as id", "invalid", () => answering(json(discovery({ ...card, agent_id: "../x" })))],
    ["a key that is none", "invalid", async () => answering(json(discovery(await keyed("none"))))],
    ["a key twice", "invalid", () => answering('{"ok":true,"ok":true}')],
    ["deep nesting", "invalid", () => answering("[".repeat(5000) + "]".repeat(5000))],
    [
      "a forged fingerprint",
      "fingerprint_mismatch",
      () => answering(json(discovery({ ...card, fingerprint: `sha256:${"0".repeat(64)}` }))),
    ],
    [
      "a fingerprint of the key without its final newline",
      "fingerprint_mismatch",
      () => answering(json(discovery({ ...card, public_key: card.public_key.trimEnd() }))),
    ],
  ];
  for (const [name, kind, server] of cases) {
    await t.step(name, async () => assertEquals(await kindFor(await server()), kind));
  }
});

Deno.test("a server that hangs up in the middle", async (t) => {
  const middles = {
    "before the answer": "",
    "in the header": "HTTP/1.1 200 OK\r\nConte",
    "in the body": 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"ok":true',
    "in a chunk": 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"ok":true',
  };
  for (const [name, text] of Object.entries(middles)) {
    await t.step(name, async () => {
      assertEquals(await kindFor(new RawServer((conn) => send(conn, text))), "cut_off");
    });
  }
});

Deno.test("what does not speak HTTP is no agent", async () => {
  const ssh = new RawServer((conn) => send(conn, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
  assertEquals(await kindFor(ssh), "not_mesh");
});

Deno.test("https to a server without TLS is a failure of TLS", async () => {
  await using server = answering("{}");
  const result = await probe(targetAt(`https://127.0.0.1:${server.port}`), LONG);
  assertEquals(failed(result).kind, "tls");
});

Deno.test("a handshake without an answer ends at the timeout", async () => {
  await using server = silent();
  const result = await probe(targetAt(`https://127.0.0.1:${server.port}`), SHORT);
  assertEquals(failed(result).kind, "timeout");
  assertLess(result.millis, 1500);
});

Deno.test("an abort ends a probe with the abort's reason", async () => {
  await using server = silent();
  const abort = new AbortController();
  const running = probe(server.target, { ...LONG, signal: abort.signal });
  await eventually(() => server.requests.length === 1);
  abort.abort(new RangeError("enough"));
  await assertRejects(() => running, RangeError, "enough");
  await eventually(() => server.open === 0);
  await assertRejects(() => probe(server.target, { signal: abort.signal }), RangeError, "enough");
});

Deno.test("plain http does not go through the environment's proxy", async () => {
  await using server = answering(JSON.stringify(discovery(await sampleCard())));
  await using proxy = answering("{}");
  const script = `
    import { probe } from ${
    JSON.stringify(import.meta.resolve("../../../../lib/mesh/scan/probe.ts"))
  };
    const { ok } = await probe(${JSON.stringify(server.target)}, { timeoutMs: 10_000 });
    console.log(ok);
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    cwd: new URL("../../../../", import.meta.url),
    env: {
      http_proxy: proxy.target.url,
      HTTP_PROXY: proxy.target.url,
      NO_PROXY: "",
      NO_COLOR: "1",
    },
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "true");
  assertEquals(proxy.requests, []);
});

async function keyed(publicKey: string): Promise<unknown> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(publicKey));
  const fingerprint = `sha256:${new Uint8Array(digest).toHex()}`;
  return { ...await sampleCard(), public_key: publicKey, fingerprint };
}

async function drip(conn: Deno.Conn, text: string): Promise<void> {
  for (const letter of text) {
    await send(conn, letter);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function eventually(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert(condition(), "It did not happen within 5 s");
}

function hasIpv6(): boolean {
  return Deno.networkInterfaces().some(({ address }) => address === "::1");
}
