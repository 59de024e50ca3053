/**
 * What is logged from now on, by all daemons of a state directory, also by those that begin later, and over
 * files that are set aside.
 *
 * @module
 */
import { listLogs, logPath } from "./log_path.ts";
import { openLogs } from "./open_logs.ts";
import { LogTail } from "./read_file.ts";
import { isWanted, type LogFilter, type LoggedLine, loggedLine } from "./read_logs.ts";

/** Milliseconds between looks at the files: looking is cheap, and a watch may miss something. */
const LOOK_EVERY = 250;

/** Milliseconds for which a file is read on that was set aside: other writers notice it a moment later. */
const LINGER = 2_000;

/** What is followed of a daemon. */
interface Followed {
  readonly tail: LogTail;
  time: number;
  /** Until when it is read on, if it was set aside. */
  until?: number;
}

/** A file that was set aside, with its daemon. */
type Leaving = readonly [daemon: string, followed: Followed];

/** Follows the logs of a state directory. */
export class LogFollower implements Disposable {
  readonly #root: string;
  readonly #filter: LogFilter;
  readonly #followed = new Map<string, Followed>();
  /** Files that were set aside, by daemon. */
  #leaving: Leaving[] = [];

  /**
   * Nothing is followed before {@link start}.
   *
   * @param root The state directory.
   * @param filter Which lines are wanted.
   */
  constructor(root: string, filter: LogFilter = {}) {
    this.#root = root;
    this.#filter = filter;
  }

  /** Goes to the ends of all files: what is there now is not told. */
  async start(): Promise<void> {
    for (const daemon of await this.#daemons()) {
      const tail = await LogTail.open(logPath(this.#root, daemon));
      if (!tail) continue;
      const followed = { tail, time: Date.now() };
      this.#followed.set(daemon, followed);
      for await (const text of tail.lines()) {
        followed.time = loggedLine(daemon, text, followed.time).time;
      }
    }
  }

  /**
   * What is new.
   *
   * @returns The lines since the last look, in the order of their times.
   */
  async look(): Promise<LoggedLine[]> {
    const found: LoggedLine[] = [];
    await this.#lookBack(found);
    for (const daemon of await this.#daemons()) {
      await this.#read(daemon, found).catch(() => {});
    }
    return found.sort((a, b) => a.time - b.time);
  }

  /**
   * Tells what is new until it is told to stop.
   *
   * @param signal Ends it.
   */
  async *lines(signal: AbortSignal): AsyncGenerator<LoggedLine> {
    while (!signal.aborted) {
      yield* await this.look();
      await pause(LOOK_EVERY, signal);
    }
  }

  /** Closes all files. */
  [Symbol.dispose](): void {
    for (const { tail } of this.#followed.values()) tail[Symbol.dispose]();
    for (const [, { tail }] of this.#leaving) tail[Symbol.dispose]();
    this.#followed.clear();
    this.#leaving = [];
  }

  async #daemons(): Promise<string[]> {
    const names = (await listLogs(this.#root).catch(() => [])).map(({ daemon }) => daemon);
    const all = new Set([...names, ...this.#followed.keys()]);
    return [...all].filter((name) => [undefined, name].includes(this.#filter.daemon));
  }

  async #read(daemon: string, found: LoggedLine[]): Promise<void> {
    const first = this.#followed.get(daemon);
    const next = await this.#next(daemon, first?.tail.inode);
    // After that look, so that nothing is missed that was written before the file was set aside.
    if (first) await this.#drain(daemon, first, found);
    for (const tail of next) {
      const before = this.#followed.get(daemon);
      if (before) {
        before.until = performance.now() + LINGER;
        this.#leaving.push([daemon, before]);
      }
      const followed = { tail, time: before?.time ?? Date.now() };
      this.#followed.set(daemon, followed);
      await this.#drain(daemon, followed, found);
    }
  }

  async #lookBack(found: LoggedLine[]): Promise<void> {
    const now = performance.now();
    const staying: Leaving[] = [];
    for (const one of this.#leaving) {
      const [daemon, followed] = one;
      await this.#drain(daemon, followed, found).catch(() => {});
      if ((followed.until ?? 0) > now) staying.push(one);
      else followed.tail[Symbol.dispose]();
    }
    this.#leaving = staying;
  }

  /** The files that came after the one that is followed, the oldest first. */
  async #next(daemon: string, inode: number | null | undefined): Promise<LogTail[]> {
    const path = logPath(this.#root, daemon);
    try {
      if (inode !== undefined && (await Deno.stat(path)).ino === inode) return [];
    } catch {
      return [];
    }
    const [oldest] = (await listLogs(this.#root)).filter((file) => file.daemon === daemon);
    const tails = inode === undefined
      ? [await LogTail.open(path)].filter((tail) => tail !== undefined)
      : await openLogs(this.#root, daemon, oldest?.age ?? 0);
    // One that is not found any more is gone: then only what is written to now is new for certain.
    const known = tails.findIndex((tail) => tail.inode === inode);
    const from = known < 0 ? tails.length - 1 : known + 1;
    for (const tail of tails.slice(0, from)) tail[Symbol.dispose]();
    return tails.slice(from);
  }

  async #drain(daemon: string, followed: Followed, found: LoggedLine[]): Promise<void> {
    for await (const text of followed.tail.lines()) {
      const line = loggedLine(daemon, text, followed.time);
      followed.time = line.time;
      if (isWanted(line, this.#filter)) found.push(line);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await promise;
  clearTimeout(timer);
}
