/**
 * A line of a log file: JSON with the time first, so that files can be read in order, also by other
 * programs.
 *
 * @module
 */
import { isAtLeast, LOG_LEVELS, type LogLevel } from "./level.ts";

/** What a line says. */
export interface LogEntry {
  /** When, ISO 8601 with milliseconds. */
  readonly time: string;
  /** How much it matters. */
  readonly level: LogLevel;
  /** What it is about, such as `delivery`. */
  readonly category: string;
  /** One sentence for people. */
  readonly message: string;
  /** What said it, such as `serve`. */
  readonly daemon?: string;
  /** Which process that was. */
  readonly pid?: number;
  /** What belongs together: 32 hex digits. */
  readonly correlation?: string;
  /** The details, for programs. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * An entry as its line.
 *
 * @param entry The entry.
 * @returns One line of JSON, without the line break.
 */
export function formatLine(
  { time, level, category, message, daemon, pid, correlation, properties }: LogEntry,
): string {
  // The order in which a person reads it.
  const line = { time, level, category, message, correlation, daemon, pid, properties };
  try {
    return JSON.stringify(line);
  } catch {
    return JSON.stringify({ time, level, category, message, correlation, daemon, pid });
  }
}

/**
 * Reads a line.
 *
 * @param text The line.
 * @returns What it says, or `undefined` if it is no line of ours, such as what a program printed.
 *
 * @example
 * ```ts
 * import { parseLine } from "./line.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const line = '{"time":"2026-01-01T00:00:00.000Z","level":"info","category":"ogp","message":"hi"}';
 * assertEquals(parseLine(line)?.message, "hi");
 * assertEquals(parseLine("Segmentation fault"), undefined);
 * ```
 */
export function parseLine(text: string): LogEntry | undefined {
  if (!text.startsWith('{"')) return undefined;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { time, level, category = "", message, daemon, pid, correlation, properties } = value;
  if (typeof time !== "string" || isNaN(Date.parse(time)) || typeof message !== "string") {
    return undefined;
  }
  const known = LOG_LEVELS.find((one) => one === level);
  return {
    time,
    level: known ?? "info",
    category: String(category),
    message,
    ...(typeof daemon === "string" ? { daemon } : {}),
    ...(typeof pid === "number" ? { pid } : {}),
    ...(typeof correlation === "string" ? { correlation } : {}),
    ...(typeof properties === "object" && properties !== null
      ? { properties: properties as Record<string, unknown> }
      : {}),
  };
}

/**
 * A log's text as a person would have seen it: the sentences of its lines, and other lines as they are.
 *
 * @param text Lines.
 * @param least The level from which on lines are wanted; other programs' lines always are.
 * @returns As many lines, or fewer.
 */
export function plainLines(text: string, least: LogLevel = "trace"): string {
  return text.split("\n").flatMap((line) => {
    const entry = parseLine(line);
    if (!entry) return [line];
    return isAtLeast(entry.level, least) ? [entry.message] : [];
  }).join("\n");
}
