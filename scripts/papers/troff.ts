/**
 * Text for man pages, in the macros of man(7) that every formatter knows.
 *
 * @module
 */

/**
 * Makes text harmless: no character of it is a request, and each is printed as it is.
 *
 * @param text One line.
 * @returns The same for troff.
 *
 * @example
 * ```ts
 * import { plain } from "./troff.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(plain(".a --b \\n"), "\\&.a \\-\\-b \\en");
 * assertEquals(plain("wait…"), "wait\\[u2026]");
 * ```
 */
export function plain(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^(?=[.'])/, "\\&")
    .replace(
      /[^ -~]/gu,
      (char) => `\\[u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`,
    );
}

/**
 * Text with words in backticks, which are shown in bold.
 *
 * @param text One line.
 * @returns The same for troff.
 */
export function prose(text: string): string {
  const parts = text.split("`");
  const whole = parts.map((part, i) => i % 2 === 1 ? `\\fB${inner(part)}\\fR` : inner(part)).join(
    "",
  );
  return whole.replace(/^(?=[.'])/, "\\&");
}

function inner(text: string): string {
  return plain(text).replace(/^\\&/, "");
}

/**
 * A word in bold, on a line of its own.
 *
 * @param text The word, or several.
 * @returns The line.
 */
export function bold(text: string): string {
  return `\\fB${inner(text)}\\fR`;
}

/**
 * A list of terms with what they are.
 *
 * @param rows Terms and texts.
 * @returns The lines.
 */
export function definitions(rows: readonly (readonly [term: string, text: string])[]): string[] {
  return rows.flatMap(([term, text]) => [".TP", bold(term), prose(text)]);
}

/**
 * Lines that are printed as they are.
 *
 * @param lines The lines.
 * @returns The same for troff.
 */
export function verbatim(lines: readonly string[]): string[] {
  return [".PP", ".nf", ".RS 4", ...lines.map(plain), ".RE", ".fi"];
}
