import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { settledText, splitText } from "../../../lib/ocg/split.ts";

const FENCE_LINE = /^ {0,3}(?:`{3,}|~{3,})\w*\s*$/;

const word = fc.oneof(
  fc.stringMatching(/^[a-z]{1,12}$/),
  fc.constantFrom("Ende.", "e\u0301le\u0300ve", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "नमस्ते", "한국어", "日本語。", "👍🏽"),
);
const line = fc.array(word, { maxLength: 12 }).map((words) => words.join(" "));
const prose = fc.array(fc.oneof(line, fc.constant("")), { maxLength: 20 })
  .map((lines) => lines.join("\n"));
const code = fc.tuple(fc.constantFrom("```js", "```", "~~~~", "~~~py"), prose)
  .map(([open, body]) => `${open}\n${body}\n${open.replace(/\w/g, "")}`);
const mixed = fc.array(fc.oneof(prose, code), { maxLength: 6 }).map((all) => all.join("\n\n"));
const limit = fc.integer({ min: 60, max: 300 });

const clustersOf = (text: string) =>
  Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
    .filter((cluster) => cluster.trim() !== "");
const withoutFences = (text: string) =>
  text.split("\n").filter((line) => !FENCE_LINE.test(line)).join("\n").replace(/\s+/g, "");

/** Whether a block of code is open at the end. */
function isOpen(text: string): boolean {
  let closing = "";
  for (const line of text.split("\n")) {
    const [, marks = "", info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (closing === "") closing = marks;
    else if (marks.startsWith(closing) && info.trim() === "") closing = "";
  }
  return closing !== "";
}

Deno.test("a part is never too long, never blank and never half a character", () => {
  fc.assert(
    fc.property(
      fc.oneof(mixed, fc.string({ unit: "grapheme", maxLength: 400 })),
      limit,
      (text, max) => {
        for (const part of splitText(text, max)) {
          assert(part.length <= max, `${part.length} > ${max}`);
          assert(part.trim() !== "");
          assert(part.isWellFormed());
        }
      },
    ),
  );
});

Deno.test("of prose nothing is lost, doubled or torn but the blanks at the cuts", () => {
  fc.assert(fc.property(prose, fc.integer({ min: 24, max: 200 }), (text, max) => {
    assertEquals(splitText(text, max).flatMap(clustersOf), clustersOf(text));
  }));
});

Deno.test("of code nothing is lost, and each part closes what it opens", () => {
  fc.assert(fc.property(mixed, limit, (text, max) => {
    const parts = splitText(text, max);
    assertEquals(parts.map(withoutFences).join(""), withoutFences(text));
    for (const part of parts) assert(!isOpen(part), part);
  }));
});

Deno.test("while a text grows, all parts but the last stay as they are", () => {
  fc.assert(
    fc.property(mixed, fc.integer({ min: 30, max: 90 }), (text, max) => {
      const whole = splitText(text, max);
      for (let at = 1; at < text.length; at += 3) {
        const parts = splitText(settledText(text.slice(0, at)), max);
        assert(parts.length <= whole.length);
        assertEquals(parts.slice(0, -1), whole.slice(0, Math.max(0, parts.length - 1)));
      }
    }),
    { numRuns: 60 },
  );
});

Deno.test("even where nothing fits, it ends, and keeps code points whole", () => {
  fc.assert(fc.property(mixed, fc.integer({ min: 2, max: 12 }), (text, max) => {
    for (const part of splitText(text, max)) {
      assert(part.length <= max && part.isWellFormed());
    }
  }));
  assertEquals(splitText("a" + "\u0301".repeat(500), 100).join("").length, 501);
});

Deno.test("paragraphs are preferred to lines, lines to sentences, sentences to words", () => {
  assertEquals(splitText("One one.\nTwo.\n\nThree. Four", 20), ["One one.\nTwo.", "Three. Four"]);
  assertEquals(splitText("One one. Two.\nThree. Four", 20), ["One one. Two.", "Three. Four"]);
  assertEquals(splitText("One, and one. Then two", 16), ["One, and one.", "Then two"]);
  assertEquals(splitText("one two three four five", 14), ["one two three", "four five"]);
  assertEquals(splitText("x".repeat(25), 10), ["x".repeat(10), "x".repeat(10), "x".repeat(5)]);
});

Deno.test("a fence that is cut is opened again, and one that would stay empty is not", () => {
  const text = "Look:\n\n```python\nfirst()\n  second()\nthird()\n```\nDone.";
  assertEquals(splitText(text, 40), [
    "Look:\n\n```python\nfirst()\n  second()\n```",
    "```python\nthird()\n```\nDone.",
  ]);
  assertEquals(splitText("Before it comes the text.\n```python\nfirst()\n```", 38), [
    "Before it comes the text.",
    "```python\nfirst()\n```",
  ]);
  assertEquals(splitText("```\naaaaaaa\nbbbbbbb\n```", 20), [
    "```\naaaaaaa\n```",
    "```\nbbbbbbb\n```",
  ]);
});

Deno.test("a text without content has no parts, and a limit that is none is refused", () => {
  assertEquals(splitText(" \n\n ", 10), []);
  assertThrows(() => splitText("a", 1));
  assertThrows(() => splitText("a", NaN));
});

Deno.test("a megabyte is split quickly", () => {
  const text = ("Some words here. ".repeat(20) + "\n```\n" + "code;\n".repeat(50) + "```\n").repeat(
    1500,
  );
  const start = performance.now();
  const parts = splitText(text, 4096);
  assert(parts.length > 200);
  assert(performance.now() - start < 3000, `${performance.now() - start} ms`);
});
