import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineSplitter, readLines } from "../../../lib/expose/lines.ts";

function split(pieces: readonly string[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return lines;
}

Deno.test("lines are the same however the output is cut into pieces", () => {
  const word = fc.string({ unit: fc.constantFrom(..."ab \r\n") });
  fc.assert(fc.property(fc.array(word), (pieces) => {
    assertEquals(split(pieces), split([pieces.join("")]));
  }));
});

Deno.test("colours, control characters and empty lines are left out, and long lines are cut", () => {
  assertEquals(split(["\u001b[31mred\u001b[0m\u0000\r\n\n", "  \nend"]), ["red", "end"]);
  const [line, next] = split(["x".repeat(5000), "x".repeat(5000), "\nnext"]);
  assertEquals([line?.length, next], [8192, "next"]);
});

Deno.test("a stream is read to its end, and a character that was cut in two is whole", async () => {
  const bytes = new TextEncoder().encode("é\nü");
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const lines: string[] = [];
  await readLines(stream, (line) => lines.push(line)).ended;
  assertEquals(lines, ["é", "ü"]);
});

Deno.test("reading a stream that does not end can be stopped", async () => {
  const lines: string[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("begun")),
  });
  const reading = readLines(stream, (line) => lines.push(line));
  await reading.stop();
  await reading.ended;
});
