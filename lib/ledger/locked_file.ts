/**
 * A file that any number of processes work on in turn, each for some microseconds at a time, under the
 * kernel's lock (flock) of the file itself.
 *
 * The lock is tried for a few microseconds at once; whoever finds it taken after that waits in line, by a
 * timer, so that a process that was stopped while it held the lock stops nobody else's other work. Work
 * under the lock is synchronous: callers in one process, who share an open file and so also its lock,
 * cannot get between one another.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { isAbsent } from "../store/io_error.ts";
import { makeDirectory, parentOf } from "../store/make_directory.ts";
import type { LedgerFileSystem, LedgerHandle } from "./ledger_file_system.ts";

/** The file under its lock: open to read and to append, and its length in bytes. */
export interface Locked {
  /** The open file. */
  readonly handle: LedgerHandle;
  /** Its length when the lock was taken. */
  readonly size: number;
}

/** Does what is to be done under the lock; gets `undefined` if there is no file and none was wanted. */
type Work = (file: Locked | undefined) => void;

interface Waiter {
  readonly create: boolean;
  readonly work: Work;
  readonly deadline: number;
  resolve(): void;
  reject(error: unknown): void;
}

interface OpenFile {
  readonly handle: LedgerHandle;
  readonly ino: number | null;
  readonly dev: number;
}

const FILE_MODE = 0o600;
/** Tries at once; another one's turn takes about as long. */
const TRIES = 20;
/** Tries with a file that is replaced or removed all the time. */
const ROUNDS = 8;
/** Milliseconds between tries of the one who is first in line. */
const FIRST_PAUSE = 1;
const LONGEST_PAUSE = 20;

/** A path at which files are locked, and those of this process who wait for that. */
export class LockedFile {
  readonly #fs: LedgerFileSystem;
  readonly #path: string;
  readonly #timeout: number;
  #open: OpenFile | undefined;
  #retired = false;
  #waiters: Waiter[] = [];
  #pause = FIRST_PAUSE;

  /**
   * A path at which nothing is opened yet.
   *
   * @param fs The file system to work on.
   * @param path Where the file is or shall be.
   * @param timeout Milliseconds to wait for the lock.
   */
  constructor(fs: LedgerFileSystem, path: string, timeout: number) {
    this.#fs = fs;
    this.#path = path;
    this.#timeout = timeout;
  }

  /**
   * Does work under the lock of the file that is at the path then.
   *
   * @param create Whether to create the file, and its folder, if it is missing.
   * @param work What to do; it must not keep the file.
   * @returns When it is done.
   * @throws {MeshError} `locked` if others kept the lock all the time, `damaged` if there is something
   * else than a file; or what the work or the system throws.
   */
  async use(create: boolean, work: Work): Promise<void> {
    if (this.#waiters.length === 0 && this.#attempt(create, work)) return;
    await new Promise<void>((resolve, reject) => {
      const deadline = performance.now() + this.#timeout;
      this.#waiters.push({ create, work, deadline, resolve, reject });
      if (this.#waiters.length === 1) this.#wait();
    });
  }

  /** Closes the file as soon as nobody waits for it any more, and from then on after each use. */
  retire(): void {
    this.#retired = true;
    if (this.#waiters.length === 0) this.#close();
  }

  /** Whether the work was done; `false` if somebody else has the lock. */
  #attempt(create: boolean, work: Work): boolean {
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const open = this.#open ??= this.#openFile(create);
        if (open === undefined) {
          work(undefined);
          return true;
        }
        if (!tryLock(open.handle)) return false;
        let size: number | undefined;
        try {
          size = this.#sizeIfStillThere(open);
          if (size !== undefined) work({ handle: open.handle, size });
        } finally {
          // Before it is closed: a program that is just being started may have a copy of it.
          open.handle.unlockSync();
        }
        if (size !== undefined) return true;
        this.#close();
      }
      return false;
    } catch (error) {
      this.#close();
      throw error;
    } finally {
      if (this.#retired && this.#waiters.length === 0) this.#close();
    }
  }

  #openFile(create: boolean): OpenFile | undefined {
    const handle = this.#openHandle(create);
    if (handle === undefined) return undefined;
    try {
      const { ino, dev } = handle.statSync();
      return { handle, ino, dev };
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  #openHandle(create: boolean): LedgerHandle | undefined {
    const options = { read: true, append: true, create, mode: FILE_MODE };
    try {
      return this.#fs.openSync(this.#path, options);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      if (!create) return undefined;
      makeDirectory(this.#fs, parentOf(this.#path));
      return this.#fs.openSync(this.#path, options);
    }
  }

  /** The length of the file, or `undefined` if it is no longer the one at the path. */
  #sizeIfStillThere({ ino, dev }: OpenFile): number | undefined {
    try {
      const there = this.#fs.lstatSync(this.#path);
      if (!there.isFile) {
        throw new MeshError("damaged", "There is something else in the place of a ledger", {
          hint: "mesh doctor",
        });
      }
      return there.ino === ino && there.dev === dev ? there.size : undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.handle.close();
  }

  #wait(): void {
    setTimeout(() => {
      this.#serve();
      this.#dropLate();
      if (this.#waiters.length > 0) this.#wait();
      else if (this.#retired) this.#close();
    }, this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  /** Lets those in line do their work, one after the other, for as long as the lock can be had. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      const { create, work, resolve, reject } = this.#waiters[0]!;
      try {
        if (!this.#attempt(create, work)) return;
        resolve();
      } catch (error) {
        reject(error);
      }
      this.#waiters.shift();
      this.#pause = FIRST_PAUSE;
    }
  }

  #dropLate(): void {
    const now = performance.now();
    const late = this.#waiters.filter(({ deadline }) => deadline <= now);
    if (late.length === 0) return;
    this.#waiters = this.#waiters.filter(({ deadline }) => deadline > now);
    for (const { reject } of late) reject(this.#locked());
  }

  #locked(): MeshError {
    const seconds = this.#timeout / 1000;
    return new MeshError("locked", `A ledger has been locked by someone else for ${seconds} s`, {
      hint: "try again; if it stays, find the mesh process that hangs and end it",
      retryAfter: 1,
    });
  }
}

function tryLock(handle: LedgerHandle): boolean {
  for (let tries = 0; tries < TRIES; tries++) {
    if (handle.tryLockSync(true)) return true;
  }
  return false;
}
