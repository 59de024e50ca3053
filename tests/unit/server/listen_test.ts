/** Putting an application on a port. */
import { assertEquals, assertStrictEquals } from "@std/assert";
import { Hono } from "hono";
import type { HttpBindings } from "@hono/node-server";
import { listen } from "../../../server/listen.ts";

Deno.test("listening leaves Request and Response what they were to the rest of the program", async () => {
  const { Request, Response } = globalThis;
  const app = new Hono<{ Bindings: HttpBindings }>().get("/", (c) => c.json({ ok: true }));
  const server = await listen(app, { host: "127.0.0.1", port: 0 });
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`);
    assertEquals(await answer.json(), { ok: true });
    assertStrictEquals(globalThis.Response, Response);
    assertStrictEquals(globalThis.Request, Request);
  } finally {
    await server.close(1000);
  }
});
