/**
 * Asking a person at a terminal. Questions go to stderr, so that results stay alone on stdout.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";
import type { Terminal } from "./terminal.ts";

/** Where answers come from; `Deno.stdin` fits. */
export interface AnswerSource {
  /** Reads what was typed: whole lines, or single keys once `setRaw` was called. */
  read(bytes: Uint8Array): Promise<number | null>;
  /** Whether keys arrive as they are pressed, unseen. */
  setRaw(raw: boolean): void;
}

/** Most bytes of an answer. */
const LONGEST = 8192;

const ENTER = /[\r\n]/;
/** Ctrl-C and Ctrl-D, as a terminal in raw mode sends them. */
const GIVING_UP = ["\u0003", "\u0004"];
const BACKSPACE = ["\u007f", "\b"];

/** Asks a person. */
export class Prompt {
  readonly #terminal: Terminal;
  readonly #source: AnswerSource;

  /**
   * @param terminal Where the questions go.
   * @param source Where the answers come from.
   */
  constructor(terminal: Terminal, source: AnswerSource = Deno.stdin) {
    this.#terminal = terminal;
    this.#source = source;
  }

  /**
   * Asks for a line.
   *
   * @param question What is asked, without a final blank.
   * @returns What was typed, without blanks around it.
   * @throws {MeshError} `interrupted` if there will be no answer.
   */
  async line(question: string): Promise<string> {
    this.#terminal.ask(`${question} `);
    return (await this.#read()).trim();
  }

  /**
   * Asks for a secret, which is not shown while it is typed.
   *
   * @param question What is asked, without a final blank.
   * @returns What was typed, without blanks around it.
   * @throws {MeshError} `interrupted` if it was given up.
   */
  async secret(question: string): Promise<string> {
    this.#terminal.ask(`${question} `);
    this.#source.setRaw(true);
    try {
      return await this.#readKeys();
    } finally {
      this.#source.setRaw(false);
      this.#terminal.ask("\n");
    }
  }

  async #read(): Promise<string> {
    const bytes = new Uint8Array(LONGEST);
    const size = await this.#source.read(bytes);
    // Ctrl-D on an empty line is the end of input.
    if (size === null) {
      this.#terminal.ask("\n");
      throw gaveUp();
    }
    return new TextDecoder().decode(bytes.subarray(0, size));
  }

  async #readKeys(): Promise<string> {
    const decoder = new TextDecoder();
    const bytes = new Uint8Array(LONGEST);
    let typed = "";
    while (typed.length < LONGEST) {
      const size = await this.#source.read(bytes);
      if (size === null) throw gaveUp();
      for (const key of decoder.decode(bytes.subarray(0, size), { stream: true })) {
        if (ENTER.test(key)) return typed.trim();
        if (GIVING_UP.includes(key)) throw gaveUp();
        typed = BACKSPACE.includes(key) ? [...typed].slice(0, -1).join("") : typed + key;
      }
    }
    throw new MeshError("too_large", `More than ${LONGEST} characters were typed`);
  }
}

function gaveUp(): MeshError {
  return new MeshError("interrupted", "Nothing was changed");
}
