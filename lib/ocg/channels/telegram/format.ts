/**
 * Turns the Markdown that agents write into Telegram's text with entities. Entities are positions beside
 * the text, so nothing needs to be escaped and no answer is lost to a stray asterisk, as happens with
 * `parse_mode`. What is not recognized stays as written.
 *
 * @module
 */

/** How a piece of text looks. */
export type TelegramLook =
  | { readonly type: "bold" | "code" }
  | { readonly type: "pre"; readonly language?: string }
  | { readonly type: "text_link"; readonly url: string };

/** A piece of text that looks different; positions are UTF-16 units, as in the Bot API. */
export type TelegramEntity = TelegramLook & {
  /** Where it begins. */
  readonly offset: number;
  /** How long it is, at least 1. */
  readonly length: number;
};

/** A text and how it looks. */
export interface TelegramText {
  /** The text without marks. */
  readonly text: string;
  /** Its entities, in order. */
  readonly entities: TelegramEntity[];
}

/** Telegram looks at no more than so many. */
const MOST_ENTITIES = 100;

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}#{1,6} +(.*?)(?: +#+)? *$/;
const INLINE =
  /`([^`\n]+)`|\*\*(?=[^\s*])([^*\n]*[^\s*])\*\*|\[([^\[\]\n]+)\]\((https?:\/\/[^\s()]+)\)/g;

/**
 * Formats an answer.
 *
 * @param markdown What the agent wrote, possibly cut off anywhere while it is still writing.
 * @returns Never longer than what came in. If nothing would be left to read, it is as it came in.
 *
 * @example
 * ```ts
 * import { format } from "./format.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(format("Run `ls` in **this** folder"), {
 *   text: "Run ls in this folder",
 *   entities: [{ type: "code", offset: 4, length: 2 }, { type: "bold", offset: 10, length: 4 }],
 * });
 * ```
 */
export function format(markdown: string): TelegramText {
  const out = new Writer();
  let fence: { mark: string; language: string; start: number } | undefined;
  for (const line of markdown.split("\n")) {
    const [, mark = "", info = ""] = FENCE.exec(line) ?? [];
    if (fence) {
      if (mark.startsWith(fence.mark) && info.trim() === "") {
        out.close(fence);
        fence = undefined;
      } else out.line(line);
    } else if (mark !== "") {
      fence = { mark, language: info.trim().split(/\s/)[0] ?? "", start: out.startOfLine() };
    } else writeLine(out, line);
  }
  if (fence) out.close(fence);
  const entities = out.entities.filter(({ length }) => length > 0).slice(0, MOST_ENTITIES);
  return out.text.trim() === "" ? { text: markdown, entities: [] } : { text: out.text, entities };
}

function writeLine(out: Writer, line: string): void {
  const heading = HEADING.exec(line)?.[1];
  if (heading) {
    const start = out.startOfLine();
    out.line(heading.replaceAll("**", ""));
    out.mark({ type: "bold" }, start);
    return;
  }
  out.line("");
  let end = 0;
  for (const found of line.matchAll(INLINE)) {
    const [whole, code, bold, label, url = ""] = found;
    out.text += line.slice(end, found.index);
    const start = out.text.length;
    out.text += code ?? bold ?? label;
    if (code !== undefined) out.mark({ type: "code" }, start);
    else if (bold !== undefined) out.mark({ type: "bold" }, start);
    else out.mark({ type: "text_link", url }, start);
    end = found.index + whole.length;
  }
  out.text += line.slice(end);
}

/** Text under way. */
class Writer {
  text = "";
  readonly entities: TelegramEntity[] = [];
  #begun = false;

  /** Where the next line will begin. */
  startOfLine(): number {
    return this.#begun ? this.text.length + 1 : 0;
  }

  line(line: string): void {
    if (this.#begun) this.text += "\n";
    this.#begun = true;
    this.text += line;
  }

  mark(look: TelegramLook, offset: number): void {
    this.entities.push({ ...look, offset, length: this.text.length - offset });
  }

  close({ language, start }: { language: string; start: number }): void {
    this.mark({ type: "pre", ...(language === "" ? {} : { language }) }, start);
  }
}
