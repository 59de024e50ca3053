/** What the hidden `mesh complete` does. @module */
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/**
 * Prints proposals for the last word: flags only where there is nothing else to say.
 *
 * @param context The terminal and the parser's proposals.
 * @param _flags None of its own.
 * @param words The words after the program's name, the last one unfinished.
 */
export default async function (
  { terminal, propose }: ActionContext,
  _flags: CommonFlags,
  ...words: string[]
): Promise<void> {
  const proposals = (await propose(words)).filter(({ completion }) => completion !== "--");
  const names = proposals.filter(({ completion }) => !completion.startsWith("-"));
  for (const { completion, brief } of names.length > 0 ? names : proposals) {
    terminal.raw(`${completion}\t${brief}\n`);
  }
}
