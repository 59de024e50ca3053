/**
 * How findings are worded: numbers, spans of time, command lines.
 *
 * @module
 */

/**
 * A number with its noun.
 *
 * @param number How many.
 * @param noun The noun for one; an `s` makes it many.
 * @returns Such as `1 record` or `2,000 records`.
 */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * A span of time, roughly.
 *
 * @param ms Milliseconds; the sign does not matter.
 * @returns Such as `40 s`, `7 min`, `3 h` or `2 days`.
 */
export function span(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/**
 * The first few of many, quoted.
 *
 * @param names What to name.
 * @param total How many there are, if `names` are not all of them.
 * @returns Such as `"a", "b", "c" and 7 more`.
 */
export function some(names: readonly string[], total: number = names.length): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`).join(", ");
  const rest = total - Math.min(names.length, 3);
  return rest > 0 ? `${shown} and ${rest.toLocaleString("en-US")} more` : shown;
}

/**
 * A sentence as the end of another one.
 *
 * @param text A sentence.
 * @returns The same with a small first letter.
 */
export function continued(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/**
 * One word of a command line for a POSIX shell, whatever is in it. Peers choose their ids: pasting a
 * command must never run what is written in one.
 *
 * @param text The word.
 * @returns The word, quoted if need be.
 *
 * @example
 * ```ts
 * import { shellWord } from "./words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shellWord("agent-1f2e"), "agent-1f2e");
 * assertEquals(shellWord("it's; rm -rf ~"), `'it'\\''s; rm -rf ~'`);
 * ```
 */
export function shellWord(text: string): string {
  if (/^[A-Za-z0-9_.@%+:,/-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
