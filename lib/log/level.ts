/**
 * How much a line of a log matters, in the words of LogTape.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** The levels, the least important first. */
export const LOG_LEVELS = ["trace", "debug", "info", "warning", "error", "fatal"] as const;

/** How much a line matters. */
export type LogLevel = typeof LOG_LEVELS[number];

/**
 * Reads a level as a person writes it.
 *
 * @param text The level; `warn` is `warning`, and capitals do not matter.
 * @returns The level.
 * @throws {MeshError} `usage` for anything else.
 *
 * @example
 * ```ts
 * import { parseLogLevel } from "./level.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseLogLevel("WARN"), "warning");
 * ```
 */
export function parseLogLevel(text: string): LogLevel {
  const word = text.trim().toLowerCase();
  const level = LOG_LEVELS.find((level) => level === (word === "warn" ? "warning" : word));
  if (level !== undefined) return level;
  throw new MeshError("usage", `"${text}" is no level of a log`, {
    hint: `one of ${LOG_LEVELS.join(", ")}`,
  });
}

/**
 * Whether a line matters enough.
 *
 * @param level How much it matters.
 * @param least What is asked for.
 * @returns Whether it is at least that.
 */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least);
}
