/**
 * Reads which file imports which. The parsing is Deno's own (`deno info --json`), so that comments,
 * strings and every form of import are told apart as they are when the program runs.
 *
 * @module
 */

import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runDeno } from "../run_deno.ts";

/** One import, export-from or dynamic import with a literal. */
export interface Import {
  /** The line that it stands on, from 1. */
  readonly line: number;
  /** What the source says, such as `./store.ts`. */
  readonly specifier: string;
  /**
   * The file that is meant, as a path below the root with `/`, or with leading `../` if it is outside.
   * Absent for packages, for `node:` modules and for what cannot be resolved.
   */
  readonly target?: string;
  /** Whether only types are imported (`import type`), so that nothing is left of it at run time. */
  readonly typeOnly: boolean;
  /** Why there is nothing to import there. */
  readonly error?: string;
}

/** One source file of the project. */
export interface SourceFile {
  /** Its path below the root, with `/`. */
  readonly path: string;
  /** How many lines it has. */
  readonly lines: number;
  /** What it imports, in order. */
  readonly imports: readonly Import[];
  /** Why it could not be read as a module: a syntax error with its place. */
  readonly error?: string;
}

/** The parts of the output of `deno info --json` that are used here. */
interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: Resolution;
      readonly type?: Resolution;
    }[];
  }[];
}

interface Resolution {
  readonly specifier?: string;
  readonly error?: string;
  readonly span: { readonly start: { readonly line: number } };
}

const SOURCE = /(?<!\.d)\.(?:ts|tsx|mts|js|mjs)$/;
const NOT_OURS = new Set(["node_modules", "dist", "coverage"]);

/**
 * Reads all source files below a folder, and what they import.
 *
 * @param root The project's folder.
 * @returns The files, by path. Declarations (`.d.ts`), hidden folders, `node_modules`, `dist` and
 * `coverage` are left out.
 * @throws {Error} If Deno cannot make out the graph at all.
 */
export async function readGraph(root: string): Promise<SourceFile[]> {
  const base = await Deno.realPath(root);
  const paths: string[] = [];
  for await (const path of sources(base, "")) paths.push(path);
  paths.sort();

  const info = await inspect(base, paths);
  const modules = new Map(info.modules.map((module) => [module.specifier, module]));
  return await Promise.all(paths.map(async (path) => {
    const module = modules.get(pathToFileURL(join(base, path)).href);
    const lines = countLines(await Deno.readTextFile(join(base, path)));
    const imports = (module?.dependencies ?? []).flatMap(({ specifier, code, type }) => [
      // One import may mean two files: the code, and the declarations that `@ts-types` names for it.
      ...(code ? [readImport(base, modules, specifier, code, false)] : []),
      ...(type ? [readImport(base, modules, specifier, type, true)] : []),
    ]);
    return { path, lines, imports, ...(module?.error && { error: module.error }) };
  }));
}

async function* sources(base: string, folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(join(base, folder))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || NOT_OURS.has(entry.name)) continue;
    if (entry.isDirectory) yield* sources(base, path);
    else if (entry.isFile && SOURCE.test(entry.name)) yield path;
  }
}

/** `deno info` takes one file, so it gets one that imports all others. */
async function inspect(base: string, paths: readonly string[]): Promise<Info> {
  const entry = await Deno.makeTempFile({ prefix: "imports-", suffix: ".ts" });
  try {
    const urls = paths.map((path) => pathToFileURL(join(base, path)).href);
    await Deno.writeTextFile(entry, urls.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    const config = join(base, "deno.json");
    const hasConfig = await Deno.stat(config).then(() => true, () => false);
    // Packages are of no interest here, and looking them up would need the lock file or the network.
    const outcome = await runDeno(
      ["info", "--json", "--no-npm", "--no-remote", "--no-lock"]
        .concat(hasConfig ? ["--config", config] : ["--no-config"], entry),
    );
    if (outcome.code !== 0) {
      throw new Error(`Cannot read the module graph: ${outcome.stderr.trim()}`);
    }
    return JSON.parse(outcome.stdout) as Info;
  } finally {
    await Deno.remove(entry);
  }
}

function readImport(
  base: string,
  modules: ReadonlyMap<string, { readonly error?: string }>,
  specifier: string,
  resolution: Resolution,
  typeOnly: boolean,
): Import {
  const line = resolution.span.start.line + 1;
  const { error: unresolved, specifier: url = "" } = resolution;
  if (unresolved !== undefined) return { line, specifier, typeOnly, error: unresolved };
  if (!url.startsWith("file:")) return { line, specifier, typeOnly };
  const target = relative(base, fileURLToPath(url)).replaceAll("\\", "/");
  const error = modules.get(url)?.error;
  // A file that is there but does not parse is reported once, as itself.
  const missing = error !== undefined && !error.startsWith("SyntaxError");
  return { line, specifier, target, typeOnly, ...(missing && { error }) };
}

function countLines(text: string): number {
  const breaks = text.split("\n").length - 1;
  return text === "" || text.endsWith("\n") ? breaks : breaks + 1;
}
