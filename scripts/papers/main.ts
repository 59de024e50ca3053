/**
 * Writes the papers that are made from the program itself: the reference in `docs`, man pages, completion
 * scripts, units. To be run after a command, a flag, a key or a code has changed:
 * `deno run -A scripts/papers/main.ts`. A test tells if that was forgotten; `--check` does, too.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { fileURLToPath } from "node:url";
import { allPapers, FOLDERS } from "./papers.ts";

/** The project's folder. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** A file that is not as it should be. */
export interface Stale {
  /** Its path below the project's folder. */
  readonly path: string;
  /** What it should say; nothing if it should not be there. */
  readonly text: string | undefined;
}

/**
 * Compares the papers with what the program says now.
 *
 * @returns Those that are not as they should be.
 */
export async function stalePapers(): Promise<Stale[]> {
  const papers = await allPapers(ROOT);
  const stale: Stale[] = [];
  for (const [path, text] of Object.entries(papers)) {
    const there = await Deno.readTextFile(ROOT + path).catch(() => undefined);
    if (there !== text) stale.push({ path, text });
  }
  for (const folder of FOLDERS) {
    for (const name of await namesIn(ROOT + folder)) {
      const path = `${folder}/${name}`;
      if (!Object.hasOwn(papers, path)) stale.push({ path, text: undefined });
    }
  }
  return stale;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function mend({ path, text }: Stale): Promise<void> {
  const file = ROOT + path;
  if (text === undefined) return await Deno.remove(file);
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(file, text);
}

if (import.meta.main) {
  const stale = await stalePapers();
  const check = Deno.args.includes("--check");
  for (const one of stale) {
    if (!check) await mend(one);
    console.log(`${check ? "stale" : one.text === undefined ? "removed" : "written"}  ${one.path}`);
  }
  if (check && stale.length > 0) Deno.exit(1);
}
