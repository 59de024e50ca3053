/**
 * The program as plain JavaScript in a few files, by `deno bundle`. Commands stay apart and are loaded when
 * they run, as in the sources.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { MeshError } from "../../lib/error.ts";
import { runDeno } from "../run_deno.ts";
import { lateModules } from "./late_modules.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What is started of a file that unpacks itself: the program, and what puts it into its place. */
const ENTRIES = ["scripts/portable/main.ts", "scripts/portable/settle.ts"];

/** A file of the bundle. */
export interface BundledFile {
  /** Its name, without folders. */
  readonly name: string;
  /** What is in it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Bundles the program. Deno gets its bundler, esbuild, from npm when it needs it for the first time.
 *
 * @param entries The files that are started, below the project's folder.
 * @returns The files in the order of their names; `main.js` for `main.ts`, and so on, are among them.
 * @throws {MeshError} `unavailable` if there is no bundler; `unexpected` if the sources cannot be bundled.
 */
export async function bundle(entries: readonly string[] = ENTRIES): Promise<BundledFile[]> {
  const folder = await Deno.makeTempDir({ prefix: "mesh-bundle-" });
  try {
    // Not minified: esbuild's --minify has been seen to change what the program does (the end-to-end tests
    // of federations that begin anew fail), and it would save no more than half a megabyte.
    const args = ["bundle", "--quiet", "--keep-names", "--code-splitting", "--outdir", folder];
    const { code, stderr } = await runDeno([...args, ...entries], { cwd: ROOT });
    if (code !== 0) throw whyNotBundled(stderr);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    const all = new Set(names);
    return await Promise.all(
      names.map(async (name) => ({ name, bytes: await fileOf(folder, name, all) })),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function fileOf(
  folder: string,
  name: string,
  all: ReadonlySet<string>,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = `${folder}/${name}`;
  if (!name.endsWith(".js")) return await Deno.readFile(path);
  return new TextEncoder().encode(lateModules(await Deno.readTextFile(path), all));
}

/**
 * Says why there is no bundle.
 *
 * @param stderr What Deno wrote to standard error.
 * @returns `unavailable` if the bundler is the reason, else `unexpected` with Deno's own words.
 */
export function whyNotBundled(stderr: string): MeshError {
  const words = stderr.trim().replace(/^error: /, "") || "Deno did not say why";
  if (/esbuild/.test(stderr) && /download|fetch|request|registry|tarball|npm/i.test(stderr)) {
    return new MeshError(
      "unavailable",
      `Deno cannot get its bundler, esbuild, from npm: ${words}`,
      {
        hint: "run it once where an npm registry answers; after that it works without one",
      },
    );
  }
  return new MeshError("unexpected", `Cannot bundle the program: ${words}`);
}

/**
 * Says whether the bundler is here, so that bundling downloads nothing.
 *
 * @returns Whether it is.
 */
export async function bundlerIsHere(): Promise<boolean> {
  const { stdout } = await runDeno(["info", "--json"]);
  const { denoDir } = JSON.parse(stdout);
  try {
    for await (const { name } of Deno.readDir(`${denoDir}/dl`)) {
      if (name.startsWith("esbuild-")) return true;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return false;
}
