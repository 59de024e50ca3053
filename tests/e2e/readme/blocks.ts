/**
 * The sessions that a Markdown text shows: what is typed, and what is printed then.
 *
 * @module
 */

/** One command, as it is typed. */
export interface Typed {
  /** The line after `$ `. */
  readonly line: string;
  /** What is shown below it; nothing if only the command is shown. */
  readonly shown: readonly string[];
}

/** A block of commands. */
export interface Block {
  /** The text since the last block: it may tell what happens in between. */
  readonly prose: string;
  /** What is typed. */
  readonly typed: readonly Typed[];
}

/**
 * Reads the blocks of a text that are marked as `console`.
 *
 * @param markdown The text.
 * @returns The blocks, in order.
 */
export function consoleBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  let end = 0;
  for (const match of markdown.matchAll(/^```console\n(.*?)^```$/gms)) {
    blocks.push({ prose: markdown.slice(end, match.index), typed: typedIn(match[1] ?? "") });
    end = match.index + match[0].length;
  }
  return blocks;
}

function typedIn(text: string): Typed[] {
  const typed: { line: string; shown: string[] }[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("$ ")) typed.push({ line: line.slice(2), shown: [] });
    else typed.at(-1)?.shown.push(line);
  }
  return typed.map(({ line, shown }) => ({
    line,
    // Blank lines between commands are there for the eye.
    shown: shown.join("\n").trimEnd().split("\n").filter((_, i, all) => all.length > 1 || all[i]),
  }));
}
