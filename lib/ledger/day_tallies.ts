/**
 * What was spent of daily budgets, over any number of processes and restarts: a folder for each day (UTC),
 * in it a file for each name, in its last line the totals of the day.
 *
 * Nothing is fsynced: what counts survives the death of every process, and a loss of power may forget the
 * last seconds.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import { ioError, isAbsent } from "../store/io_error.ts";
import { Breather } from "../store/breather.ts";
import { lockName } from "../store/lock_name.ts";
import type { LedgerOptions } from "./ledger_file_system.ts";
import { ledgerTime, secondsUntil } from "./ledger_time.ts";
import { LockedFiles } from "./locked_files.ts";
import { namesIn } from "./sweep.ts";
import { addTo, type Tally, tallyIn, tallyLines, withinLimit } from "./tally.ts";

export type { LedgerOptions, Tally };

/** What became of an attempt to spend. */
export type Spending =
  | {
    readonly ok: true;
    /** What is spent today, this included. */
    readonly used: Tally;
  }
  | {
    readonly ok: false;
    /** Which part of the budget is too small. */
    readonly exceeded: "messages" | "bytes";
    /** What is spent today, without this. */
    readonly used: Tally;
    /** Whole seconds until the next day begins, at least 1. */
    readonly retryAfterSeconds: number;
  };

const DAY = 24 * 3600 * 1000;
const DAY_NAME = /^\d{4}-\d{2}-\d{2}$/;
const EXTENSION = ".tally";

/**
 * Counts messages and bytes by name and day in a folder.
 *
 * @example
 * ```ts
 * import { DayTallies } from "./day_tallies.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * using days = new DayTallies(folder);
 * const limit = { messages: 10, bytes: 1000 };
 * const noon = new Date("2026-11-21T12:00:00Z");
 * assertEquals((await days.spend("anna", limit, 900, noon)).ok, true);
 * assertEquals(await days.spend("anna", limit, 101, noon), {
 *   ok: false,
 *   exceeded: "bytes",
 *   used: { messages: 1, bytes: 900 },
 *   retryAfterSeconds: 12 * 3600,
 * });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class DayTallies implements Disposable {
  readonly #folder: string;
  readonly #files: LockedFiles<Tally>;

  /**
   * The tallies in a folder; nothing is opened yet.
   *
   * @param folder Where the folders of the days are; created with the first one.
   * @param options How many files to keep open, how long to wait.
   */
  constructor(folder: string, options: LedgerOptions = {}) {
    this.#folder = folder;
    this.#files = new LockedFiles(tallyLines, options);
  }

  /**
   * Spends one message of so many bytes, if the day's budget has room for it.
   *
   * @param name Any text; what is counted together.
   * @param limit The budget of a day.
   * @param bytes How long the message is.
   * @param now The present.
   * @returns Whether there was room; if not, nothing was spent.
   * @throws {MeshError} `usage` for bytes or a time that are none, `locked` if another process keeps the
   * file, `disk_full`, `io`, `damaged`: then nothing was spent.
   */
  async spend(name: string, limit: Tally, bytes: number, now: Date): Promise<Spending> {
    const one = { messages: 1, bytes: checkedBytes(bytes) };
    const time = ledgerTime(now);
    // What never fits must not leave a file behind: the name may be one of very many.
    if (withinLimit(one, limit) !== undefined) return await this.check(name, limit, bytes, now);
    const path = await this.#path(name, time);
    return await this.#counting(() =>
      this.#files.write(path, (file) => {
        const used = tallyIn(file);
        const spending = judge(used, one, limit, time);
        return spending.ok ? { ok: true, used: addTo(file, used, one) } : spending;
      })
    );
  }

  /**
   * Tells whether {@link spend} would find room now, and spends nothing.
   *
   * @param name What it is counted as.
   * @param limit The budget of a day.
   * @param bytes How long the message is.
   * @param now The present.
   * @returns What `spend` would return.
   * @throws {MeshError} As {@link spend} does.
   */
  async check(name: string, limit: Tally, bytes: number, now: Date): Promise<Spending> {
    const one = { messages: 1, bytes: checkedBytes(bytes) };
    return judge(await this.read(name, now), one, limit, ledgerTime(now));
  }

  /**
   * Takes back what was spent and then not used. Does nothing on another day than that of the spending.
   *
   * @param name What it was counted as.
   * @param bytes How long the message was.
   * @param now The time that was given for spending.
   * @throws {MeshError} As {@link spend} does; then it stays spent.
   */
  async refund(name: string, bytes: number, now: Date): Promise<void> {
    const back = { messages: -1, bytes: -checkedBytes(bytes) };
    const path = await this.#path(name, ledgerTime(now));
    await this.#counting(() =>
      this.#files.read(path, (file) => {
        if (file !== undefined) addTo(file, tallyIn(file), back);
      })
    );
  }

  /**
   * Tells what was spent.
   *
   * @param name What it is counted as.
   * @param now The present.
   * @returns The totals of the day (UTC) that `now` is in.
   * @throws {MeshError} As {@link spend} does.
   */
  async read(name: string, now: Date): Promise<Tally> {
    const path = await this.#path(name, ledgerTime(now));
    return await this.#counting(() =>
      this.#files.read(
        path,
        (file) => file === undefined ? { messages: 0, bytes: 0 } : tallyIn(file),
      )
    );
  }

  /**
   * Removes the files of the days before yesterday. Yesterday's stay, for a clock that is set back.
   *
   * @param now The present.
   * @returns How many files were removed.
   * @throws {MeshError} `io` if a folder cannot be read or changed.
   */
  async sweep(now: Date): Promise<number> {
    const yesterday = dayOf(ledgerTime(now) - DAY);
    const { fs } = this.#files;
    let removed = 0;
    try {
      for (const day of await namesIn(fs, this.#folder, "")) {
        if (DAY_NAME.test(day) && day < yesterday) removed += await this.#removeDay(day);
      }
    } catch (error) {
      throw ioError("Cannot sweep the daily tallies", error);
    }
    return removed;
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
  }

  async #path(name: string, time: number): Promise<string> {
    return `${this.#folder}/${dayOf(time)}/${await lockName(name)}${EXTENSION}`;
  }

  async #removeDay(day: string): Promise<number> {
    const { fs } = this.#files;
    const folder = `${this.#folder}/${day}`;
    using breather = new Breather();
    const names = await namesIn(fs, folder, "");
    let removed = 0;
    for (const name of [...names.map((name) => `${folder}/${name}`), folder]) {
      try {
        fs.removeSync(name);
        removed++;
      } catch (error) {
        // Another process sweeps as well.
        if (!isAbsent(error)) throw error;
      }
      if (breather.isDue) await breather.breathe();
    }
    return Math.max(0, removed - 1);
  }

  async #counting<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw ioError("Cannot count this message", error);
    }
  }
}

function judge(used: Tally, one: Tally, limit: Tally, time: number): Spending {
  const total = { messages: used.messages + one.messages, bytes: used.bytes + one.bytes };
  const exceeded = withinLimit(total, limit);
  if (exceeded === undefined) return { ok: true, used: total };
  const retryAfterSeconds = secondsUntil(time, (Math.floor(time / DAY) + 1) * DAY);
  return { ok: false, exceeded, used, retryAfterSeconds };
}

function dayOf(time: number): string {
  return new Date(Math.max(0, time)).toISOString().slice(0, 10);
}

function checkedBytes(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new MeshError("usage", `Cannot count a message of ${bytes} bytes`);
}
