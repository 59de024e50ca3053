/**
 * Reading a log file line by line, however long its lines are and whatever becomes of it meanwhile.
 *
 * @module
 */

/** Most bytes of a line; the rest of a longer one is left out. */
const LONGEST = 256 * 1024;

const CHUNK = 64 * 1024;
const LINE_BREAK = 10;

/** Cuts bytes into lines. */
class LineCutter {
  #rest = new Uint8Array(0);
  #skipping = false;

  /**
   * Takes bytes.
   *
   * @param bytes What comes next.
   * @returns The lines that are whole now, blank ones left out.
   */
  *take(bytes: Uint8Array): Generator<string> {
    let from = 0;
    while (true) {
      const end = bytes.indexOf(LINE_BREAK, from);
      const piece = bytes.subarray(from, end < 0 ? bytes.length : end);
      if (!this.#skipping) this.#rest = joined(this.#rest, piece);
      if (end < 0) {
        if (this.#rest.length <= LONGEST || this.#skipping) return;
        // Told already, and not kept: a line that never ends would take all memory.
        yield `${textOf(this.#rest.subarray(0, LONGEST))}…`;
        this.#rest = new Uint8Array(0);
        this.#skipping = true;
        return;
      }
      if (this.#skipping) this.#skipping = false;
      else yield* this.end();
      from = end + 1;
    }
  }

  /**
   * Takes what there is for a line: the last one may lack its line break.
   *
   * @returns The line, if there is one.
   */
  *end(): Generator<string> {
    const line = textOf(this.#rest.subarray(0, LONGEST)).replace(/\r$/, "");
    const cut = this.#rest.length > LONGEST ? "…" : "";
    this.#rest = new Uint8Array(0);
    if (line.trim() !== "") yield line + cut;
  }
}

/** An open log file that is read to its end again and again. */
export class LogTail implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #cutter = new LineCutter();
  readonly #buffer = new Uint8Array(CHUNK);
  #read = 0;
  /** Which file it is, whatever it is called now. */
  readonly inode: number | null;

  private constructor(file: Deno.FsFile, inode: number | null) {
    this.#file = file;
    this.inode = inode;
  }

  /**
   * Opens a file.
   *
   * @param path Where it is.
   * @returns The file, or `undefined` if it is gone or may not be read.
   */
  static async open(path: string): Promise<LogTail | undefined> {
    let file: Deno.FsFile | undefined;
    try {
      // What is no plain file, such as a pipe, could block.
      if (!(await Deno.stat(path)).isFile) return undefined;
      file = await Deno.open(path, { read: true });
      return new LogTail(file, (await file.stat()).ino);
    } catch {
      file?.close();
      return undefined;
    }
  }

  /**
   * Reads on.
   *
   * @returns The lines that are whole, up to the present end.
   */
  async *lines(): AsyncGenerator<string> {
    // Emptied by its writer, who begins again.
    if ((await this.#file.stat()).size < this.#read) {
      await this.#file.seek(0, Deno.SeekMode.Start);
      this.#read = 0;
    }
    while (true) {
      const count = await this.#file.read(this.#buffer);
      if (count === null || count === 0) return;
      this.#read += count;
      yield* this.#cutter.take(this.#buffer.subarray(0, count));
    }
  }

  /** The last line, if it lacks its line break. */
  *last(): Generator<string> {
    yield* this.#cutter.end();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  // A little more than is shown says that there was more.
  const room = Math.max(0, LONGEST + 1 - a.length);
  const piece = b.subarray(0, room);
  const both = new Uint8Array(a.length + piece.length);
  both.set(a);
  both.set(piece, a.length);
  return both;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
