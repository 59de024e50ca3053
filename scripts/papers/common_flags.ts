/**
 * The flags that all commands take, and how a default is told.
 *
 * @module
 */
import { COMMON_FLAGS as DECLARED } from "../../commands/flags.ts";
import type { FlagPaper } from "./command_tree.ts";

/** How they are typed, and what they are for. */
export const COMMON_FLAGS: readonly (readonly [usage: string, brief: string])[] = [
  ["--json", DECLARED.json.brief],
  ["--state-dir <dir>", DECLARED.stateDir.brief],
  ["-h, --help", "Explain the command, with examples"],
];

/**
 * Tells the default of a flag.
 *
 * @param flag The flag.
 * @returns Words to put behind its explanation; none if there is no default.
 */
export function presetWords({ preset }: FlagPaper): string {
  return preset === undefined ? "" : ` (default: ${preset})`;
}
