/**
 * Takes lines and blocks out of a stream of bytes, never more than it is asked for.
 *
 * @module
 */
import { GetError } from "./get_error.ts";

/** How much is asked of the source at once. */
const PIECE = 16_384;

/** Reads from a source with a small buffer. */
export class ByteReader {
  private buffer: Uint8Array = new Uint8Array();
  private readonly room = new Uint8Array(PIECE);

  /**
   * Makes a reader; nothing is read yet.
   *
   * @param source What gives the bytes; `null` is the end.
   */
  constructor(private readonly source: { read(into: Uint8Array): Promise<number | null> }) {}

  /**
   * Reads a line.
   *
   * @param limit The most characters it may have.
   * @returns The line as Latin-1, without its end (CRLF or LF).
   * @throws {GetError} `not_http` if it is longer, `cut_off` if the bytes end first.
   */
  async line(limit: number): Promise<string> {
    let seen = 0;
    for (;;) {
      const end = this.buffer.indexOf(0x0a, seen);
      if (end >= 0) {
        const line = latin1(this.buffer.subarray(0, end)).replace(/\r$/, "");
        this.buffer = this.buffer.subarray(end + 1);
        if (line.length > limit) throw tooLong();
        return line;
      }
      seen = this.buffer.length;
      if (seen > limit + 1) throw tooLong();
      if (!await this.fill()) throw cutOff();
    }
  }

  /**
   * Reads a block.
   *
   * @param length How many bytes.
   * @returns Exactly so many.
   * @throws {GetError} `cut_off` if there are fewer.
   */
  async take(length: number): Promise<Uint8Array> {
    const block = new Uint8Array(length);
    for (let size = 0; size < length;) {
      if (this.buffer.length === 0 && !await this.fill()) throw cutOff();
      const part = this.buffer.subarray(0, length - size);
      block.set(part, size);
      size += part.length;
      this.buffer = this.buffer.subarray(part.length);
    }
    return block;
  }

  /**
   * Reads what is left.
   *
   * @param limit The most bytes to take.
   * @returns All bytes up to the end.
   * @throws {GetError} `too_large` if there are more.
   */
  async toEnd(limit: number): Promise<Uint8Array> {
    const block = new Uint8Array(limit);
    let size = 0;
    do {
      if (size + this.buffer.length > limit) {
        throw new GetError("too_large", `The answer is larger than ${limit} bytes`);
      }
      block.set(this.buffer, size);
      size += this.buffer.length;
      this.buffer = this.buffer.subarray(this.buffer.length);
    } while (await this.fill());
    return block.slice(0, size);
  }

  /** Adds to the buffer what comes next; `false` at the end. */
  private async fill(): Promise<boolean> {
    const size = await this.source.read(this.room);
    if (size === null) return false;
    const both = new Uint8Array(this.buffer.length + size);
    both.set(this.buffer);
    both.set(this.room.subarray(0, size), this.buffer.length);
    this.buffer = both;
    return true;
  }
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function tooLong(): GetError {
  return new GetError("not_http", "The answer has a line that is longer than any that HTTP sends");
}

function cutOff(): GetError {
  return new GetError("cut_off", "The connection was closed in the middle of the answer");
}
