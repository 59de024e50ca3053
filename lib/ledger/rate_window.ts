/**
 * The sliding window of a rate, decided on the lines of a file: a time for each request that was let
 * through, oldest first, and at the top how many older ones were cut off.
 *
 * A window of `windowSeconds` that ends now holds too many if the `requests`-th newest time lies in it; so
 * one look at that line decides, however long the file is. This holds whatever the limit was before.
 *
 * @module
 */

import type { LineFile, LineFormat } from "./line_file.ts";
import { secondsUntil, TIME_DIGITS } from "./ledger_time.ts";

/** How often: at most so many requests in any window of so many seconds. */
export interface WindowLimit {
  /** Requests, a whole number from 1. */
  readonly requests: number;
  /** The window's length in seconds, more than 0; the window excludes its end. */
  readonly windowSeconds: number;
}

/** Whether a request is let through, and if not, when the next one will be. */
export type Taking =
  | { readonly ok: true }
  | { readonly ok: false; readonly retryAfterSeconds: number };

/** A line: when a request was let through, in milliseconds; or how many lines were cut off above. */
export type RateLine = { readonly time: number } | { readonly cut: number };

/** Lines of 14 bytes: `1763713513123`, or `+` and 12 digits. */
export const rateLines: LineFormat<RateLine> = {
  width: TIME_DIGITS + 1,
  print: (line) =>
    "cut" in line
      ? `+${String(line.cut).padStart(TIME_DIGITS - 1, "0")}\n`
      : `${String(line.time).padStart(TIME_DIGITS, "0")}\n`,
  parse(text) {
    if (!/^[+0-9][0-9]{12}$/.test(text)) return undefined;
    return text.startsWith("+") ? { cut: Number(text) } : { time: Number(text) };
  },
};

/**
 * How far a time may lie before the last one that was written and still be taken for the same moment, in
 * milliseconds. Callers look at the clock before they get here, and not all of them take equally long.
 */
const SAME_MOMENT = 60_000;

/** Lines kept beyond those that the limit needs, so that the limit can be raised. */
const MARGIN = 512;

/** The times that are left of a file, oldest first. */
interface Times {
  /** How many older ones were cut off. */
  readonly cut: number;
  /** How many are left. */
  readonly count: number;
  /** One of them, in milliseconds; `undefined` if it cannot be read. */
  at(index: number): number | undefined;
}

/** When to write down that a request was let through, or until when none is; in milliseconds. */
type Verdict = { readonly at: number } | { readonly until: number };

/**
 * Lets a request through or not, and writes it down if so.
 *
 * @param file The lines, locked.
 * @param limit How often.
 * @param now The present, in milliseconds.
 * @returns Whether it is let through.
 * @throws What the system says; then nothing was written.
 */
export function takeFrom(file: LineFile<RateLine>, limit: WindowLimit, now: number): Taking {
  const times = timesIn(file);
  const verdict = judge(times, limit, now);
  if (verdict === undefined) return takeFromMended(file, limit, now);
  if ("until" in verdict) return refusal(now, verdict.until);
  file.append({ time: verdict.at });
  const count = times.count + 1;
  const keep = limit.requests + MARGIN;
  // Where trimming fails, it is tried again only after a while.
  if (count >= 2 * keep && count % keep === 0) trim(file, times.cut + count - keep, keep);
  return { ok: true };
}

/** What the times say; `undefined` if they have to be mended first. */
function judge(times: Times, limit: WindowLimit, now: number): Verdict | undefined {
  const { count, cut } = times;
  if (count === 0) return { at: now };
  const last = times.at(count - 1);
  if (last === undefined || last > now + SAME_MOMENT) return undefined;
  const at = Math.max(last, now);
  if (count + cut < limit.requests) return { at };
  // What was cut off is not newer than the oldest one that is left.
  const decisive = times.at(Math.max(0, count - limit.requests));
  if (decisive === undefined) return undefined;
  const until = decisive + limit.windowSeconds * 1000;
  return at < until ? { until } : { at };
}

/**
 * Decides on lines that cannot be trusted as they are, and writes all of them anew. Those that cannot be
 * read are left out. Times that lie ahead were written before the clock was set back: what they stand for
 * has happened by now, so now is the latest that it can have been. As this is written down, it holds up
 * nobody for longer than a window from now.
 */
function takeFromMended(file: LineFile<RateLine>, limit: WindowLimit, now: number): Taking {
  let cut = 0;
  const times: number[] = [];
  for (const line of file.all()) {
    if ("cut" in line) cut = Math.max(cut, line.cut);
    else times.push(Math.min(line.time, now));
  }
  times.sort((a, b) => a - b);
  const verdict = judge({ cut, count: times.length, at: (index) => times[index] }, limit, now);
  if (verdict !== undefined && "at" in verdict) times.push(verdict.at);
  const lines = times.map((time): RateLine => ({ time }));
  file.replace(cut > 0 ? [{ cut }, ...lines] : lines);
  return verdict !== undefined && "until" in verdict ? refusal(now, verdict.until) : { ok: true };
}

function timesIn(file: LineFile<RateLine>): Times {
  const head = file.at(0);
  const cut = head !== undefined && "cut" in head ? head.cut : 0;
  const first = cut > 0 ? 1 : 0;
  return {
    cut,
    count: file.count - first,
    at(index) {
      const line = file.at(first + index);
      return line !== undefined && "time" in line ? line.time : undefined;
    },
  };
}

function trim(file: LineFile<RateLine>, cut: number, keep: number): void {
  try {
    file.replace([{ cut }], file.count - keep);
  } catch {
    // A full disk. The file stays long, and right.
  }
}

function refusal(now: number, until: number): Taking {
  return { ok: false, retryAfterSeconds: secondsUntil(now, until) };
}
