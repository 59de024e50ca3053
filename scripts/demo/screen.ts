/**
 * What the demo prints: headings, commands as they would be typed, and what they answered. Colours only
 * on a terminal, never with `NO_COLOR`.
 *
 * @module
 */
import * as colors from "@std/fmt/colors";

/** The demo's voice. */
export class Screen {
  readonly #color = Deno.stdout.isTerminal() && !Deno.noColor;
  readonly #encoder = new TextEncoder();

  /** What comes next. */
  heading(text: string): void {
    this.#print(`\n${this.#paint(colors.bold, `# ${text}`)}\n`);
  }

  /** A sentence to the reader. */
  say(text: string): void {
    this.#print(`\n${text}\n`);
  }

  /** Something that is run or sent, as it would be typed. */
  command(text: string): void {
    this.#print(`\n${this.#paint(colors.cyan, text)}\n`);
  }

  /** What came back, as it came. */
  answer(text: string): void {
    if (text !== "") this.#print(text.endsWith("\n") ? text : `${text}\n`);
  }

  /** Why the demo ends early; on standard error. */
  failure(reason: unknown): void {
    const text = reason instanceof Error ? reason.stack ?? reason.message : String(reason);
    this.#write(Deno.stderr, `\ndemo: ${text.trimEnd()}\n`);
  }

  #paint(paint: (text: string) => string, text: string): string {
    return this.#color ? paint(text) : text;
  }

  #print(text: string): void {
    this.#write(Deno.stdout, text);
  }

  #write(sink: { writeSync(bytes: Uint8Array): number }, text: string): void {
    let bytes = this.#encoder.encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(sink.writeSync(bytes));
    } catch (error) {
      // The reader went away (`deno task demo | head`); what was started still has to be cleared up.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  }
}
