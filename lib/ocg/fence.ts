/**
 * Fenced blocks of code in a text (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
 *
 * @module
 */

/** A block of code that is open at some place of a text. */
export interface Fence {
  /** The line that opened it, without what it is indented by. */
  readonly opening: string;
  /** What closes it: as many backticks or tildes. */
  readonly closing: string;
  /** Where that line begins, in UTF-16 units. */
  readonly start: number;
}

/**
 * The block that is open at a place.
 *
 * @param text The text.
 * @param at The place; what comes after it is not looked at.
 * @returns The block, if one is open.
 *
 * @example
 * ```ts
 * import { openFence } from "./fence.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(openFence("~~~js\nlet a;\n", 14)?.opening, "~~~js");
 * assertEquals(openFence("~~~js\n~~~\n", 10), undefined);
 * ```
 */
export function openFence(text: string, at: number): Fence | undefined {
  let fence: Fence | undefined;
  let start = 0;
  for (const line of text.slice(0, at).split("\n")) {
    if (fence) {
      if (closesFence(line, fence)) fence = undefined;
    } else fence = opens(line, start);
    start += line.length + 1;
  }
  return fence;
}

/**
 * Whether a line ends a block.
 *
 * @param line The line.
 * @param fence The block.
 * @returns `true` if there is nothing on it but enough of the block's marks.
 */
export function closesFence(line: string, { closing }: Pick<Fence, "closing">): boolean {
  const words = line.trim();
  return words.length >= closing.length && words.replaceAll(closing[0] ?? "`", "") === "";
}

function opens(line: string, start: number): Fence | undefined {
  const [, closing] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
  return closing === undefined ? undefined : { opening: line.trim(), closing, start };
}
