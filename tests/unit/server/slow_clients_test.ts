import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { testNode } from "../mesh/parties.ts";
import { RawClient, rawExchange, statusOf } from "./raw_client.ts";
import { MESSAGE, serve } from "./served.ts";

const SHORT = { headersMs: 150, bodyMs: 150, idleMs: 150 };
/** Most milliseconds that a cut may come late on a machine that is busy. */
const LATE = 1500;

const HEAD = `POST ${MESSAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`;

Deno.test("who is too slow is cut off", async (t) => {
  await using me = await testNode();
  await using served = await serve(me.node, {}, SHORT);
  const beginnings = {
    "with nothing": "",
    "with half a header": "POST /agent-mesh/message HTTP/1.1\r\nHo",
    "with headers and no body": HEAD,
    "with half a body": HEAD + '{"type":',
    "with half a chunk": HEAD.replace("Content-Length: 1000", "Transfer-Encoding: chunked") +
      "ff\r\n{",
  };
  for (const [name, beginning] of Object.entries(beginnings)) {
    await t.step(name, async () => {
      const { cut, millis } = await rawExchange(served.port, beginning);
      assert(cut);
      assertGreater(millis, 140);
      assertLess(millis, 300 + LATE);
    });
  }
});

Deno.test("sending a byte now and then does not buy time", async (t) => {
  await using me = await testNode();
  await using served = await serve(me.node, {}, SHORT);
  const beginnings = {
    "in the header": "POST /agent-mesh/message HTTP/1.1\r\nX: ",
    "in the body": HEAD,
  };
  for (const [name, beginning] of Object.entries(beginnings)) {
    await t.step(name, async () => {
      using client = await RawClient.connect(served.port);
      await client.send(beginning);
      const start = performance.now();
      while (await client.send("x") && performance.now() - start < 5000) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const { cut, millis } = await client.ended(5000);
      await client.close();
      assert(cut);
      assertLess(millis, 300 + LATE);
    });
  }
});

Deno.test("a connection that is kept open is cut when nothing comes any more", async (t) => {
  await using me = await testNode();
  await using served = await serve(me.node, {}, SHORT);
  const requests = {
    "after a GET": ["GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200],
    "after a POST": [`POST ${MESSAGE} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`, 400],
    "after a body that nobody read": [
      "POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
      404,
    ],
    "after a second request": ["GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2), 200],
  } as const;
  for (const [name, [request, status]] of Object.entries(requests)) {
    await t.step(name, async () => {
      const { received, cut, millis } = await rawExchange(served.port, request);
      assertEquals([cut, statusOf(received)], [true, status]);
      assertLess(millis, 300 + LATE);
    });
  }
});

Deno.test("a patient limit leaves a slow client time", async () => {
  await using me = await testNode();
  await using served = await serve(me.node, {}, { ...SHORT, headersMs: 5000, bodyMs: 5000 });
  using client = await RawClient.connect(served.port);
  for (const part of [HEAD.slice(0, 20), HEAD.slice(20), "{}", " ".repeat(998)]) {
    await client.send(part);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const { received } = await client.ended(1000);
  await client.close();
  assertEquals(statusOf(received), 400);
});

Deno.test("others are served while 100 clients send half a request and wait", async () => {
  await using me = await testNode();
  await using served = await serve(me.node, {}, { ...SHORT, bodyMs: 1000 });
  const slow = await Promise.all(Array.from({ length: 100 }, () => RawClient.connect(served.port)));
  await Promise.all(slow.map((client) => client.send(HEAD)));
  const start = performance.now();
  for (let i = 0; i < 10; i++) assertEquals((await served.ask("/healthz")).status, 200);
  assertLess(performance.now() - start, 1000);
  const endings = await Promise.all(slow.map((client) => client.ended(5000)));
  await Promise.all(slow.map((client) => client.close()));
  assert(endings.every(({ cut }) => cut));
});
