/**
 * All talk to the terminal, and its rules:
 *
 * - Results go to stdout, everything else (notes, warnings, errors, progress) to stderr.
 * - With `--json`, stdout carries exactly one JSON document (or one a line, where a command says so),
 *   printed as Python's `json.dumps(indent=2)` prints it; a failure is a document too.
 * - An error is one sentence and a hint with the next command.
 * - Colour only on a terminal and never with `NO_COLOR`; progress only on a terminal.
 * - Text that came from a peer is shown without control characters, so that it cannot move the cursor,
 *   recolour a line or reorder what is read.
 *
 * @module
 */
import * as colors from "@std/fmt/colors";
import { codeOf, MeshError, messageOf } from "../lib/error.ts";
import { fromPlain } from "../lib/signing/json_plain.ts";
import { printJson } from "../lib/signing/json_print.ts";

/** Where text goes; `Deno.stdout` and `Deno.stderr` fit. */
export interface TextSink {
  /** Writes some of the bytes and says how many. */
  writeSync(bytes: Uint8Array): number;
  /** Whether a person is looking. */
  isTerminal(): boolean;
}

/** What a terminal needs to know about its surroundings. */
export interface TerminalOptions {
  /** Results. */
  readonly stdout: TextSink;
  /** Notes, warnings, errors, progress. */
  readonly stderr: TextSink;
  /** Reads an environment variable; used for `NO_COLOR` only. */
  readonly env: (name: string) => string | undefined;
  /** Whether results are printed as JSON. */
  readonly json?: boolean;
}

/** A column of a table: its heading, and how a cell is coloured. */
export interface Column {
  /** The heading, as printed. */
  readonly title: string;
  /** Colours a padded cell; called only when colours are on. */
  readonly paint?: (text: string) => string;
}

// Bidirectional controls, zero-width characters and line separators: invisible, and able to make a line
// read differently from what it says.
// deno-lint-ignore no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * Makes text of foreign origin harmless for a terminal line.
 *
 * @param text Any text.
 * @returns The text with line breaks as spaces and every other control or invisible character as `�`.
 *
 * @example
 * ```ts
 * import { safeText } from "./terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(safeText("hi\n\u001b[31mred"), "hi �[31mred");
 * ```
 */
export function safeText(text: string): string {
  return text.replace(/\r\n|[\r\n\t]/g, " ").replace(UNSAFE, "\ufffd");
}

/** One process' voice. */
export class Terminal {
  /** Whether results are printed as JSON. */
  readonly json: boolean;
  readonly #options: TerminalOptions;
  readonly #color: boolean;
  readonly #encoder = new TextEncoder();
  #progress = "";
  #unheard = false;

  /** @param options Streams, environment and mode. */
  constructor(options: TerminalOptions) {
    this.#options = options;
    this.json = options.json ?? false;
    this.#color = options.stdout.isTerminal() && !options.env("NO_COLOR");
  }

