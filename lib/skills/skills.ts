/**
 * The skills: texts that teach an agent to drive this program, embedded in it.
 *
 * @module
 */
import embedded from "./embedded.json" with { type: "json" };

/** A text for agents. */
export interface Skill {
  /** Its name, and that of its folder. */
  readonly name: string;
  /** What it is for, in one line. */
  readonly description: string;
  /** The whole of its `SKILL.md`. */
  readonly text: string;
}

/** All of them, by name. */
export const SKILLS: readonly Skill[] = Object.entries(embedded as Record<string, string>)
  .map(([name, text]) => ({ name, description: frontmatter(text).description ?? "", text }));

/**
 * What stands at the beginning of a `SKILL.md`, between two lines of three hyphens.
 *
 * @param text The file.
 * @returns The values by key, as they are written; nothing if there is no such beginning.
 *
 * @example
 * ```ts
 * import { frontmatter } from "./skills.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(frontmatter("---\nname: mesh\n---\n# Text"), { name: "mesh" });
 * ```
 */
export function frontmatter(text: string): Record<string, string> {
  const [, inside] = /^---\n(.*?)\n---\n/s.exec(text) ?? [];
  const values: Record<string, string> = {};
  for (const line of inside?.split("\n") ?? []) {
    const [, key, value] = /^([\w-]+): (.+)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values[key] = value;
  }
  return values;
}
