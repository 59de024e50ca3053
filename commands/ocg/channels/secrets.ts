/**
 * Tokens that are not on the command line, where others could see them: from standard input, or typed
 * unseen.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { decodeUtf8 } from "../../../lib/signing/utf8.ts";
import { readInput } from "../../input.ts";
import { Prompt } from "../../prompt.ts";
import type { Terminal } from "../../terminal.ts";

/** Most bytes of a token. */
const LARGEST = 8192;

/**
 * Whether a person sits at the terminal and can be asked.
 *
 * @param terminal The terminal.
 * @returns `true` if so.
 */
export function canAsk(terminal: Terminal): boolean {
  return terminal.interactive && Deno.stdin.isTerminal();
}

/**
 * Reads a secret.
 *
 * @param terminal Where it is asked for.
 * @param what What it is, for the question.
 * @returns The secret, without blanks around it.
 * @throws {MeshError} `usage` if there is none, `too_large`, `interrupted`.
 */
export async function readSecret(terminal: Terminal, what: string): Promise<string> {
  const secret = canAsk(terminal)
    ? await new Prompt(terminal).secret(`${what} (it is not shown):`)
    : decodeUtf8(await readInput("-", LARGEST)).trim();
  if (secret !== "") return secret;
  throw new MeshError("usage", `${what} is empty`, { hint: "--token - < token.txt" });
}
