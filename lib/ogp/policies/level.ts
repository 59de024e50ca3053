/**
 * How openly the owner's agent answers a peer about a topic. Source: the Open Gateway Protocol, response
 * policies.
 *
 * @module
 */
import { MeshError } from "../../error.ts";

/** How openly: from everything to nothing at all. */
export type Level = "full" | "summary" | "escalate" | "deny" | "off";

/** All levels, the most open one first. */
export const LEVELS: readonly Level[] = ["full", "summary", "escalate", "deny", "off"];

/**
 * The level where nothing is configured. The README of OGP sets it in its examples, and it is the widest
 * one that gives no details away; the built-in `off` of OGP 0.7 would turn away everybody whom the owner
 * has just approved.
 */
export const INITIAL_LEVEL: Level = "summary";

const MEANINGS: Readonly<Record<Level, string>> = {
  full: "answered openly, with details",
  summary: "answered with an overview only",
  escalate: "you are asked before your agent gets it",
  deny: "declined politely, without your agent",
  off: "turned away with a signed rejection",
};

/**
 * What happens to a message of a level.
 *
 * @param level The level.
 * @returns A few words that go on with "is" or "are".
 */
export function meaningOf(level: Level): string {
  return MEANINGS[level];
}

/**
 * Whether something is a level.
 *
 * @param value Anything.
 * @returns Whether it is one of {@link LEVELS}.
 */
export function isLevel(value: unknown): value is Level {
  return LEVELS.some((level) => level === value);
}

/**
 * Reads a level that was typed.
 *
 * @param text The text, in any case.
 * @returns The level.
 * @throws {MeshError} `usage` with all levels if it is none.
 *
 * @example
 * ```ts
 * import { parseLevel } from "./level.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseLevel("Summary"), "summary");
 * ```
 */
export function parseLevel(text: string): Level {
  const level = text.trim().toLowerCase();
  if (isLevel(level)) return level;
  throw new MeshError("usage", `There is no level "${text.slice(0, 40)}": ${LEVELS.join(", ")}`);
}
