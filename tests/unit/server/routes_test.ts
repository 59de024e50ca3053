import { assert, assertEquals } from "@std/assert";
import { testNode } from "../mesh/parties.ts";
import { jsonOf, RawClient, rawExchange, statusOf } from "./raw_client.ts";
import { assertRefused, CONTACT, MESSAGE, serve } from "./served.ts";

Deno.test("discovery shows the node's card and nothing else", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const answer = await served.ask("/agent-mesh/discovery");
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("content-type"), "application/json");
  assertEquals(answer.json, {
    ok: true,
    protocol: "openclaw-agent-mesh/v1",
    agent: me.node.identity.card,
  });
});

Deno.test("healthz says that the server is up", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const answer = await served.ask("/healthz");
  assertEquals([answer.status, answer.json], [200, { ok: true }]);
});

Deno.test("a path that does not exist is a 404 in the original's words", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const paths = [
    "/",
    "/agent-mesh",
    "/agent-mesh/nope",
    "/agent-mesh/message/",
    "//healthz",
    "/%zz",
  ];
  for (const path of paths) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const body = method === "GET" ? undefined : "{}";
      const answer = await served.ask(path, { method, ...(body ? { body } : {}) });
      assertEquals([answer.status, answer.json], [404, { ok: false, error: "not_found" }]);
    }
  }
});

Deno.test("a wrong method is a 405 that names the right one", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const allowed = {
    "/healthz": "GET",
    "/agent-mesh/discovery": "GET",
    [CONTACT]: "POST",
    [MESSAGE]: "POST",
  };
  for (const [path, allow] of Object.entries(allowed)) {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      if (method === allow) continue;
      const answer = await served.ask(path, { method });
      assertRefused(answer, 405, "method_not_allowed", me.root);
      assertEquals(answer.headers.get("allow"), allow);
    }
  }
});

Deno.test("HEAD gets the headers of GET", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const answer = await served.ask("/agent-mesh/discovery", { method: "HEAD" });
  assertEquals([answer.status, answer.text], [200, ""]);
});

Deno.test("a client of HTTP/1.0 that sends no Host is answered", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const { received, cut } = await rawExchange(served.port, "GET /healthz HTTP/1.0\r\n\r\n");
  assertEquals([cut, statusOf(received), jsonOf(received)], [true, 200, { ok: true }]);
});

Deno.test("a Host that is none is refused as JSON", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const { received } = await rawExchange(
    served.port,
    "GET /healthz HTTP/1.1\r\nHost: a b/c\r\nConnection: close\r\n\r\n",
  );
  assertEquals(statusOf(received), 400);
  assertEquals(jsonOf(received).ok, false);
  assertEquals(jsonOf(received).error, "malformed");
});

Deno.test("what is no HTTP is answered with 400 and cut", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const lines = [
    "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "hello\r\n\r\n",
    `POST ${MESSAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    `POST ${MESSAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`,
    `POST ${MESSAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`,
  ];
  for (const line of lines) {
    const { received, cut } = await rawExchange(served.port, line);
    assertEquals([cut, statusOf(received)], [true, 400], line);
  }
});

Deno.test("headers of more than 16 KiB are refused", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const { received, cut } = await rawExchange(
    served.port,
    `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`,
  );
  assertEquals([cut, statusOf(received)], [true, 431]);
});

Deno.test("a connection goes on after a refusal whose body was not read", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  using client = await RawClient.connect(served.port);
  const body = "x".repeat(10_000);
  await client.send(
    `POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await client.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const { received, cut } = await client.ended(5000);
  await client.close();
  assert(cut);
  assertEquals(statusOf(received), 404);
  assert(received.endsWith('{"ok":true}'), received);
});
