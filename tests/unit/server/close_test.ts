import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { MeshError } from "../../../lib/error.ts";
import { listen } from "../../../server/listen.ts";
import { RawClient, statusOf } from "./raw_client.ts";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const LOOPBACK = { host: "127.0.0.1", port: 0 };

/** An application that answers when it is told to. */
function waiting() {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get("/", async (c) => {
    asked.resolve();
    await answer.promise;
    return c.json({ ok: true });
  });
  return { app, asked: asked.promise, answer: answer.resolve };
}

Deno.test("closing lets a request under way finish and ends its connection", async () => {
  const { app, asked, answer } = waiting();
  const server = await listen(app, LOOPBACK);
  using client = await RawClient.connect(server.port);
  await client.send(GET);
  await asked;
  const closed = server.close(5000);
  answer();
  const { received, cut } = await client.ended(5000);
  await client.close();
  await closed;
  assertEquals([cut, statusOf(received)], [true, 200]);
});

Deno.test("closing cuts what is not done when the grace is over", async () => {
  const { app, asked, answer } = waiting();
  const server = await listen(app, LOOPBACK);
  using client = await RawClient.connect(server.port);
  await client.send(GET);
  await asked;
  const start = performance.now();
  await server.close(100);
  assertLess(performance.now() - start, 2000);
  const { received, cut } = await client.ended(5000);
  await client.close();
  assertEquals([cut, received], [true, ""]);
  answer();
  await new Promise((resolve) => setTimeout(resolve, 20));
});

Deno.test("closing does not wait for connections that ask for nothing", async () => {
  const { app } = waiting();
  const server = await listen(app, LOOPBACK);
  using silent = await RawClient.connect(server.port);
  using half = await RawClient.connect(server.port);
  await half.send("GET / HT");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const start = performance.now();
  await server.close(5000);
  assertLess(performance.now() - start, 2000);
  assert((await silent.ended(1000)).cut && (await half.ended(1000)).cut);
  await Promise.all([silent.close(), half.close()]);
});

Deno.test("a taken port is an error of its own", async () => {
  const { app } = waiting();
  const server = await listen(app, LOOPBACK);
  const error = await assertRejects(
    () => listen(app, { ...LOOPBACK, port: server.port }),
    MeshError,
    String(server.port),
  );
  assertEquals(error.code, "port_in_use");
  await server.close(0);
  const again = await listen(app, { ...LOOPBACK, port: server.port });
  await again.close(0);
});

Deno.test("an address that is not this machine's is an error", async () => {
  const { app } = waiting();
  const error = await assertRejects(
    () => listen(app, { host: "192.0.2.1", port: 0 }),
    MeshError,
    "192.0.2.1",
  );
  assertEquals(error.code, "io");
});
