/**
 * Entries as they are written: what is there, and then what is new.
 *
 * @module
 */
import { type ActivityEntry, parseEntry } from "./activity_entry.ts";
import { activityFiles, fileLength, readLines } from "./activity_files.ts";
import { type ActivityFilter, isAbout, readActivity } from "./read_activity.ts";

/** Milliseconds between looks. */
const LOOK_AGAIN = 500;

/** How to follow. */
export interface FollowOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds between looks. Default 500. */
  readonly pauseMs?: number;
}

/**
 * Hands out entries until it is told to stop, each once.
 *
 * @param state Where the log is.
 * @param filter Which ones; `last` is about those that are there already.
 * @param options When to stop.
 * @returns The entries that are there, the oldest first, then each new one.
 */
export async function* followActivity(
  state: { readonly root: string },
  filter: ActivityFilter,
  { signal, pauseMs = LOOK_AGAIN }: FollowOptions,
): AsyncGenerator<ActivityEntry> {
  const lengths = await Promise.all((await newestFiles(state.root)).map(fileLength));
  const { entries, ends } = await readActivity(state, filter);
  yield* entries;
  const seen = new Map([...lengths.filter((length) => length !== undefined), ...ends]);
  while (!signal.aborted) {
    for (const line of await newLines(state.root, seen)) {
      const entry = parseEntry(line);
      if (entry && isAbout(entry, filter.publicKey)) yield entry;
    }
    await pause(pauseMs, signal);
  }
}

/** The files that may still be written to, a little before and after midnight. */
async function newestFiles(root: string): Promise<string[]> {
  return (await activityFiles(root)).slice(-4).map(({ path }) => path);
}

/** What was written since; `seen` is brought up to date. */
async function newLines(root: string, seen: Map<string, number>): Promise<string[]> {
  const lines: string[] = [];
  for (const path of await newestFiles(root)) {
    const read = await readLines(path, (id) => seen.get(id) ?? 0);
    if (!read) continue;
    lines.push(...read.lines);
    seen.set(read.id, read.end);
  }
  return lines;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
