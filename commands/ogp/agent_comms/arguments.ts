/**
 * Arguments and flags that several of these commands take.
 *
 * @module
 */
import { type Level, LEVELS, parseLevel } from "../../../lib/ogp/policies/level.ts";
import { type Positional, textFlag } from "../../positionals.ts";

/** What is proposed for an unfinished word. */
const proposeCompletions = (partial: string) =>
  LEVELS.filter((level) => level.startsWith(partial.toLowerCase()));

/** A level as a positional argument. */
export interface LevelPositional extends Omit<Positional, "parse"> {
  /** Reads it. */
  readonly parse: (input: string) => Level;
  /** What is proposed for an unfinished one. */
  readonly proposeCompletions: (partial: string) => readonly Level[];
}

/** How openly. */
export const LEVEL: LevelPositional = {
  brief: LEVELS.join(", "),
  parse: parseLevel,
  placeholder: "level",
  proposeCompletions,
};

/** What a topic is. */
export const TOPIC: Positional = {
  brief: "The topic; it covers what is below it",
  parse: String,
  placeholder: "topic",
};

/**
 * The flag `--level`.
 *
 * @param preset What counts without it; `undefined` where it may be given in another way.
 * @returns The declaration.
 */
export function levelFlag(preset?: Level): Readonly<Record<string, unknown>> {
  return {
    kind: "parsed",
    parse: parseLevel,
    placeholder: "level",
    brief: `How openly: ${LEVELS.join(", ")}`,
    ...(preset === undefined ? { optional: true } : { default: preset }),
    proposeCompletions,
  };
}

/** The flag `--notes`. */
export const NOTES = textFlag("text", "Why; your agent is told");

/**
 * The flag `--global`.
 *
 * @param brief What it does.
 * @returns The declaration.
 */
export function globalFlag(brief: string): Readonly<Record<string, unknown>> {
  return { kind: "boolean", brief, default: false, withNegated: false };
}
