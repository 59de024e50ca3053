/**
 * The files of a folder, by path: the ones used last are kept open, as opening one costs about as much as
 * using it, and no more than a bounded number.
 *
 * @module
 */

import { denoLedgerFileSystem, type LedgerFileSystem } from "./ledger_file_system.ts";
import type { LedgerOptions } from "./ledger_file_system.ts";
import { LineFile, type LineFormat } from "./line_file.ts";
import { LockedFile } from "./locked_file.ts";

const OPEN_FILES = 64;
const LOCK_TIMEOUT = 10_000;

/** Files of lines, each of which is worked on under its lock. */
export class LockedFiles<T> implements Disposable {
  /** The file system that the files are in. */
  readonly fs: LedgerFileSystem;
  readonly #format: LineFormat<T>;
  readonly #timeout: number;
  #limit: number;
  /** Maps keep the order of insertion: the first one was not used for longest. */
  readonly #files = new Map<string, LockedFile>();

  /**
   * Files of one format; none is open.
   *
   * @param format What the lines look like.
   * @param options How many to keep open, how long to wait.
   */
  constructor(format: LineFormat<T>, options: LedgerOptions = {}) {
    this.fs = options.fs ?? denoLedgerFileSystem;
    this.#format = format;
    this.#timeout = options.lockTimeout ?? LOCK_TIMEOUT;
    this.#limit = options.openFiles ?? OPEN_FILES;
  }

  /**
   * Does work on a file that is created if it is missing.
   *
   * @param path Where it is or shall be.
   * @param work What to do under its lock; synchronous.
   * @returns What the work returns.
   * @throws {MeshError} `locked`, `damaged`; or what the work or the system throws.
   */
  async write<R>(path: string, work: (file: LineFile<T>) => R): Promise<R> {
    return await this.#use(path, true, (file) => work(file!));
  }

  /**
   * Does work on a file if it is there.
   *
   * @param path Where it may be.
   * @param work What to do under its lock, or without a file; synchronous.
   * @returns What the work returns.
   * @throws {MeshError} As {@link write} does.
   */
  async read<R>(path: string, work: (file: LineFile<T> | undefined) => R): Promise<R> {
    return await this.#use(path, false, work);
  }

  /** Closes all files. Those that are used afterwards are closed after each use. */
  [Symbol.dispose](): void {
    this.#limit = 0;
    this.#retireOldest();
  }

  async #use<R>(
    path: string,
    create: boolean,
    work: (file: LineFile<T> | undefined) => R,
  ): Promise<R> {
    let result: { value: R } | undefined;
    const using = this.#fileAt(path).use(create, (locked) => {
      const file = locked &&
        new LineFile(this.fs, path, locked.handle, locked.size, this.#format);
      result = { value: work(file) };
    });
    this.#retireOldest();
    await using;
    return result!.value;
  }

  #fileAt(path: string): LockedFile {
    const file = this.#files.get(path) ?? new LockedFile(this.fs, path, this.#timeout);
    this.#files.delete(path);
    this.#files.set(path, file);
    return file;
  }

  #retireOldest(): void {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= this.#limit) break;
      this.#files.delete(path);
      file.retire();
    }
  }
}
