/**
 * Reading an arrivals journal (`arrivals_text.ts`) while others write to it. Whatever is wrong with one
 * makes it unsound, never an error: a journal only saves work.
 *
 * @module
 */

import {
  fileNameIn,
  JOURNAL_LIMIT,
  JOURNAL_NAME,
  type Others,
  parseBeginning,
} from "./arrivals_text.ts";
import type { FileHandle, FileSystem } from "./file_system.ts";
import { NameSum } from "./name_sum.ts";

const BLOCK = 64 * 1024;

/** An open journal. */
export class ArrivalsJournal implements Disposable {
  readonly #file: FileHandle;
  readonly #number: string;
  readonly #decoder = new TextDecoder();
  /**
   * The files that are named. The number is above 0 if the file was not among the others when the journal
   * was begun: infinite if that is certain, else how many times it was about to be created and may have been.
   */
  readonly #named = new Map<string, number>();
  #others: Others | undefined;
  #sound = true;
  #started = false;
  #size = 0;
  #writtenAt = 0;
  #rest = "";
  #namesToCome = 0;

  private constructor(file: FileHandle, number: string) {
    this.#file = file;
    this.#number = number;
  }

  /**
   * Opens the journal of a folder.
   *
   * @param fs The file system to work on.
   * @param directory The folder.
   * @param append Whether to write to it as well.
   * @returns The journal with nothing read yet, or `undefined` if there is none that can be opened.
   */
  static open(fs: FileSystem, directory: string, append = false): ArrivalsJournal | undefined {
    const path = `${directory}/${JOURNAL_NAME}`;
    let file: FileHandle | undefined;
    try {
      if (!fs.lstatSync(path).isFile) return undefined;
      file = fs.openSync(path, { read: true, append });
      return new ArrivalsJournal(file, String(file.statSync().ino));
    } catch {
      file?.close();
      return undefined;
    }
  }

  /** The number of its file. */
  get number(): string {
    return this.#number;
  }

  /** Whether all that was read makes sense. */
  get sound(): boolean {
    return this.#sound;
  }

  /** The records that it did not name when it was begun, as far as they are not named since. */
  get others(): Others | undefined {
    if (this.#others === undefined || this.#namesToCome > 0) return undefined;
    const names = new NameSum(...this.#others.names.parts);
    for (const [fileName, balance] of this.#named) if (balance <= 0) names.remove(fileName);
    return { names, newest: this.#others.newest };
  }

  /** The files of the records that are named. */
  get fileNames(): Iterable<string> {
    return this.#named.keys();
  }

  /**
   * Whether a record is named.
   *
   * @param fileName Its file.
   * @returns Whether it is, as far as the journal was read.
   */
  names(fileName: string): boolean {
    return this.#named.has(fileName);
  }

  /** When it was last written to, as of the last reading, in milliseconds since 1970. */
  get writtenAt(): number {
    return this.#writtenAt;
  }

  /** Reads what was written since it was last read. */
  read(): void {
    try {
      const { size, mtime } = this.#file.statSync();
      this.#writtenAt = mtime?.getTime() ?? 0;
      if (size > JOURNAL_LIMIT || size < this.#size) this.#sound = false;
      if (size === this.#size || !this.#sound) return;
      const bytes = new Uint8Array(Math.min(size - this.#size, BLOCK));
      while (this.#size < size && this.#sound) {
        const count = this.#file.readSync(bytes);
        if (count === null) break;
        this.#size += count;
        this.#take(this.#decoder.decode(bytes.subarray(0, count), { stream: true }));
      }
    } catch {
      this.#sound = false;
    }
  }

  /**
   * From now on a file that is first named when it is replaced or deleted stays one of the others, since
   * whoever is looking at the folder may have met it already.
   */
  start(): void {
    this.#started = true;
  }

  /**
   * Appends text in one write.
   *
   * @param text Whole lines.
   * @throws What the system says, also if there is not enough room.
   */
  append(text: string): void {
    const bytes = new TextEncoder().encode(text);
    if (this.#file.writeSync(bytes) < bytes.length) throw new Error("Journal was cut off");
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  /** A line that has no end yet is still being written; nothing that it announces has happened. */
  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (this.#sound) this.#sound = this.#understand(line);
  }

  #understand(line: string): boolean {
    const mark = line[0];
    if (mark === "#") return this.#begin(line);
    const fileName = fileNameIn(line);
    if (fileName === undefined) return false;
    if (this.#namesToCome > 0 || mark === "*") {
      this.#named.set(fileName, Infinity);
      return mark === "*" && --this.#namesToCome >= 0;
    }
    const balance = this.#named.get(fileName);
    if (mark === "+") this.#named.set(fileName, (balance ?? 0) + 1);
    else if (mark === "!" && balance !== undefined) this.#named.set(fileName, balance - 1);
    else if (mark !== "!" && mark !== "=" && mark !== "-") return false;
    else if (balance === undefined && !this.#started) this.#named.set(fileName, -Infinity);
    return true;
  }

  #begin(line: string): boolean {
    const beginning = parseBeginning(line);
    if (beginning === undefined || beginning.file !== this.#number) return false;
    if (this.#others !== undefined || this.#namesToCome > 0) return false;
    this.#others = beginning.others;
    this.#namesToCome = beginning.named;
    return true;
  }
}
