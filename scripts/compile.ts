/**
 * Makes the program: one file per target, by `deno compile`, with the permissions of `permissions.ts`
 * baked in. Only what `main.ts` imports gets in, so tests and scripts stay out.
 *
 * Run it with `deno task compile [--target T | --all | --portable] [--out dist/mesh]`. Deno downloads a
 * base runtime per target; `DENORT_BIN` names one that is there already. `--portable` needs none: it makes
 * a file that carries the Deno at hand and unpacks itself.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { dirname, resolve } from "node:path";
import { exitCodeOf, MeshError, messageOf } from "../lib/error.ts";
import { denoCompile } from "./compile/deno_compile.ts";
import { type Job, readJobs } from "./compile/jobs.ts";
import { whySilent } from "./compile/try_out.ts";
import { buildPortable } from "./portable/build.ts";

/**
 * Makes one program.
 *
 * @param job What to make.
 * @param runtime The value of `DENORT_BIN`, if set.
 * @throws {MeshError} `unavailable` if what Deno needs cannot be had; `unexpected` for the rest.
 */
export async function make(job: Job, runtime?: string): Promise<void> {
  // A path is meant from where the user stands; the sources are the project's.
  const out = resolve(job.out);
  await Deno.mkdir(dirname(out), { recursive: true });
  if (!job.portable) return await denoCompile({ ...job, out }, runtime);
  await buildPortable(out);
  const cache = await Deno.makeTempDir({ prefix: "mesh-try-" });
  try {
    const problem = await whySilent(out, { XDG_CACHE_HOME: cache });
    if (problem === undefined) return;
    await Deno.remove(out);
    throw new MeshError("unexpected", `The portable program does not start: ${problem.trim()}`);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

/** Runs the script, and returns its exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const runtime = Deno.env.get("DENORT_BIN") || undefined;
    for (const job of readJobs(args, Deno.build.target, runtime)) {
      const { target, out } = job;
      const start = performance.now();
      await make(job, runtime);
      const megabytes = ((await Deno.stat(out)).size / 1e6).toFixed(0);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${out}  ${target}  ${megabytes} MB  ${seconds} s`);
    }
    return 0;
  } catch (error) {
    console.error(`compile: ${messageOf(error)}`);
    if (error instanceof MeshError && error.hint) console.error(`hint: ${error.hint}`);
    return exitCodeOf(error);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
