/**
 * Documents that come one after the other: with `--json`, one a line.
 *
 * @module
 */
import { asciiJson, type Terminal } from "../terminal.ts";

/**
 * Prints a document on a line of its own; nothing in text mode.
 *
 * @param terminal Where to.
 * @param document What.
 */
export function documentLine(
  terminal: Terminal,
  document: Readonly<Record<string, unknown>>,
): void {
  if (terminal.json) terminal.raw(`${asciiJson(JSON.stringify(document))}\n`);
}
