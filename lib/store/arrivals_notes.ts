/**
 * Writing to an arrivals journal (`arrivals_text.ts`), where there is one: a line before each change, so
 * that a change never goes without its line, whenever its process is killed. No failure of the journal
 * fails the change; a journal that does not take a line is removed, since one that lacks a line is worse
 * than none.
 *
 * Journals are put in each other's place and removed at any time, by whoever lists the folder. A replaced
 * record that goes without its line would keep its old place in the order, unnoticed: for it the writer
 * looks, after the line and again after the change, whether the journal is still the one that has the line.
 * And the line is on the disk before the change, so that a power failure leaves both, or none, or the line.
 * All other changes without a line are noticed by the names in the folder, and cost a longer listing.
 *
 * @module
 */

import { JOURNAL_LIMIT, JOURNAL_NAME, type Mark, printLine } from "./arrivals_text.ts";
import type { DirectorySync } from "./directory_sync.ts";
import type { FileHandle, FileStatus, FileSystem } from "./file_system.ts";
import { isAbsent } from "./io_error.ts";

/** For so many milliseconds a writer takes it that the journal is still there, or still is not. */
export const LOOK_INTERVAL = 10;

/** How often a line is written again because the journal is another one by then. */
const ATTEMPTS = 4;

/** Whatever knows when a record of a folder is about to change. */
export class ArrivalNotes {
  readonly #fs: FileSystem;
  readonly #syncs: DirectorySync;
  readonly #path: string;
  /** Changes under way; the journal is open only as long as there are any. */
  #changes = 0;
  #file: FileHandle | undefined;
  #mark: string | undefined;
  #lookedAt = -Infinity;

  /**
   * Notes for a folder; nothing is opened yet.
   *
   * @param fs The file system to work on.
   * @param syncs Makes lines durable.
   * @param directory The folder.
   */
  constructor(fs: FileSystem, syncs: DirectorySync, directory: string) {
    this.#fs = fs;
    this.#syncs = syncs;
    this.#path = `${directory}/${JOURNAL_NAME}`;
  }

  /**
   * Makes a change. Only within it may notes be made.
   *
   * @param change Makes it.
   * @returns What it returns.
   */
  async during<R>(change: () => Promise<R>): Promise<R> {
    this.#changes++;
    try {
      return await change();
    } finally {
      if (--this.#changes === 0 && this.#file !== undefined) this.#close();
    }
  }

  /**
   * Notes what is about to happen, or has turned out otherwise.
   *
   * @param mark What.
   * @param fileName The record's file.
   */
  note(mark: Exclude<Mark, "=">, fileName: string): void {
    if (performance.now() - this.#lookedAt > LOOK_INTERVAL) this.#look();
    this.#append(printLine(mark, fileName));
  }

  /**
   * Notes that a record is going to be replaced.
   *
   * @param fileName The record's file.
   * @returns The journal that has the line, for {@link stillReplacing}; `undefined` if there is none.
   */
  async replacing(fileName: string): Promise<string | undefined> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const mark = this.#look();
      if (mark === undefined || !this.#append(printLine("=", fileName))) return undefined;
      try {
        await this.#syncs.sync(this.#path);
      } catch {
        this.#discard();
      }
      if (this.#look() === mark) return mark;
    }
    this.#discard();
    return undefined;
  }

  /**
   * Notes once more that a record is replaced, if by now the journal is another one. Is to be called right
   * before the record is put in place, and right after it.
   *
   * @param fileName The record's file.
   * @param noted The journal that has the line.
   * @returns The journal that has it now.
   */
  async stillReplacing(fileName: string, noted: string | undefined): Promise<string | undefined> {
    return this.#look() === noted ? noted : await this.replacing(fileName);
  }

  /** Sees to it that what is open is what is there now; what tells it from others. */
  #look(): string | undefined {
    const there = this.#there();
    if (there === undefined) this.#close();
    else if (this.#file === undefined || this.#mark !== markOf(there)) this.#open();
    this.#lookedAt = performance.now();
    return this.#mark;
  }

  #there(): FileStatus | undefined {
    try {
      const there = this.#fs.lstatSync(this.#path);
      if (!there.isFile) return undefined;
      if (there.size <= JOURNAL_LIMIT) return there;
    } catch (error) {
      if (isAbsent(error)) return undefined;
    }
    this.#discard();
    return undefined;
  }

  #open(): void {
    this.#close();
    try {
      this.#file = this.#fs.openSync(this.#path, { append: true });
      this.#mark = markOf(this.#file.statSync());
    } catch (error) {
      if (isAbsent(error)) this.#close();
      else this.#discard();
    }
  }

  #append(line: string): boolean {
    if (this.#file === undefined) return false;
    const bytes = encoder.encode(line);
    try {
      if (this.#file.writeSync(bytes) === bytes.length) return true;
    } catch {
      // The disk is full, or fails.
    }
    this.#discard();
    return false;
  }

  #discard(): void {
    try {
      this.#fs.removeSync(this.#path);
    } catch {
      // Somebody else has removed it, or the disk fails at everything.
    }
    this.#close();
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
    this.#mark = undefined;
    this.#lookedAt = -Infinity;
  }
}

const encoder = new TextEncoder();

function markOf({ ino, dev }: FileStatus): string {
  return `${dev} ${ino}`;
}
