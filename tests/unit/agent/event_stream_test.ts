import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EventStream, type ServerSentEvent } from "../../../lib/agent/event_stream.ts";

function parse(pieces: readonly Uint8Array[]): ServerSentEvent[] {
  const stream = new EventStream();
  return [...pieces.flatMap((piece) => stream.push(piece)), ...stream.end()];
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("fields, comments and blank lines are read as the standard says", () => {
  const text = "\ufeff: hello\nevent: error\ndata: a\ndata:b\nid: 7\nretry: 5\nodd\n\n" +
    "data\n\ndata:  two blanks\n\nevent: nothing\n\n\n\ndata: last\n\n";
  assertEquals(parse([bytes(text)]), [
    { type: "error", data: "a\nb" },
    { type: "message", data: "" },
    { type: "message", data: " two blanks" },
    { type: "message", data: "last" },
  ]);
});

Deno.test("an event without its blank line counts at the end of the stream", () => {
  for (const end of ["", "\n", "\r", "\r\n"]) {
    assertEquals(parse([bytes(`data: [DONE]${end}`)]), [{ type: "message", data: "[DONE]" }]);
  }
  assertEquals(parse([bytes(": only a comment")]), []);
});

Deno.test("how the bytes are cut changes nothing, in any line ending and any script", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n]/g, ""));
  const event = fc.array(line, { minLength: 1, maxLength: 4 });
  const ending = fc.constantFrom("\n", "\r", "\r\n");
  const cuts = fc.array(fc.nat({ max: 10_000 }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), ending, cuts, (events, end, cuts) => {
      const text = events.map((lines) => lines.map((data) => `data: ${data}${end}`).join("") + end);
      const all = bytes(text.join(""));
      const places = cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b);
      const pieces = [0, ...places].map((from, i) => all.subarray(from, places[i] ?? all.length));
      const wanted = events.map((lines) => ({
        type: "message",
        data: lines.join("\n").toWellFormed(),
      }));
      assertEquals(parse(pieces), wanted);
    }),
    { numRuns: 500 },
  );
});

Deno.test("a stream cut byte by byte is the stream", () => {
  const text = 'data: {"content":"Grüße 👋🏽 你好"}\r\n\r\ndata: [DONE]\r\n\r\n';
  const pieces = Array.from(bytes(text), (byte) => Uint8Array.of(byte));
  assertEquals(parse(pieces), parse([bytes(text)]));
  assertEquals(parse(pieces).length, 2);
});

Deno.test("a line of 8 MB in small pieces takes no time worth mentioning", () => {
  const stream = new EventStream();
  const piece = bytes("x".repeat(1024));
  stream.push(bytes("data: "));
  const start = performance.now();
  for (let i = 0; i < 8192; i++) stream.push(piece);
  const [event] = stream.end();
  assertEquals(event?.data.length, 8 * 1024 * 1024);
  assertEquals(performance.now() - start < 2000, true);
});
