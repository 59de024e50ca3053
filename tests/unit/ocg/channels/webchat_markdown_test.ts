import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PAGE_MARKDOWN } from "../../../../lib/ocg/channels/webchat/page_markdown.ts";

/** As much of a browser's element as the page's script needs. */
class Element {
  readonly nodes: (Element | string)[] = [];
  className = "";
  href = "";
  start = 1;
  tabIndex = -1;

  constructor(readonly localName: string) {}

  append(...nodes: (Element | string)[]): void {
    this.nodes.push(...nodes.filter((node) => node !== ""));
  }

  appendChild(node: Element): Element {
    this.nodes.push(node);
    return node;
  }

  createTHead(): Element {
    return this.appendChild(new Element("thead"));
  }

  createTBody(): Element {
    return this.appendChild(new Element("tbody"));
  }

  get textContent(): string {
    return this.nodes.map((node) => typeof node === "string" ? node : node.textContent).join("");
  }

  set textContent(text: string) {
    this.nodes.splice(0, Infinity, text);
  }

  /** The tree in one line, without what it is only framed by. */
  toString(): string {
    const inner = this.nodes.join("");
    const start = this.start === 1 ? "" : ` ${this.start}`;
    const frame = ["div", "span"].includes(this.localName);
    const where = this.href === "" ? "" : ` ${this.href}`;
    return frame ? inner : `<${this.localName}${start}${where}>${inner}</>`;
  }
}

interface Block {
  source: string;
  build(): Element;
}

const blocksOf: (text: string) => Block[] = new Function(
  "document",
  "navigator",
  `${PAGE_MARKDOWN}; return blocksOf;`,
)({ createElement: (name: string) => new Element(name) }, {});

function shown(text: string): string {
  return blocksOf(text).map((block) => String(block.build())).join("");
}

const CASES: [what: string, text: string, shown: string][] = [
  ["paragraphs", "one\ntwo\n\n\nthree", "<p>one\ntwo</><p>three</>"],
  [
    "bold and code",
    "**a `b`** `c` `` d`e ``",
    "<p><strong>a <code>b</></> <code>c</> <code>d`e</></>",
  ],
  ["slanted and struck", "*a b* ~~c~~ 2*3*4", "<p><em>a b</> <s>c</> 2*3*4</>"],
  ["stars that stand alone", "2 * 3 ** 4 * 5", "<p>2 * 3 ** 4 * 5</>"],
  ["names with underscores", "a_b_c", "<p>a_b_c</>"],
  ["an address", "see https://a.b/c?d=e.", "<p>see <a https://a.b/c?d=e>https://a.b/c?d=e</>.</>"],
  ["a named link", "[x](https://a.b/c_(d))", "<p><a https://a.b/c_(d)>x</></>"],
  ["other schemes", "[x](javascript:alert(1)) <b>", "<p>[x](javascript:alert(1)) <b></>"],
  ["headings", "# a\n### b ##\n#c", "<h2>a</><h4>b</><p>#c</>"],
  ["a rule", "a\n\n---\nb", "<p>a</><hr></><p>b</>"],
  ["a list", "- a\n- b\n  more\n\n- c", "<ul><li>a</><li>b\nmore</><li>c</></>"],
  ["a list in a list", "1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</></></><li>c</></>"],
  ["a list that goes on", "3) a\n4) b", "<ol 3><li>a</><li>b</></>"],
  ["two kinds of list", "1. a\n- b", "<ol><li>a</></><ul><li>b</></>"],
  ["a quote", "> a\n> - b", "<blockquote><p>a</><ul><li>b</></></>"],
  ["code", "x\n```ts\n# a\n\n- b\n```\ny", "<p>x</>ts<pre><code># a\n\n- b</></><p>y</>"],
  ["code that has not ended", "```\na\n", "<pre><code>a\n</></>"],
  ["code that shows a fence", "````\n```\na\n```\n````", "<pre><code>```\na\n```</></>"],
  [
    "code in a list",
    "1. a\n   ```\n   b\n     c\n   ```",
    "<ol><li>a</></><pre><code>b\n  c</></>",
  ],
  [
    "a table",
    "|a|b|\n|-|:-:|\n|1|2 \\| 3|\n|4|",
    "<table><thead><tr><th>a</><th>b</></></><tbody><tr><td>1</><td>2 | 3</></><tr><td>4</><td></></></></>",
  ],
  ["a line with a bar", "a | b\nc", "<p>a | b\nc</>"],
];

for (const [what, text, expected] of CASES) {
  Deno.test(`the page shows ${what}`, () => assertEquals(shown(text), expected));
}

Deno.test("whatever is written, every word of it is shown, and the blocks are all of the text", () => {
  const piece = fc.oneof(
    fc.constantFrom("\n", "\n\n", "```", "~~~", "`", "**", "*", "~~", "|", "---", "> ", "# ", "- "),
    fc.constantFrom("1. ", "  ", "    ", "[", "](https://a.b)", "https://x.y/z", "|-|-|", "\\"),
    fc.stringMatching(/^[a-z]{1,5}$/).map((word) => `${word} `),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
    const text = pieces.join("");
    const blocks = blocksOf(text);
    const built = blocks.map((block) => block.build().textContent).join("\n");
    // What stands behind a fence names the language, of which one word is shown, and cells of a table may
    // be more than its columns.
    if (/```|~~~|\|/.test(text)) return;
    for (const word of text.match(/[a-z]{2,}/g) ?? []) {
      assert(built.includes(word) || /https|a\.b/.test(text), `${JSON.stringify(text)}: ${word}`);
    }
    const sources = blocks.map(({ source }) => source).join("").replaceAll("\n", "");
    const lines = text.split("\n").filter((line) => line.trim() !== "").join("");
    assertEquals(sources.replaceAll(/\s/g, ""), lines.replaceAll(/\s/g, ""));
  }));
});

Deno.test("lines made to keep the page busy do not", () => {
  const many = 10_000;
  const lines = [
    ...[
      "`",
      "``` ",
      "**a ",
      "~~a",
      "*a ",
      "[",
      "[a](",
      "https://",
      "|",
      "- ",
      "> ",
      "# ",
      " ",
      "-",
      "~",
    ],
  ].map((part) => part.repeat(many));
  const ends = ["", "x", "|", "`", "#"];
  for (const line of lines) {
    for (const end of ends) {
      for (
        const text of [line + end, `# ${line}${end}`, `a | b\n${line}${end}`, `--- ${line}${end}|`]
      ) {
        for (const block of blocksOf(text)) block.build();
      }
    }
  }
});
