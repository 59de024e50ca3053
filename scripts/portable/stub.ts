/**
 * The shell part of a portable program: `stub.sh` with its blanks filled in.
 *
 * @module
 */
import { PERMISSIONS } from "../permissions.ts";

/** What the shell part has to know. */
export interface StubFacts {
  /** The program's version. */
  readonly version: string;
  /** The target that the Deno in it is for. */
  readonly target: string;
  /** The version of that Deno. */
  readonly deno: string;
  /** What tells this payload from any other: hex digits. */
  readonly sum: string;
  /** Size of Deno in bytes. */
  readonly denoSize: number;
  /** Size of the program's main module in bytes. */
  readonly mainSize: number;
  /** Size of all that is unpacked, in bytes. */
  readonly unpackedSize: number;
  /** Size of the archive behind the shell part, in bytes. */
  readonly archiveSize: number;
}

/**
 * What Deno is told beside the permissions: nothing but the unpacked files is read or loaded, whatever lies
 * in the folder where the program is started or above the one that it is unpacked to.
 */
const ALONE = ["--quiet", "--no-config", "--no-lock", "--no-npm", "--no-remote", "--cached-only"];

/**
 * What V8 is told, here as in the compiled program. Under load it would let what is young and soon dead grow
 * to 16 MB a space; 2 MB cost no throughput that could be measured, and a busy daemon is a third smaller.
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=2";

/**
 * Fills in the shell part.
 *
 * @param template The text of `stub.sh`.
 * @param facts What it has to know.
 * @returns A POSIX shell script, to be followed by the archive.
 * @throws {Error} If a blank is left.
 */
export function stub(template: string, facts: StubFacts): string {
  const blanks: Record<string, string> = {
    VERSION: facts.version,
    TARGET: facts.target,
    DENO: facts.deno,
    SUM: facts.sum,
    DENO_SIZE: String(facts.denoSize),
    MAIN_SIZE: String(facts.mainSize),
    MEGABYTES: String(Math.ceil(facts.unpackedSize / 1e6)),
    FLAGS: shellWords([...ALONE, V8_FLAGS, ...PERMISSIONS]),
    SETTLE_FLAGS: shellWords([...ALONE, "--no-prompt", "--allow-read", "--allow-write"]),
  };
  const text = template.replace(/@([A-Z_0-9]+)@/g, (blank, name) => blanks[name] ?? blank);
  // These two count the script that they are in: with what follows they have one width, whatever they are.
  const sizes = (offset: number, size: number) =>
    text.replace("@OFFSET@", String(offset).padEnd(9)).replace("@SIZE@", String(size).padEnd(9));
  const { length } = new TextEncoder().encode(sizes(0, 0));
  const filled = sizes(length + 1, length + facts.archiveSize);
  if (/@[A-Z_]+@/.test(filled)) throw new Error("A blank of stub.sh is not filled in");
  return filled;
}

function shellWords(words: readonly string[]): string {
  return words.map((word) =>
    /^[\w./:,=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
  ).join(" ");
}
