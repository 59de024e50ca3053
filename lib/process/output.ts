/**
 * Takes what a program prints, never more than there is room for.
 *
 * @module
 */

/** Reads a stream to its end, or until it is stopped. */
export class Output {
  /** Settles when the stream has ended. Never rejects. */
  readonly ended: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #limit: number;
  readonly #onFull: (() => void) | undefined;
  #pieces: Uint8Array[] = [];
  #size = 0;

  /**
   * Begins to read.
   *
   * @param stream What is printed.
   * @param limit Most bytes to keep.
   * @param onFull Called when there is more. Without it the last bytes are kept, and reading goes on.
   */
  constructor(stream: ReadableStream<Uint8Array>, limit: number, onFull?: () => void) {
    this.#reader = stream.getReader();
    this.#limit = limit;
    this.#onFull = onFull;
    this.ended = this.#read();
  }

  /** Stops reading; what a process still prints goes nowhere. */
  async stop(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    await this.ended;
  }

  /**
   * What was kept.
   *
   * @returns The text; bytes that are not UTF-8 become `�`.
   */
  text(): string {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return new TextDecoder().decode(all.subarray(Math.max(0, this.#size - this.#limit)));
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        if (this.#onFull && this.#size + value.length > this.#limit) return this.#onFull();
        this.#keep(value);
      }
    } catch {
      // A pipe that breaks is a pipe that ends.
    }
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    for (;;) {
      const [oldest] = this.#pieces;
      if (!oldest || this.#size - oldest.length < this.#limit) return;
      this.#pieces.shift();
      this.#size -= oldest.length;
    }
  }
}
