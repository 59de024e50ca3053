import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { NoAnswerError, parsePeerUrl, postJson } from "../../../lib/net/post.ts";

/** Serves one handler while the work lasts. */
async function withServer(
  handler: (request: Request) => Response | Promise<Response>,
  work: (url: URL) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  try {
    await work(new URL(`http://127.0.0.1:${server.addr.port}/agent-mesh/message`));
  } finally {
    await server.shutdown();
  }
}

Deno.test("a document is posted as JSON, and any answer is an answer", async () => {
  await withServer(async (request) => {
    const { method, headers } = request;
    const seen = { method, type: headers.get("content-type"), body: await request.text() };
    return Response.json(seen, { status: 418 });
  }, async (url) => {
    const { status, body, retryAfter } = await postJson(url, '{"text":"ü"}');
    assertEquals([status, retryAfter], [418, undefined]);
    assertEquals(JSON.parse(body), {
      method: "POST",
      type: "application/json",
      body: '{"text":"ü"}',
    });
  });
});

Deno.test("Retry-After is read as seconds or a date, and ignored if it makes no sense", async () => {
  const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString();
  const values: [value: string, least: number | undefined, most: number | undefined][] = [
    ["120", 120, 120],
    [inTwoMinutes, 110, 121],
    ["0", undefined, undefined],
    ["-5", undefined, undefined],
    ["soon", undefined, undefined],
    ["1e3", undefined, undefined],
    ["Mon, 01 Jan 2001 00:00:00 GMT", undefined, undefined],
  ];
  for (const [value, least, most] of values) {
    const handler = () => new Response("", { status: 503, headers: { "retry-after": value } });
    await withServer(handler, async (url) => {
      const { retryAfter } = await postJson(url, "{}");
      if (least === undefined || most === undefined) {
        assertEquals([value, retryAfter], [value, least]);
      } else assert(retryAfter !== undefined && retryAfter >= least && retryAfter <= most, value);
    });
  }
});

Deno.test("a redirect is an answer, and is not followed", async () => {
  const paths: string[] = [];
  await withServer((request) => {
    paths.push(new URL(request.url).pathname);
    return new Response(null, { status: 308, headers: { location: "/elsewhere" } });
  }, async (url) => {
    assertEquals((await postJson(url, "{}")).status, 308);
    assertEquals(paths, ["/agent-mesh/message"]);
  });
});

Deno.test("no more is read of an answer than allowed", async () => {
  await withServer(() => new Response("x".repeat(1_000_000)), async (url) => {
    const { status, body } = await postJson(url, "{}", { maxBytes: 1_000 });
    assert(status === 200 && body.length <= 1_000, `${body.length} characters`);
  });
});

Deno.test("silence ends at the timeout, whenever it sets in", async () => {
  for (const begun of [false, true]) {
    const hung = Promise.withResolvers<void>();
    const half = () =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
        pull: () => hung.promise,
      });
    const handler = async () => {
      if (!begun) await hung.promise;
      return new Response(begun ? half() : "");
    };
    await withServer(handler, async (url) => {
      try {
        const { message, code, ownFault } = await assertRejects(
          () => postJson(url, "{}", { timeoutMs: 150 }),
          NoAnswerError,
        );
        assertEquals([code, ownFault], ["timeout", false]);
        assertEquals(message, `${url.origin} did not answer within 0.15 s`);
      } finally {
        hung.resolve();
      }
    });
  }
});

Deno.test("an attempt that is called off is nobody's verdict on the peer", async () => {
  const hung = Promise.withResolvers<Response>();
  await withServer(() => hung.promise, async (url) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    try {
      for (const signal of [stop.signal, AbortSignal.abort()]) {
        const post = () => postJson(url, "{}", { signal });
        assertEquals((await assertRejects(post, NoAnswerError)).ownFault, true);
      }
    } finally {
      hung.resolve(new Response());
    }
  });
});

Deno.test("that nobody is there is the peer's fault, and said in words", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/`);
  const accepting = listener.accept();
  const cut = assertRejects(() => postJson(url, "{}"), NoAnswerError, "Cannot reach");
  (await accepting).close();
  assertEquals((await cut).ownFault, false);
  listener.close();
  const refused = await assertRejects(() => postJson(url, "{}"), NoAnswerError);
  assertEquals(refused.message, `Cannot reach ${url.origin}: nothing listens there`);
  assertEquals([refused.code, refused.ownFault], ["unavailable", false]);
});

Deno.test("an endpoint is a plain http(s) URL at an address that a peer can have", () => {
  const usable = ["http://192.168.1.7:8787", "https://mesh.example/stan", "http://[::1]:8787"];
  for (const text of usable) assertEquals(parsePeerUrl(text).origin, URL.parse(text)?.origin);
  const unusable = [
    "",
    "mesh.example",
    "ftp://mesh.example",
    "javascript:alert(1)",
    "http://user:secret@mesh.example",
    "ftp://user:secret@mesh.example",
    "http://0.0.0.0",
    "http://0x7f.1.1.999999",
    "http://169.254.169.254/latest",
    "http://2852039166/",
    "http://[fe80::1]",
    "http://[::ffff:169.254.169.254]",
    "http://255.255.255.255",
  ];
  for (const text of unusable) {
    const { code, message } = assertThrows(() => parsePeerUrl(text), MeshError);
    assertEquals([text, code], [text, "malformed"]);
    assert(!message.includes("secret"), message);
  }
});
