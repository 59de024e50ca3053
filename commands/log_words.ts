/**
 * How a line of a log is shown.
 *
 * @module
 */
import * as colors from "@std/fmt/colors";
import type { LogLevel } from "../lib/log/level.ts";
import type { LoggedLine } from "../lib/log/read_logs.ts";
import { safeText } from "./terminal.ts";
import { localTime } from "./text.ts";

const PAINT: Readonly<Record<LogLevel, (text: string) => string>> = {
  trace: colors.dim,
  debug: colors.dim,
  info: (text) => text,
  warning: colors.yellow,
  error: colors.red,
  fatal: colors.red,
};

/** How much of an id is shown: enough to find what belongs together. */
const ID_SHOWN = 8;

/** The width of the longest level that is usual. */
const LEVEL_WIDTH = "warning".length;

/**
 * A line for people.
 *
 * @param line The line.
 * @param color Whether it may be coloured.
 * @returns Such as `2026-01-31 18:05:01 info    ogp: message from Bert: 4711 [4bf92f35]`.
 */
export function logWords({ daemon, text, entry }: LoggedLine, color: boolean): string {
  const paint = (how: (text: string) => string, what: string) => color ? how(what) : what;
  // What a program printed has no time of its own.
  if (!entry) return `${paint(colors.dim, `${daemon}:`)} ${safeText(text)}`;
  const { time, level, message, correlation } = entry;
  const when = new Date(time);
  const clock = `${localTime(when)}:${String(when.getSeconds()).padStart(2, "0")}`;
  const id = correlation === undefined
    ? ""
    : ` ${paint(colors.dim, `[${safeText(correlation.slice(0, ID_SHOWN))}]`)}`;
  return [
    paint(colors.dim, clock),
    paint(PAINT[level], level.padEnd(LEVEL_WIDTH)),
    `${paint(colors.dim, `${daemon}:`)} ${safeText(message)}${id}`,
  ].join(" ");
}
