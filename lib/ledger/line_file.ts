/**
 * A file of lines that all have one length, open and locked: counted, read and appended to without
 * reading the rest, and readable with `cat`.
 *
 * Whoever dies while appending leaves part of a line behind, which was never reported as written and is
 * cut off. A file that was damaged in another way keeps those of its lines that can be read.
 *
 * @module
 */

import { letGo } from "../store/file_lock.ts";
import type { LedgerFileSystem, LedgerHandle } from "./ledger_file_system.ts";

const NEWLINE = 0x0a;
const FILE_MODE = 0o600;
const encoder = new TextEncoder();

/** How lines are written and read. */
export interface LineFormat<T> {
  /** The length of a line in bytes, its line break included. */
  readonly width: number;
  /** A line with its line break: ASCII, `width` characters. */
  print(value: T): string;
  /** The value of a line, given without its line break; `undefined` if it is none. */
  parse(line: string): T | undefined;
}

/** A locked file, for as long as the lock is held. All work on it is synchronous. */
export class LineFile<T> {
  readonly #fs: LedgerFileSystem;
  readonly #path: string;
  readonly #handle: LedgerHandle;
  readonly #format: LineFormat<T>;
  readonly #line: Uint8Array;
  #size: number;

  /**
   * The lines of a locked file; part of a line at its end is cut off.
   *
   * @param fs The file system to work on.
   * @param path Where the file is.
   * @param handle The open file, locked, opened to read and to append.
   * @param size Its length in bytes.
   * @param format What its lines look like.
   */
  constructor(
    fs: LedgerFileSystem,
    path: string,
    handle: LedgerHandle,
    size: number,
    format: LineFormat<T>,
  ) {
    this.#fs = fs;
    this.#path = path;
    this.#handle = handle;
    this.#format = format;
    this.#line = new Uint8Array(format.width);
    this.#size = size;
    if (size % format.width !== 0) this.#cut(size - size % format.width);
  }

  /** How many lines there are. */
  get count(): number {
    return this.#size / this.#format.width;
  }

  /**
   * Reads a line.
   *
   * @param index Its place, from 0.
   * @returns Its value, or `undefined` if there is no such line or it cannot be read.
   * @throws What the system says.
   */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.count) return undefined;
    const { width } = this.#format;
    if (!this.#read(index * width, this.#line)) return undefined;
    return this.#line[width - 1] === NEWLINE ? this.#parse(this.#line) : undefined;
  }

  /**
   * Writes a line at the end: all of it, or nothing.
   *
   * @param value What to write.
   * @throws What the system says.
   */
  append(value: T): void {
    const bytes = encoder.encode(this.#format.print(value));
    try {
      writeAll(this.#handle, bytes);
    } catch (error) {
      this.#cutQuietly(this.#size);
      throw error;
    }
    this.#size += bytes.length;
  }

  /**
   * Reads all lines.
   *
   * @returns The values of those that can be read, wherever a line break went missing or was added.
   * @throws What the system says.
   */
  all(): T[] {
    const bytes = this.#bytesFrom(0);
    const values: T[] = [];
    for (let begin = 0; begin < bytes.length;) {
      const end = bytes.indexOf(NEWLINE, begin);
      if (end < 0) break;
      const line = bytes.subarray(begin, end + 1);
      const value = line.length === this.#format.width ? this.#parse(line) : undefined;
      if (value !== undefined) values.push(value);
      begin = end + 1;
    }
    return values;
  }

  /**
   * Puts another file in the place of this one, at once and as a whole. Nothing else may be done with
   * this one afterwards: others may be at the new one already.
   *
   * @param values What is in it.
   * @param from The place of the first line of this file that follows as it is. Default: none does.
   * @throws What the system says. Then the file is as it was.
   */
  replace(values: readonly T[], from = this.count): void {
    const bytes = encoder.encode(values.map((value) => this.#format.print(value)).join(""));
    const rest = this.#bytesFrom(from);
    const path = temporaryPath(this.#path);
    const handle = create(this.#fs, path);
    let placed = false;
    try {
      // The lock tells a sweep of the store that the writer is alive.
      handle.tryLockSync(true);
      writeAll(handle, bytes);
      writeAll(handle, rest);
      this.#fs.renameSync(path, this.#path);
      placed = true;
    } finally {
      letGo(handle);
      if (!placed) removeQuietly(this.#fs, path);
    }
  }

  #bytesFrom(index: number): Uint8Array {
    const start = Math.min(this.#size, index * this.#format.width);
    const bytes = new Uint8Array(this.#size - start);
    if (this.#read(start, bytes)) return bytes;
    throw new Deno.errors.UnexpectedEof("The file is shorter than it was");
  }

  #parse(line: Uint8Array): T | undefined {
    return this.#format.parse(String.fromCharCode(...line.subarray(0, -1)));
  }

  #read(offset: number, into: Uint8Array): boolean {
    this.#handle.seekSync(offset, Deno.SeekMode.Start);
    for (let done = 0; done < into.length;) {
      const count = this.#handle.readSync(done === 0 ? into : into.subarray(done));
      if (count === null || count === 0) return false;
      done += count;
    }
    return true;
  }

  #cut(size: number): void {
    this.#handle.truncateSync(size);
    this.#size = size;
  }

  #cutQuietly(size: number): void {
    try {
      this.#handle.truncateSync(size);
    } catch {
      // Whoever opens it next finds part of a line, and cuts it off.
    }
  }
}

/** A name like that of the store's temporary files, so that a sweep finds it if this process dies. */
function temporaryPath(path: string): string {
  const at = path.lastIndexOf("/") + 1;
  const digits = crypto.getRandomValues(new Uint8Array(8)).toHex();
  return `${path.slice(0, at)}.${path.slice(at)}.${digits}.tmp`;
}

function create(fs: LedgerFileSystem, path: string): LedgerHandle {
  return fs.openSync(path, { write: true, createNew: true, mode: FILE_MODE });
}

function writeAll(handle: LedgerHandle, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    done += handle.writeSync(done === 0 ? bytes : bytes.subarray(done));
  }
}

function removeQuietly(fs: LedgerFileSystem, path: string): void {
  try {
    fs.removeSync(path);
  } catch {
    // It stays until a sweep of the store.
  }
}
