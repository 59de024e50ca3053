/**
 * The exit codes, from the table that the program has.
 *
 * @module
 */
import { type ErrorCode, exitCodeOf, MeshError } from "../../lib/error.ts";

/** An exit code. */
export interface ExitCodePaper {
  /** The code. */
  readonly exit: number;
  /** What it means. */
  readonly meaning: string;
  /** The names of failures that end with it, as `--json` shows them. */
  readonly codes: readonly string[];
}

/** What a shell may take them for; the README has the same words. */
const MEANINGS: Readonly<Record<number, string>> = {
  0: "done",
  1: "something unexpected, or a failure that `doctor` found",
  2: "the command line or its input cannot be used",
  3: "what was named is not there, or is not unique",
  4: "refused: a signature, a key, a limit, a peer's no",
  5: "it clashes with something that is there: an identity, a key, a port",
  6: "a peer does not answer",
  7: "this machine's state needs care: `mesh doctor`",
  8: "queued: safe on disk, not yet with the peer",
  130: "interrupted",
};

/**
 * Reads the table.
 *
 * @param source The text of `lib/error.ts`.
 * @returns The exit codes, in order.
 * @throws {Error} if a code has no meaning here.
 */
export function exitCodes(source: string): ExitCodePaper[] {
  const rows = source.matchAll(/^ {2}(\w+): \{ exit: \d+, status: \d+ \}/gm);
  const byExit = new Map<number, string[]>([[0, []]]);
  for (const [, name = ""] of rows) {
    const exit = exitCodeOf(new MeshError(name as ErrorCode, ""));
    byExit.set(exit, [...byExit.get(exit) ?? [], name]);
  }
  return [...byExit].sort(([a], [b]) => a - b).map(([exit, codes]) => {
    const meaning = MEANINGS[exit];
    if (meaning === undefined) throw new Error(`Nobody has said what exit code ${exit} means`);
    return { exit, meaning, codes };
  });
}
