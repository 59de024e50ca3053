import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { format } from "../../../../lib/ocg/channels/telegram/format.ts";

/** The text with its entities in brackets. */
function shown(markdown: string): string {
  const { text, entities } = format(markdown);
  let out = text;
  for (const { type, offset, length } of entities.toReversed()) {
    out = `${out.slice(0, offset)}<${type}:${out.slice(offset, offset + length)}>` +
      out.slice(offset + length);
  }
  return out;
}

Deno.test("the Markdown of agents becomes readable", () => {
  assertEquals(
    shown("# Plan\n\n- **one**: `a_b`\n- two"),
    "<bold:Plan>\n\n- <bold:one>: <code:a_b>\n- two",
  );
  assertEquals(shown("see [the page](https://a.example/x)."), "see <text_link:the page>.");
  assertEquals(shown("```js\nlet **a** = 1;\n```\ndone"), "<pre:let **a** = 1;>\ndone");
  assertEquals(format("```js\nx\n```").entities, [{
    type: "pre",
    language: "js",
    offset: 0,
    length: 1,
  }]);
  assertEquals(shown("a\n````\n```\n````"), "a\n<pre:```>");
});

Deno.test("what is still being written is shown as far as it is known", () => {
  assertEquals(shown("Look:\n```py\nprint("), "Look:\n<pre:print(>");
  assertEquals(shown("Look:\n```py"), "Look:");
  assertEquals(shown("this is **bo"), "this is **bo");
});

Deno.test("what is not meant as a mark stays as written", () => {
  for (
    const text of [
      "2 * 3 * 4",
      "snake_case_name",
      "a ** b ** c",
      "[x](javascript:y)",
      "<b>&amp;",
      "#no",
    ]
  ) {
    assertEquals(format(text), { text, entities: [] });
  }
  assertEquals(format("```\n```"), { text: "```\n```", entities: [] });
});

Deno.test("entities lie within the text, in order, apart from each other, and no text gets longer", () => {
  const piece = fc.constantFrom(
    "**",
    "`",
    "```",
    "\n",
    "# ",
    "[a](https://b.c)",
    "x",
    " ",
    "é",
    "😀",
    "~~~",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const markdown = pieces.join("");
      const { text, entities } = format(markdown);
      assert(text.length <= markdown.length);
      let end = 0;
      for (const { offset, length } of entities) {
        assert(offset >= end && length > 0 && offset + length <= text.length);
        end = offset + length;
      }
    }),
    { numRuns: 500 },
  );
});
