/**
 * What a person sees while logging in: codes to scan, and what the platform says meanwhile.
 *
 * @module
 */
import { safeText, type Terminal } from "../../terminal.ts";
import { documentLine } from "../document_line.ts";
import { drawQr } from "./qr.ts";

/** Columns where the terminal does not tell how many it has. */
const NARROW = 80;

/** Shows a login. */
export class LoginScreen {
  readonly #terminal: Terminal;
  readonly #columns: () => number;
  /** Codes are drawn one after the other. */
  #drawing: Promise<void> = Promise.resolve();

  /**
   * Shows nothing yet.
   *
   * @param terminal Where to.
   * @param columns How many columns the terminal has.
   */
  constructor(terminal: Terminal, columns: () => number = columnsHere) {
    this.#terminal = terminal;
    this.#columns = columns;
  }

  /** Resolves when all codes so far are drawn. */
  get shown(): Promise<void> {
    return this.#drawing;
  }

  /**
   * Shows a code to scan.
   *
   * @param text What is in it, mostly a URL.
   */
  code(text: string): void {
    documentLine(this.#terminal, { kind: "code", url: text });
    if (this.#terminal.json) return;
    this.#drawing = this.#drawing.then(() => this.#draw(text)).catch(() => {
      // What cannot be drawn can be opened.
      this.#terminal.line(`Open this on your phone: ${safeText(text)}`);
    });
  }

  /**
   * Shows what the platform says.
   *
   * @param text A line.
   */
  said(text: string): void {
    documentLine(this.#terminal, { kind: "status", text });
    if (!this.#terminal.json) this.#terminal.note(safeText(text));
  }

  async #draw(text: string): Promise<void> {
    const { lines, width } = await drawQr(text, this.#terminal.color);
    if (width > this.#columns()) {
      this.#terminal.warn(`the terminal is too narrow for the code: it needs ${width} columns`);
    }
    this.#terminal.line(lines.join("\n"));
    this.#terminal.note(`Scan it with your phone, or open there: ${safeText(text)}`);
  }
}

function columnsHere(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return NARROW;
  }
}
