import { assert, assertEquals } from "@std/assert";
import { recordsIn, testNode } from "../mesh/parties.ts";
import { BODY_LIMIT } from "../../../server/mesh.ts";
import { jsonOf, rawExchange, statusOf } from "./raw_client.ts";
import { CONTACT, MESSAGE, serve } from "./served.ts";

function post(path: string, header: string, body = ""): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\n${header}\r\nConnection: close\r\n\r\n${body}`;
}

function chunk(body: string): string {
  return `${body.length.toString(16)}\r\n${body}\r\n`;
}

Deno.test("the limit is 256 KiB", () => assertEquals(BODY_LIMIT, 262_144));

Deno.test("one byte more than the limit is a 413, announced or in chunks", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  const body = " ".repeat(BODY_LIMIT + 1);
  for (const path of [CONTACT, MESSAGE]) {
    const requests = [
      post(path, `Content-Length: ${body.length}`, body),
      post(path, "Transfer-Encoding: chunked", `${chunk(body)}0\r\n\r\n`),
      post(
        path,
        "Transfer-Encoding: chunked",
        chunk(body.slice(1)) + chunk(" ") + "0\r\n\r\n",
      ),
    ];
    for (const request of requests) {
      const { received, cut } = await rawExchange(served.port, request);
      assertEquals([cut, statusOf(received)], [true, 413]);
      assertEquals(jsonOf(received).error, "too_large");
    }
  }
  assertEquals(await recordsIn(me.root), before);
});

Deno.test("an announced length is refused before any of the body is sent", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  for (const length of ["262145", "99999999999999999999"]) {
    const { received, cut } = await rawExchange(
      served.port,
      post(MESSAGE, `Content-Length: ${length}`),
    );
    assert(cut);
    assert([400, 413].includes(statusOf(received)), received);
  }
});

Deno.test("exactly the limit is read, announced or in chunks", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const body = "{}".padEnd(BODY_LIMIT);
  const requests = [
    post(MESSAGE, `Content-Length: ${body.length}`, body),
    post(MESSAGE, "Transfer-Encoding: chunked", chunk(body) + "0\r\n\r\n"),
  ];
  for (const request of requests) {
    const { received } = await rawExchange(served.port, request);
    assertEquals([statusOf(received), jsonOf(received).error], [400, "malformed"]);
  }
});

Deno.test("a body without end is cut at the limit, and the server serves on", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const { received, cut } = await rawExchange(
    served.port,
    post(MESSAGE, "Transfer-Encoding: chunked", chunk("x".repeat(65_536)).repeat(200)),
  );
  // The answer may be lost when the client is still sending; the end of the connection is not.
  assert(cut);
  assert([0, 413].includes(statusOf(received)), received);
  assertEquals((await served.ask("/healthz")).status, 200);
});

Deno.test("a client that goes away in the middle of a body leaves nothing behind", async () => {
  await using me = await testNode();
  await using served = await serve(me.node);
  const before = await recordsIn(me.root);
  const half = post(MESSAGE, "Content-Length: 1000", '{"type":"direct_message"');
  await rawExchange(served.port, half, 50);
  assertEquals(await recordsIn(me.root), before);
  assertEquals(served.told.faults, []);
  assertEquals((await served.ask("/healthz")).status, 200);
});
