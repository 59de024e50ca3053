/**
 * What another program said, made fit for the owner's log: short, one line, without the secrets that it
 * was called with (services like to quote a key that they refuse).
 *
 * @module
 */

const LONGEST = 300;
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/**
 * Cuts and cleans foreign words.
 *
 * @param text What was said.
 * @param secrets What must not be repeated; blanks are ignored.
 * @returns One line of at most 300 characters.
 *
 * @example
 * ```ts
 * import { saidBy } from "./redact.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(saidBy("bad key sk-123\n", ["sk-123", undefined]), "bad key [secret]");
 * ```
 */
export function saidBy(text: string, secrets: readonly (string | undefined)[] = []): string {
  // Enough to find a secret that begins before the cut; the rest of a huge text is not looked at.
  let words = text.slice(0, 100 * LONGEST);
  for (const secret of secrets) if (secret) words = words.replaceAll(secret, "[secret]");
  words = words.replace(INVISIBLE, " ").trim().toWellFormed();
  const characters = Array.from(words.slice(0, 2 * LONGEST));
  if (words.length <= LONGEST) return words;
  return characters.slice(0, LONGEST - 1).join("").toWellFormed() + "…";
}
