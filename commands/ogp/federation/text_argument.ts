/**
 * A text that is typed as an argument, or piped in.
 *
 * @module
 */
import { MeshError } from "../../../lib/error.ts";
import { decodeUtf8 } from "../../../lib/signing/utf8.ts";
import { readInput } from "../../input.ts";

/** Most bytes of a text: what a gateway takes as a whole message. */
const LIMIT = 256 * 1024;

/**
 * The text of an argument, else what stdin says.
 *
 * @param argument The argument; `undefined` or `-` reads stdin.
 * @param hint What to type, for when there is nothing.
 * @returns The text, without the line break that ends a piped one.
 * @throws {MeshError} `usage` if there is no text, `too_large`, `malformed` if it is no UTF-8.
 */
export async function textOrStdin(argument: string | undefined, hint: string): Promise<string> {
  if (argument === undefined && Deno.stdin.isTerminal()) {
    throw new MeshError("usage", "There is nothing to say", { hint });
  }
  const piped = argument === undefined || argument === "-";
  const text = piped ? decodeUtf8(await readInput("-", LIMIT)).replace(/\r?\n$/, "") : argument;
  if (text.trim() === "") throw new MeshError("usage", "The text is empty", { hint });
  return text;
}
