/**
 * Making the program by `deno compile`, and what its failures mean.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { codeOf, MeshError } from "../../lib/error.ts";
import { PERMISSIONS } from "../permissions.ts";
import { bundle, type BundledFile } from "../portable/bundle.ts";
import { V8_FLAGS } from "../portable/stub.ts";
import { runDeno } from "../run_deno.ts";
import type { Job } from "./jobs.ts";
import { whySilent } from "./try_out.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The command line for one program.
 *
 * @param job What to make.
 * @param deno The version of the Deno that compiles, such as `2.9.6`.
 * @param entry The file that is started.
 * @param include A folder whose files are embedded, too.
 * @returns The arguments for Deno.
 */
export function compileArguments(
  { target, out }: Pick<Job, "target" | "out">,
  deno: string,
  entry = "main.ts",
  include?: string,
): string[] {
  const [major = 0, minor = 0] = deno.split(".").map(Number);
  // Before 2.9, packages that only tests use are embedded as well: larger, and of no other effect.
  const canExclude = major > 2 || (major === 2 && minor >= 9);
  return [
    "compile",
    "--quiet",
    "--no-check", // `deno task check` has done that, once for all targets
    // The code cache would lie in the shared temporary folder under a name that anybody can guess, and
    // would be loaded without asking who wrote it. It saves a few milliseconds.
    "--no-code-cache",
    V8_FLAGS,
    ...(canExclude ? ["--exclude-unused-npm"] : []),
    ...PERMISSIONS,
    "--target",
    target,
    "--output",
    out,
    ...(include === undefined ? [] : ["--include", include]),
    entry,
  ];
}

/**
 * Says why a compilation failed.
 *
 * @param stderr What Deno wrote to standard error.
 * @param target The target.
 * @param deno The version of Deno.
 * @param runtime The value of `DENORT_BIN`, if set.
 * @returns `unavailable` if the base runtime is the reason, else `unexpected` with Deno's own words.
 */
export function whyFailed(
  stderr: string,
  target: string,
  deno: string,
  runtime?: string,
): MeshError {
  if (runtime !== undefined && /Could not find denort|Invalid object/.test(stderr)) {
    return misfit(runtime, target, deno);
  }
  if (runtime === undefined && /denort|base binary/.test(stderr)) {
    const reason = /\d+: (.*)\s*$/.exec(stderr)?.[1] ?? "Deno did not say why";
    return new MeshError(
      "unavailable",
      `Deno's base runtime (denort ${deno}) for "${target}" is missing and cannot be downloaded: ${reason}`,
      {
        hint: "set DENORT_BIN to the path of one, compile where https://dl.deno.land answers, " +
          "or make a file that unpacks itself: --portable",
      },
    );
  }
  return new MeshError("unexpected", `Cannot compile for "${target}": ${words(stderr)}`);
}

function misfit(runtime: string, target: string, deno: string): MeshError {
  return new MeshError(
    "unavailable",
    `DENORT_BIN ("${runtime}") is no base runtime of Deno ${deno} for "${target}"`,
    { hint: `set it to a denort of exactly ${deno}, or unset it to let Deno download one` },
  );
}

function words(stderr: string): string {
  return stderr.trim().replace(/^error: /, "") || "it did not say why";
}

/**
 * Makes one program, and starts it where this machine can.
 *
 * @param job What to make; its folder is there, its path absolute.
 * @param runtime The value of `DENORT_BIN`, if set.
 * @throws {MeshError} `unavailable` or `unexpected`, as `whyFailed` says; there is then no file.
 */
export async function denoCompile(
  { target, out }: Pick<Job, "target" | "out">,
  runtime?: string,
): Promise<void> {
  const deno = Deno.version.deno;
  const compiled = await compile({ target, out }, deno);
  if (compiled.code !== 0) throw whyFailed(compiled.stderr, target, deno, runtime);
  if (target !== Deno.build.target) return;

  // A base runtime of another version is taken without complaint, and then does not find its program.
  const problem = await whySilent(out);
  if (problem === undefined) return;
  await Deno.remove(out);
  if (runtime !== undefined && /standalone binary section|Failed to spawn/.test(problem)) {
    throw misfit(runtime, target, deno);
  }
  throw new MeshError(
    "unexpected",
    `The program does not answer --version with ${config.version}: ${words(problem)}`,
  );
}

/**
 * Of a bundle, the program is smaller by whole packages, and starts in half the time: what is embedded is
 * gone through at each start. Without a bundler, the sources do as well.
 */
async function compile(job: Pick<Job, "target" | "out">, deno: string) {
  let files: BundledFile[];
  try {
    files = await bundle(["main.ts"]);
  } catch (error) {
    if (codeOf(error) !== "unavailable") throw error;
    return await runDeno(compileArguments(job, deno), { cwd: ROOT });
  }
  const folder = await Deno.makeTempDir({ prefix: "mesh-compile-" });
  try {
    // Its own configuration, so that none above it counts.
    await Deno.writeTextFile(`${folder}/deno.json`, "{}\n");
    for (const { name, bytes } of files) await Deno.writeFile(`${folder}/${name}`, bytes);
    return await runDeno(compileArguments(job, deno, "main.js", "."), { cwd: folder });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
