/**
 * Rates that hold in every window, over any number of processes and restarts: a file for each name, a
 * line for each request that was let through.
 *
 * Nothing is fsynced: what counts survives the death of every process, and a loss of power may forget the
 * last seconds.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { ioError } from "../store/io_error.ts";
import { lockName } from "../store/lock_name.ts";
import type { LedgerOptions } from "./ledger_file_system.ts";
import { ledgerTime } from "./ledger_time.ts";
import { LockedFiles } from "./locked_files.ts";
import {
  type RateLine,
  rateLines,
  takeFrom,
  type Taking,
  type WindowLimit,
} from "./rate_window.ts";
import { namesIn, removeUnused } from "./sweep.ts";

export type { LedgerOptions, Taking, WindowLimit };

const EXTENSION = ".rate";

/**
 * Counts requests by name in a folder.
 *
 * @example
 * ```ts
 * import { RateLedgers } from "./rate_ledgers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * using rates = new RateLedgers(folder);
 * const limit = { requests: 1, windowSeconds: 60 };
 * assertEquals(await rates.take("anna", limit, new Date(0)), { ok: true });
 * assertEquals(await rates.take("anna", limit, new Date(1000)), { ok: false, retryAfterSeconds: 59 });
 * assertEquals(await rates.take("anna", limit, new Date(60_000)), { ok: true });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class RateLedgers implements Disposable {
  readonly #folder: string;
  readonly #files: LockedFiles<RateLine>;

  /**
   * The ledgers in a folder; nothing is opened yet.
   *
   * @param folder Where the files are; created with the first one.
   * @param options How many to keep open, how long to wait.
   */
  constructor(folder: string, options: LedgerOptions = {}) {
    this.#folder = folder;
    this.#files = new LockedFiles(rateLines, options);
  }

  /**
   * Lets a request through if there is room for it in the window that ends now, and counts it then. In
   * any half-open window of the limit's length no more requests are let through than it says, also where
   * limits change between calls: those under other limits count as well.
   *
   * What the limit has no more use for is cut off from time to time. A limit that is later raised so far
   * that it would have use for it takes what was cut off to be as new as it can have been, and so may
   * refuse for up to a window what it could have let through; never the other way round.
   *
   * A clock that was set back by more than a minute: what is written down as later than now counts as of
   * now. A step back by less: counting goes on at the last time that was written.
   *
   * @param name Any text; what is counted together.
   * @param limit How often.
   * @param now The present, and not older than a minute.
   * @returns Whether it is let through; else the whole seconds, at least 1, until there may be room.
   * @throws {MeshError} `usage` for a limit or time that is none, `locked` if another process keeps the
   * file, `disk_full`, `io`, `damaged`: then nothing was counted.
   */
  async take(name: string, limit: WindowLimit, now: Date): Promise<Taking> {
    checkLimit(limit);
    const time = ledgerTime(now);
    const path = `${this.#folder}/${await lockName(name)}${EXTENSION}`;
    try {
      return await this.#files.write(path, (file) => takeFrom(file, limit, time));
    } catch (error) {
      throw ioError("Cannot count this request", error);
    }
  }

  /**
   * Removes the files of names that were not used for a while.
   *
   * @param now The present.
   * @param idleSeconds How long; the longest window of any limit.
   * @returns How many were removed.
   * @throws {MeshError} `io` if the folder cannot be read.
   */
  async sweep(now: Date, idleSeconds: number): Promise<number> {
    const before = ledgerTime(now) - idleSeconds * 1000;
    const { fs } = this.#files;
    let removed = 0;
    try {
      for (const name of await namesIn(fs, this.#folder, EXTENSION)) {
        if (await removeUnused(fs, `${this.#folder}/${name}`, before)) removed++;
      }
    } catch (error) {
      throw ioError("Cannot sweep the rate ledgers", error);
    }
    return removed;
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }
}

function checkLimit({ requests, windowSeconds }: WindowLimit): void {
  if (
    Number.isSafeInteger(requests) && requests >= 1 && windowSeconds > 0 &&
    Number.isFinite(windowSeconds)
  ) return;
  throw new MeshError("usage", `Cannot count ${requests} requests in ${windowSeconds} s`);
}
