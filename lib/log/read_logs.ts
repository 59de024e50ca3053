/**
 * The logs of a state directory as one: the lines of all daemons in the order of their times.
 *
 * @module
 */
import { isAtLeast, type LogLevel } from "./level.ts";
import { type LogEntry, parseLine } from "./line.ts";
import { listLogs } from "./log_path.ts";
import { openLogs } from "./open_logs.ts";

/** A line of a daemon's log. */
export interface LoggedLine {
  /** Whose it is. */
  readonly daemon: string;
  /** The line as it is. */
  readonly text: string;
  /** What it says; absent for what is no line of ours, such as what a program printed. */
  readonly entry?: LogEntry | undefined;
  /** Milliseconds since 1970; of a line that does not say, that of the line before. */
  readonly time: number;
}

/** Which lines are wanted. */
export interface LogFilter {
  /** Of this daemon only. */
  readonly daemon?: string | undefined;
  /** From then on, milliseconds since 1970. */
  readonly since?: number | undefined;
  /** That matter at least so much; other programs' lines always do. */
  readonly level?: LogLevel | undefined;
  /** Of what belongs together: an id, or the beginning of one. */
  readonly correlation?: string | undefined;
}

/**
 * Reads a line.
 *
 * @param daemon Whose it is.
 * @param text The line.
 * @param before The time of the line before.
 * @returns The line with what it says.
 */
export function loggedLine(daemon: string, text: string, before: number): LoggedLine {
  const entry = parseLine(text);
  return { daemon, text, entry, time: entry ? Date.parse(entry.time) : before };
}

/**
 * Whether a line is wanted.
 *
 * @param line The line.
 * @param filter Which ones are.
 * @returns Whether it is.
 */
export function isWanted({ entry, time }: LoggedLine, filter: LogFilter): boolean {
  const { since, level, correlation } = filter;
  if (since !== undefined && time < since) return false;
  if (correlation !== undefined && !entry?.correlation?.startsWith(correlation)) return false;
  return level === undefined || !entry || isAtLeast(entry.level, level);
}

/**
 * Reads what was logged.
 *
 * @param root The state directory.
 * @param filter Which lines are wanted.
 * @returns The lines, the oldest first.
 */
export async function* readLogs(root: string, filter: LogFilter = {}): AsyncGenerator<LoggedLine> {
  const files = (await listLogs(root)).filter(({ daemon }) =>
    filter.daemon === undefined || daemon === filter.daemon
  );
  const sources = [...Map.groupBy(files, ({ daemon }) => daemon)].map(([daemon, its]) =>
    linesOf(root, daemon, its[0]?.age ?? 0, filter)
  );
  yield* merged(sources);
}

/**
 * The last lines of what was logged.
 *
 * @param root The state directory.
 * @param count How many.
 * @param filter Which lines are wanted.
 * @returns At most so many lines, the oldest first.
 */
export async function lastLogs(
  root: string,
  count: number,
  filter: LogFilter = {},
): Promise<LoggedLine[]> {
  let last: LoggedLine[] = [];
  for await (const line of readLogs(root, filter)) {
    last.push(line);
    // Now and then, so that each line is moved a few times only.
    if (last.length >= 2 * count + 1_000) last = last.slice(-count);
  }
  return last.slice(-count);
}

/** The lines of a daemon's files, the oldest file first. */
async function* linesOf(
  root: string,
  daemon: string,
  oldest: number,
  filter: LogFilter,
): AsyncGenerator<LoggedLine> {
  const { since } = filter;
  using files = new DisposableStack();
  const tails = await openLogs(root, daemon, oldest, async (path) => !await isOlder(path, since));
  for (const tail of tails) files.use(tail);
  let time = 0;
  for (const tail of tails) {
    for await (const text of tail.lines()) {
      const line = loggedLine(daemon, text, time);
      time = line.time;
      if (isWanted(line, filter)) yield line;
    }
    for (const text of tail.last()) {
      const line = loggedLine(daemon, text, time);
      // The beginning of a line of ours that is being written, or whose writer died, says nothing.
      if ((line.entry || !text.startsWith('{"time":')) && isWanted(line, filter)) yield line;
    }
  }
}

async function isOlder(path: string, since: number | undefined): Promise<boolean> {
  if (since === undefined) return false;
  try {
    return ((await Deno.stat(path)).mtime?.getTime() ?? Infinity) < since;
  } catch {
    return true;
  }
}

/** The heads of all sources, the earliest first; sources are few. */
async function* merged(sources: readonly AsyncGenerator<LoggedLine>[]): AsyncGenerator<LoggedLine> {
  const heads = await Promise.all(sources.map(async (source) => ({
    source,
    line: (await source.next()).value as LoggedLine | undefined,
  })));
  try {
    while (true) {
      let first: typeof heads[number] | undefined;
      for (const head of heads) {
        if (head.line && (!first?.line || head.line.time < first.line.time)) first = head;
      }
      if (!first?.line) return;
      yield first.line;
      first.line = (await first.source.next()).value as LoggedLine | undefined;
    }
  } finally {
    // Whoever stops in the middle leaves files open.
    for (const { source } of heads) await source.return(undefined);
  }
}
