/**
 * What the level `deny` answers, without the agent.
 *
 * @module
 */
import type { Level } from "./level.ts";

/** The data of a reply that declines. */
export interface Denial {
  /** What the peer's agent reads. */
  readonly text: string;
  /** So that a program can tell it from an answer. */
  readonly level: "deny";
}

/**
 * The reply that a level gives by itself.
 *
 * @param level The level that counts.
 * @returns The data of the reply for `deny`; nothing for levels that leave the answer to somebody.
 *
 * @example
 * ```ts
 * import { denial } from "./denial.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(denial("deny")?.text, "Thank you for asking, but I'm not able to discuss that topic.");
 * assertEquals(denial("summary"), undefined);
 * ```
 */
export function denial(level: Level): Denial | undefined {
  if (level !== "deny") return undefined;
  return { text: "Thank you for asking, but I'm not able to discuss that topic.", level };
}
