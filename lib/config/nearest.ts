/**
 * The word that was probably meant.
 *
 * @module
 */

/**
 * Finds the word that a mistyped one is nearest to.
 *
 * @param typed What was typed.
 * @param words What could have been meant.
 * @returns The nearest, or `undefined` if it would take more changes than a third of its letters.
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearest("gatewayURL", ["gatewayUrl", "email"]), "gatewayUrl");
 * assertEquals(nearest("colour", ["gatewayUrl", "email"]), undefined);
 * ```
 */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  const wanted = typed.slice(0, 100).toLowerCase();
  let best: string | undefined;
  let least = Infinity;
  for (const word of words) {
    const changes = distance(wanted, word.toLowerCase());
    if (changes >= least || changes > Math.ceil(word.length / 3)) continue;
    least = changes;
    best = word;
  }
  return best;
}

/** How many letters have to be put in, taken out or replaced (V. I. Levenshtein, 1965). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