  /** The same terminal in the mode that a command's `--json` asks for. */
  withJson(json: boolean): Terminal {
    return new Terminal({ ...this.#options, json });
  }

  /** Whether a person reads stdout and can be asked. */
  get interactive(): boolean {
    return !this.json && this.#options.stderr.isTerminal();
  }

  /** Whether stdout may be coloured. */
  get color(): boolean {
    return this.#color;
  }

  /** Whether the reader of the results went away, as in `mesh … | head`. */
  get unheard(): boolean {
    return this.#unheard;
  }

  /** A result for people; nothing in JSON mode. */
  line(text = ""): void {
    if (!this.json) this.raw(text + "\n");
  }

  /** A result for programs; nothing in text mode. */
  document(value: unknown): void {
    if (this.json) this.raw(jsonText(value) + "\n");
  }

  /** Text for stdout as it is, in either mode. */
  raw(text: string): void {
    this.#clearProgress();
    this.#write(this.#options.stdout, text);
  }

  /** Something worth knowing that is not the result. */
  note(text: string): void {
    this.#error(`${text}\n`);
  }

  /** A question: the answer is typed behind it, on the same line. */
  ask(text: string): void {
    this.#error(text);
  }

  /** Something that the reader should look at. */
  warn(text: string): void {
    this.#error(`${this.#paint(colors.yellow, "warning:")} ${text}\n`);
  }

  /** A failure: the sentence and the hint on stderr and, in JSON mode, a document on stdout. */
  fail(error: unknown): void {
    const hint = error instanceof MeshError ? error.hint : undefined;
    this.document(failureDocument(error));
    this.#error(`${this.#paint(colors.red, "mesh:")} ${safeText(messageOf(error))}\n`);
    if (hint !== undefined) this.#error(`${this.#paint(colors.cyan, "hint:")} ${safeText(hint)}\n`);
  }

  /** A table for people: columns as wide as their widest cell, the last one unpadded. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): void {
    if (this.json) return;
    for (const row of layoutTable(columns, rows, this.#color)) this.line(row);
  }

  /** Replaces the progress line on a terminal; does nothing elsewhere. */
  progress(text: string): void {
    if (!this.#options.stderr.isTerminal()) return;
    this.#clearProgress();
    this.#write(this.#options.stderr, text);
    this.#progress = text;
  }

  /** Takes the progress line away. */
  endProgress(): void {
    this.#clearProgress();
  }

  #clearProgress(): void {
    if (this.#progress === "") return;
    this.#progress = "";
    this.#write(this.#options.stderr, "\r\x1b[2K");
  }

  #error(text: string): void {
    this.#clearProgress();
    this.#write(this.#options.stderr, text);
  }

  #paint(paint: (text: string) => string, text: string): string {
    const on = this.#options.stderr.isTerminal() && !this.#options.env("NO_COLOR");
    return on ? paint(text) : text;
  }

  #write(sink: TextSink, text: string): void {
    let bytes = this.#encoder.encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(sink.writeSync(bytes));
    } catch (error) {
      // The reader went away: there is nobody left to tell.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      if (sink === this.#options.stdout) this.#unheard = true;
    }
  }
}

/**
 * Lays a table out in lines.
 *
 * @param columns Headings and colours.
 * @param rows Cells, as many a row as there are columns; made safe here.
 * @param color Whether cells are painted.
 * @returns The heading line and a line a row, without trailing blanks.
 */
export function layoutTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  color = false,
): string[] {
  const cells = rows.map((row) => row.map(safeText));
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((row) => width(row[i] ?? "")))
  );
  const pad = (text: string, i: number) =>
    i === columns.length - 1 ? text : text + " ".repeat((widths[i] ?? 0) - width(text));
  const line = (row: readonly string[], paint: boolean) =>
    row.map((cell, i) => {
      const padded = pad(cell, i);
      const painter = columns[i]?.paint;
      return paint && painter ? painter(padded) : padded;
    }).join("  ").trimEnd();
  const head = line(columns.map((column) => column.title), false);
  return [color ? colors.bold(head) : head, ...cells.map((row) => line(row, color))];
}

/**
 * A failure as `--json` prints it.
 *
 * @param error What was thrown.
 * @returns `{"ok":false,"error":code,"message":sentence}`, with the hint if there is one.
 */
export function failureDocument(error: unknown): Readonly<Record<string, unknown>> {
  const hint = error instanceof MeshError ? error.hint : undefined;
  return {
    ok: false,
    error: codeOf(error),
    message: messageOf(error),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** How many terminal cells a text takes, near enough: East Asian wide characters and emoji take two. */
function width(text: string): number {
  let cells = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (/\p{Mark}/u.test(char)) continue;
    const wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
    cells += wide ? 2 : 1;
  }
  return cells;
}

/**
 * A value as JSON text, as Python's `json.dumps(value, indent=2)` prints it: everything outside ASCII is
 * escaped, so the text is also safe on any terminal, and numbers of lossless documents keep their text.
 *
 * @param value A JSON value, ordinary or lossless.
 * @returns The text, without a final line break.
 */
export function jsonText(value: unknown): string {
  return asciiJson(printJson(fromPlain(value), 2));
}

/**
 * JSON text with everything outside ASCII escaped, which it can only be inside of strings.
 *
 * @param text JSON text.
 * @returns The same document in ASCII.
 */
export function asciiJson(text: string): string {
  return text.replace(
    /[^\n -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
