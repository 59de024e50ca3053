/**
 * The locks of a root: on records, on names that callers choose, and claims that are held for long. Any
 * number of processes may share the root.
 *
 * Names and claims have files of their own in `locks/`, for as long as they are held. Sharing a fixed
 * number of files among all names would save creating them, at the price that two unrelated locks, one
 * taken inside the other, now and then turn out to be the same file and never come free.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import type { FileSystem } from "./file_system.ts";
import { ioError } from "./io_error.ts";
import { KeyedQueue } from "./keyed_queue.ts";
import { LockFile } from "./lock_file.ts";
import { lockName } from "./lock_name.ts";
import { lockRecord, type RecordLock } from "./record_lock.ts";
import type { Lock } from "./store.ts";

/** How long to wait for a lock that another process holds, in milliseconds. */
export const LOCK_TIMEOUT = 10_000;

/** The locks of a root. */
export class Locks {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #timeout: number;
  readonly #queue: KeyedQueue;

  /**
   * The locks in a directory; none is held.
   *
   * @param fs The file system to work on.
   * @param directory Where the lock files are; created with the first one.
   * @param timeout Milliseconds to wait for a lock that is held.
   */
  constructor(fs: FileSystem, directory: string, timeout: number) {
    this.#fs = fs;
    this.#directory = directory;
    this.#timeout = timeout;
    this.#queue = new KeyedQueue(timeout);
  }

  /**
   * Runs work while holding the lock of a name. Not re-entrant.
   *
   * @param name Any text.
   * @param work What to do meanwhile.
   * @returns What the work returns.
   * @throws {MeshError} `locked` after the timeout, `io` or `disk_full` if the lock file cannot be made,
   * and what the work throws.
   */
  async withLock<R>(name: string, work: () => Promise<R>): Promise<R> {
    const path = await this.#path("name", name);
    return await this.#inTurn(name, path, () => LockFile.take(this.#fs, path, this.#timeout), work);
  }

  /**
   * Runs work while holding the lock of a record, there or not. Not re-entrant.
   *
   * @param file The record's file.
   * @param name The record's name, which no other record and no caller's lock has.
   * @param work What to do meanwhile.
   * @returns What the work returns.
   * @throws {MeshError} As {@link withLock} does.
   */
  async withRecord<R>(
    file: string,
    name: string,
    work: (lock: RecordLock) => Promise<R>,
  ): Promise<R> {
    const path = await this.#path("record", name);
    const take = () => lockRecord(this.#fs, file, path, this.#timeout);
    return await this.#inTurn(name, path, take, work);
  }

  /**
   * Takes a claim if nobody holds it, in this process or another one.
   *
   * @param name Any text.
   * @returns The claim, held until it is released or the process ends; `undefined` if it is held.
   * @throws {MeshError} `io` or `disk_full` if the lock file cannot be made.
   */
  async tryClaim(name: string): Promise<Lock | undefined> {
    const path = await this.#path("claim", name);
    const lock = await this.#take(name, () => LockFile.take(this.#fs, path, 0));
    if (lock === undefined) return undefined;
    const release = () => Promise.resolve(lock.release());
    return { release, [Symbol.asyncDispose]: release };
  }

  async #path(kind: string, name: string): Promise<string> {
    return `${this.#directory}/${kind}-${await lockName(name)}.lock`;
  }

  /** Lets the callers of this process in one by one, so that it waits for other processes only once. */
  async #inTurn<L extends { release(): void }, R>(
    name: string,
    key: string,
    take: () => Promise<L | undefined>,
    work: (lock: L) => Promise<R>,
  ): Promise<R> {
    if (!await this.#queue.enter(key)) throw this.#locked(name);
    try {
      const lock = await this.#take(name, take);
      if (lock === undefined) throw this.#locked(name);
      try {
        return await work(lock);
      } finally {
        lock.release();
      }
    } finally {
      this.#queue.leave(key);
    }
  }

  async #take<L>(name: string, take: () => Promise<L | undefined>): Promise<L | undefined> {
    try {
      return await take();
    } catch (error) {
      throw ioError(`Cannot lock "${name}"`, error);
    }
  }

  #locked(name: string): MeshError {
    const seconds = this.#timeout / 1000;
    return new MeshError("locked", `"${name}" has been locked by someone else for ${seconds} s`, {
      hint: "try again; if it stays, find the mesh process that hangs and end it",
      retryAfter: 1,
    });
  }
}
