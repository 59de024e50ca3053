/**
 * The rules of the house as plain functions over the files and their imports: who may import whom, no
 * cycles, and how long a file may be.
 *
 * @module
 */

import type { Import, SourceFile } from "./graph.ts";

/** A rule that a file breaks. */
export interface Violation {
  /** The file's path below the root. */
  readonly path: string;
  /** The line, from 1. */
  readonly line: number;
  /** What is wrong, as one sentence. */
  readonly sentence: string;
}

/** The most lines that a source file may have. */
export const MAX_LINES = 600;

/** Folders and files at the top, and which of them each may import. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "lib": ["lib"],
  "server": ["server", "lib"],
  "commands": ["commands", "server", "lib"],
  "main.ts": ["commands", "server", "lib"],
  "mod.ts": ["lib"],
  "scripts": ["scripts", "mod.ts", "main.ts", "commands", "server", "lib"],
  // Examples stand alone.
  "etc": [],
  "tests": ["tests", "scripts", "mod.ts", "main.ts", "commands", "server", "lib"],
};

/** What each protocol in `lib` stands on is free of protocols, and no protocol knows another. */
const PROTOCOLS: ReadonlySet<string> = new Set(["mesh", "ogp", "ocg"]);

/** Folders of `lib` that look at all protocols at once; nothing else in `lib` looks at them. */
const ABOVE_PROTOCOLS: ReadonlySet<string> = new Set(["doctor"]);

/** Code is bound to its layer; data (such as a JSON file) may be imported from anywhere but from tests. */
const CODE = /\.(?:ts|tsx|mts|js|mjs)$/;

/**
 * Imports that point the wrong way, or at nothing. Imports of types count: a layer that knows the types
 * of a higher one cannot be understood, tested or moved without it.
 *
 * @param files The files of the project.
 * @returns What is wrong, in the order of the files.
 */
export function checkDirections(files: readonly SourceFile[]): Violation[] {
  const violations: Violation[] = [];
  for (const { path, imports, error } of files) {
    const report = (line: number, sentence: string) => violations.push({ path, line, sentence });
    if (error !== undefined) {
      report(lineOf(error), `Cannot read the file as a module: ${firstLine(error)}`);
    }
    const layer = topOf(path);
    if (!Object.hasOwn(LAYERS, layer)) {
      report(
        1,
        `"${layer}" has no place in the order of layers: give it one in scripts/imports/rules.ts`,
      );
      continue;
    }
    for (const entry of imports) {
      const sentence = whyNot(path, entry);
      if (sentence !== undefined) report(entry.line, sentence);
    }
  }
  return violations;
}

/** Why this file may not import that, or `undefined` if it may. */
function whyNot(from: string, { specifier, target, error }: Import): string | undefined {
  if (error !== undefined) return `Cannot import "${specifier}": ${firstLine(error)}`;
  if (target === undefined) return undefined;
  if (target.startsWith("../")) return `"${specifier}" is outside of the project`;
  const layer = topOf(from);
  const other = topOf(target);
  if (!CODE.test(target) && other !== "tests") return undefined;
  if (!LAYERS[layer]?.includes(other)) return `${layer} may not import ${other} ("${target}")`;
  if (layer !== "lib" || other !== "lib") return undefined;

  const folder = libFolderOf(from);
  const wanted = libFolderOf(target);
  if (folder === wanted || ABOVE_PROTOCOLS.has(folder)) return undefined;
  if (ABOVE_PROTOCOLS.has(wanted)) return `lib/${wanted} is above lib/${folder} ("${target}")`;
  if (!PROTOCOLS.has(wanted)) return undefined;
  return PROTOCOLS.has(folder)
    ? `The protocols lib/${folder} and lib/${wanted} may not import each other ("${target}")`
    : `${from} serves all protocols and may not import one of them ("${target}")`;
}

/**
 * Files that import each other in a circle, so that none of them is whole before the others. Dynamic
 * imports count; those of types alone (`import type`) do not, as nothing is left of them at run time: a
 * lazily loaded action may name the types of the command that loads it.
 *
 * @param files The files of the project.
 * @returns A violation per circle, the shortest one for each file that no other circle names already.
 */
export function checkCycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const named = new Set<string>();
  const violations: Violation[] = [];
  for (const file of files) {
    if (named.has(file.path)) continue;
    const cycle = shortestCycle(file.path, byPath);
    if (cycle === undefined) continue;
    cycle.forEach((path) => named.add(path));
    const line = runTimeImports(file).find(({ target }) => target === cycle[1])?.line ?? 1;
    violations.push({ path: file.path, line, sentence: `Import cycle: ${cycle.join(" → ")}` });
  }
  return violations;
}

/** Breadth first from a file until it is met again. */
function shortestCycle(
  start: string,
  files: ReadonlyMap<string, SourceFile>,
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const { target } of runTimeImports(files.get(path))) {
      if (target === undefined) continue;
      if (target === start) {
        const cycle = [start];
        for (let at = path; at !== start; at = cameFrom.get(at) ?? start) cycle.unshift(at);
        return [start, ...cycle];
      }
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, path);
      queue.push(target);
    }
  }
  return undefined;
}

function runTimeImports(file: SourceFile | undefined): Import[] {
  return (file?.imports ?? []).filter(({ typeOnly }) => !typeOnly);
}

/**
 * Files that are too long to say one thing.
 *
 * @param files The files of the project.
 * @returns A violation per file.
 */
export function checkLengths(files: readonly SourceFile[]): Violation[] {
  return files.filter(({ lines }) => lines > MAX_LINES).map(({ path, lines }) => ({
    path,
    line: MAX_LINES + 1,
    sentence: `The file has ${lines} lines, and ${MAX_LINES} is the most: split it`,
  }));
}

function topOf(path: string): string {
  return path.split("/", 1)[0] ?? path;
}

/** `mesh` for `lib/mesh/inbox.ts`, and for a `lib/mesh.ts` too. */
function libFolderOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(CODE, "");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}

/** Deno ends a syntax error with `at file:///…:<line>:<column>`. */
function lineOf(error: string): number {
  return Number(/:(\d+):\d+\s*$/.exec(error)?.[1] ?? 1);
}
