/**
 * Holds the order of the house: imports point one way (`commands → server → lib`), no file imports
 * itself by way of others, and no file is too long. Prints each violation as `file:line: sentence`.
 *
 * Run it with `deno run -A scripts/check_imports.ts [folder]`.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { readGraph } from "./imports/graph.ts";
import {
  checkCycles,
  checkDirections,
  checkLengths,
  MAX_LINES,
  type Violation,
} from "./imports/rules.ts";

/**
 * Checks all source files below a folder.
 *
 * @param root The project's folder.
 * @returns How many files there are, and what is wrong with them, by path and line.
 * @throws {Error} If there are no source files, or Deno cannot make out what they import.
 */
export async function checkImports(
  root: string,
): Promise<{ files: number; violations: Violation[] }> {
  const files = await readGraph(root);
  // A check of nothing would pass for ever.
  if (files.length === 0) throw new Error(`No source files below "${root}"`);
  const violations = [checkDirections, checkCycles, checkLengths].flatMap((check) => check(files));
  violations.sort((a, b) => compare(a.path, b.path) || a.line - b.line);
  return { files: files.length, violations };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

if (import.meta.main) {
  const root = Deno.args[0] ?? dirname(dirname(fileURLToPath(import.meta.url)));
  const { files, violations } = await checkImports(root);
  for (const { path, line, sentence } of violations) console.log(`${path}:${line}: ${sentence}`);
  if (violations.length > 0) Deno.exit(1);
  console.log(`${files} files: imports point one way, in no circle, none over ${MAX_LINES} lines`);
}
