import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { GetError, type GetErrorKind } from "../../../lib/net/get_error.ts";
import { type HttpAnswer, readAnswer } from "../../../lib/net/http_answer.ts";

/** Gives the bytes in pieces of these sizes, over and over. */
function source(bytes: Uint8Array, sizes: readonly number[]) {
  let offset = 0;
  let turn = 0;
  return {
    read(into: Uint8Array): Promise<number | null> {
      const size = Math.min(into.length, sizes[turn++ % sizes.length] ?? 1);
      const part = bytes.subarray(offset, offset + size);
      into.set(part);
      offset += part.length;
      return Promise.resolve(part.length === 0 ? null : part.length);
    },
  };
}

async function answer(text: string, maxBody = 100, sizes = [7]): Promise<[number, string]> {
  const bytes = new TextEncoder().encode(text);
  const { status, body }: HttpAnswer = await readAnswer(source(bytes, sizes), maxBody);
  return [status, new TextDecoder().decode(body)];
}

async function failure(text: string, maxBody = 100): Promise<GetErrorKind> {
  return (await assertRejects(() => answer(text, maxBody), GetError)).kind;
}

Deno.test("a body ends where its length, its chunks or the connection end", async () => {
  const cases = {
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef": "abc",
    "HTTP/1.1 200 OK\r\ncontent-length:3\r\nCONTENT-LENGTH: 3 \r\n\r\nabcdef": "abc",
    "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\nabc": "",
    "HTTP/1.0 200 OK\nX: y\n\nabcdef": "abcdef",
    "HTTP/1.0 200 OK\r\n\r\n": "",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0a;x=y\r\n0123456789\r\n0\r\n":
      "abc0123456789",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n":
      "x",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc":
      "abc",
    "HTTP/1.1 204 No Content\r\n\r\nabc": "",
  };
  for (const [text, body] of Object.entries(cases)) {
    assertEquals((await answer(text))[1], body, text);
  }
});

Deno.test("the body of a status that is no success is not read", async () => {
  assertEquals(await answer("HTTP/1.1 404 Not Found\r\nContent-Length: 999999\r\n\r\n"), [404, ""]);
  assertEquals(await answer("HTTP/1.1 302 Found\r\nLocation: x\r\n\r\nabc"), [302, ""]);
});

Deno.test("what is not HTTP/1.x is told so", async () => {
  const cases = [
    "SSH-2.0-OpenSSH\r\n",
    "\r\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "HTTP/1.1 999 X\r\n\r\n",
    "HTTP/1.1 20 X\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n".repeat(7),
    "x".repeat(20_000),
    `HTTP/1.1 200 OK\r\n${"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(1000)}\r\n`,
  ];
  for (const text of cases) assertEquals(await failure(text), "not_http", text.slice(0, 80));
});

Deno.test("an answer that ends early is cut off", async () => {
  const cases = [
    "",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 200 OK\r\nContent-Le",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ];
  for (const text of cases) assertEquals(await failure(text), "cut_off", text);
});

Deno.test("a body above the limit is refused, one at the limit is not", async () => {
  const framed = (body: string) => [
    `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    `HTTP/1.0 200 OK\r\n\r\n${body}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${
      [...body].map((letter) => `1\r\n${letter}\r\n`).join("")
    }0\r\n\r\n`,
  ];
  for (const text of framed("x".repeat(100))) assertEquals((await answer(text))[1].length, 100);
  for (const text of framed("x".repeat(101))) assertEquals(await failure(text), "too_large");
  const huge = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n";
  assertEquals(await failure(huge), "too_large");
});

Deno.test("how the bytes arrive makes no difference", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const chunks = fc.array(fc.string({ unit: "grapheme-ascii", minLength: 1 }), { maxLength: 6 });
  await fc.assert(fc.asyncProperty(sizes, chunks, async (sizes, chunks) => {
    const body = chunks.join("");
    const chunked = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");
    for (
      const text of [
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}0\r\n\r\n`,
        `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}and more`,
        `HTTP/1.1 200 OK\r\n\r\n${body}`,
      ]
    ) {
      assertEquals(await answer(text, 1000, sizes), [200, body]);
    }
  }));
});
