/**
 * The lines that a program prints, however it cuts them into pieces and however much it prints.
 *
 * @module
 */

/** Characters of a line that are kept; no line that matters is nearly as long. */
const LONGEST = 8192;

// deno-lint-ignore no-control-regex -- the sequences that set colours, and what else moves a cursor
const DECORATION = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** Puts pieces of text together to lines. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #begun = "";

  /**
   * Nothing has been printed yet.
   *
   * @param onLine Told of each line: without its end, colours and control characters, cut at 8,192
   * characters; empty ones are left out.
   */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /**
   * Takes the next piece.
   *
   * @param piece Any part of the output.
   */
  push(piece: string): void {
    const [first = "", ...rest] = piece.split(/\r?\n/);
    this.#begun = (this.#begun + first).slice(0, LONGEST);
    for (const next of rest) {
      this.end();
      this.#begun = next.slice(0, LONGEST);
    }
  }

  /** The output has ended: what was begun is a line. */
  end(): void {
    const line = this.#begun.replace(DECORATION, "");
    this.#begun = "";
    if (line.trim() !== "") this.#onLine(line);
  }
}

/** Output that is being read. */
export interface Reading {
  /** Settles when there is no more. Never rejects. */
  readonly ended: Promise<void>;
  /** Stops reading. */
  stop(): Promise<void>;
}

/**
 * Reads a stream line by line.
 *
 * @param stream What is printed.
 * @param onLine Told of each line, as {@linkcode LineSplitter} tells it.
 * @returns The reading, under way.
 */
export function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Reading {
  const reader = stream.getReader();
  const ended = (async () => {
    const decoder = new TextDecoder();
    const lines = new LineSplitter(onLine);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        lines.push(decoder.decode(value, { stream: true }));
      }
    } catch {
      // A pipe that breaks is a pipe that ends.
    }
    lines.end();
  })();
  return {
    ended,
    async stop() {
      await reader.cancel().catch(() => {});
      await ended;
    },
  };
}
