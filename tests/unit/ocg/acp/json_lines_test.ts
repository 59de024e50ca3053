import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { AgentError } from "../../../../lib/agent/agent_error.ts";
import { JsonLines, type RpcMessage } from "../../../../lib/ocg/acp/json_lines.ts";

/** A program that prints some bytes, in pieces. */
function printing(pieces: readonly Uint8Array[], longest?: number) {
  const read: Uint8Array[] = [];
  const lines = new JsonLines({
    stdin: new WritableStream({ write: (bytes) => void read.push(bytes) }),
    stdout: ReadableStream.from(pieces) as ReadableStream<Uint8Array>,
  }, longest);
  const notified: RpcMessage[] = [];
  lines.onNotification = (message) => notified.push(message);
  const told = async (message: RpcMessage) => {
    const writer = lines.writable.getWriter();
    await writer.write(message);
    writer.releaseLock();
  };
  return { lines, notified, told, read };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The same bytes, cut at these places. */
function cut(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [...at].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.slice(from, places[index] ?? bytes.length));
}

Deno.test("messages come whole, wherever the bytes are cut and whatever stands between them", async () => {
  const request = fc.record({
    jsonrpc: fc.constant("2.0"),
    id: fc.nat(),
    method: fc.string(),
    params: fc.string({ unit: "grapheme" }),
  });
  const rubbish = fc.constantFrom("", "\r", "Loading…", "{", '{"id":1}', "[]", "null", '{"a":"');
  const line = fc.tuple(request, rubbish, fc.constantFrom("\n", "\r\n"));
  const property = fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (all, places) => {
    const text = all.map(([message, other, end]) =>
      `${other}${end}${JSON.stringify(message)}${end}`
    ).join("");
    const { lines } = printing(cut(bytesOf(text), places));
    assertEquals(
      await Array.fromAsync(lines.readable),
      all.map(([message]) => JSON.parse(JSON.stringify(message))),
    );
  });
  await fc.assert(property);
});

Deno.test("what wants no answer is told before what comes later, and apart", async () => {
  const rpc = (more: object) => JSON.stringify({ jsonrpc: "2.0", ...more }) + "\n";
  const said = rpc({ method: "one" }) + rpc({ id: 1, method: "two" }) + rpc({ method: "three" });
  const { lines, notified } = printing([bytesOf(said)]);
  const reader = lines.readable.getReader();
  assertEquals((await reader.read()).value?.method, "two");
  assertEquals(notified.map(({ method }) => method), ["one", "three"]);
  assert((await reader.read()).done);
});

Deno.test("only answers to what was asked are answers, and each only once", async () => {
  const answer = (id: unknown) => JSON.stringify({ jsonrpc: "2.0", id, result: {} }) + "\n";
  const { lines, told, read } = printing([
    bytesOf(answer(8) + answer(7) + answer(7) + answer("7")),
  ]);
  await told({ jsonrpc: "2.0", id: 7, method: "ask" });
  await told({ jsonrpc: "2.0", method: "tell" });
  assertEquals((await Array.fromAsync(lines.readable)).map(({ id }) => id), [7]);
  const written = read.map((bytes) => new TextDecoder().decode(bytes)).join("");
  assertEquals(written.split("\n").length, 3);
});

Deno.test("a line that does not end is a failure, and not kept", async () => {
  const piece = bytesOf("x".repeat(1000));
  const { lines } = printing(Array.from({ length: 100 }, () => piece), 5000);
  const error = await assertRejects(() => Array.fromAsync(lines.readable), AgentError);
  assertEquals(error.failure, "too_large");
  await lines.close();
});
