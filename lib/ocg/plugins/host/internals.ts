/**
 * Functions of OpenClaw's that its package does not export by name. The files that they are in, and what they
 * are exported as, are different in each release, so they are looked for.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { method } from "./any.ts";

/** A function of which nothing is known but its name. */
export type Internal = (...args: unknown[]) => unknown;

/** Files that are looked at first; there are thousands. */
const LIKELY = /^(?:runtime|registry)-/;

/**
 * Finds functions.
 *
 * @param openclaw The folder of OpenClaw's package.
 * @param names What they are called inside.
 * @returns Those that were found, by name.
 */
export async function findInternals(
  openclaw: string,
  names: readonly string[],
): Promise<Readonly<Record<string, Internal>>> {
  const folder = `${openclaw}/dist`;
  const all = readdirSync(folder).filter((file) => /\.m?js$/.test(file)).sort();
  const files = [...all.filter((file) => LIKELY.test(file)), ...all.filter((f) => !LIKELY.test(f))];
  const found: Record<string, Internal> = {};
  const left = new Set(names);
  for (const file of files) {
    if (left.size === 0) break;
    const text = readFileSync(`${folder}/${file}`, "utf8");
    for (const name of [...left]) {
      const exported = exportOf(text, name);
      if (exported === undefined) continue;
      const fn = method(await import(pathToFileURL(`${folder}/${file}`).href), exported);
      if (!fn) continue;
      found[name] = fn;
      left.delete(name);
    }
  }
  return found;
}

/** What a module exports a function as that is its own. */
function exportOf(text: string, name: string): string | undefined {
  if (!new RegExp(`(?:function |const )${name}\\b`).test(text)) return undefined;
  const match = new RegExp(`export \\{[^}]*\\b${name}(?: as (\\w+))?\\s*[,}]`).exec(text);
  return match ? match[1] ?? name : undefined;
}
