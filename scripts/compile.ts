/**
 * Makes the program: one file per target, by `deno compile`, with the permissions of `permissions.ts`
 * baked in. Only what `main.ts` imports gets in, so tests and scripts stay out.
 *
 * Run it with `deno task compile [--target T] [--all] [--out dist/mesh]`. Deno downloads a base runtime
 * per target; `DENORT_BIN` names one that is there already.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import config from "../deno.json" with { type: "json" };
import { exitCodeOf, MeshError, messageOf } from "../lib/error.ts";
import { PERMISSIONS } from "./permissions.ts";
import { runDeno, runProgram } from "./run_deno.ts";

/** The targets that releases are made for, under Deno's names. */
export const TARGETS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const USAGE = "deno task compile [--target TARGET | --all] [--out FILE]";

/** One program to make. */
export interface Job {
  /** One of {@link TARGETS}. */
  readonly target: string;
  /** The file to write. */
  readonly out: string;
}

/**
 * Reads the command line.
 *
 * @param args The arguments.
 * @param host The target that is this machine.
 * @param runtime The value of `DENORT_BIN`, if set: one base runtime, hence for one target only.
 * @returns What to make: one program at `--out`, or with `--all` one per target at `<out>-<target>`.
 * @throws {MeshError} `usage` for anything else.
 */
export function readJobs(args: readonly string[], host: string, runtime?: string): Job[] {
  const { target = host, all, out } = parse(args);
  const named = all ? TARGETS : [target];
  for (const name of named) {
    if (TARGETS.includes(name)) continue;
    throw new MeshError("usage", `No release is made for the target "${name}"`, {
      hint: `one of: ${TARGETS.join(", ")}`,
    });
  }
  if (all && runtime !== undefined) {
    throw new MeshError("usage", "DENORT_BIN is the base runtime of one target, not of all", {
      hint: "unset DENORT_BIN, or name the target that it is for with --target",
    });
  }
  return named.map((name) => ({
    target: name,
    out: `${out}${all ? `-${name}` : ""}${name.includes("windows") ? ".exe" : ""}`,
  }));
}

function parse(args: readonly string[]): { target?: string; all: boolean; out: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        target: { type: "string" },
        all: { type: "boolean", default: false },
        out: { type: "string", default: "dist/mesh" },
      },
    });
    if (values.all && values.target !== undefined) throw new Error("Either --target or --all");
    if (basename(values.out) === "") throw new Error("--out names no file");
    return values;
  } catch (error) {
    throw new MeshError("usage", messageOf(error), { hint: USAGE, cause: error });
  }
}

/**
 * The command line for one program.
 *
 * @param job What to make.
 * @param deno The version of the Deno that compiles, such as `2.9.6`.
 * @returns The arguments for Deno.
 */
export function compileArguments({ target, out }: Job, deno: string): string[] {
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
    // Under load V8 would let what is young and soon dead grow to 16 MB a space; 2 MB cost no throughput
    // that could be measured, and a busy daemon is a third smaller.
    "--v8-flags=--max-semi-space-size=2",
    ...(canExclude ? ["--exclude-unused-npm"] : []),
    ...PERMISSIONS,
    "--target",
    target,
    "--output",
    out,
    "main.ts",
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
      { hint: "set DENORT_BIN to the path of one, or compile where https://dl.deno.land answers" },
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

/** Makes one program, and starts it where this machine can. */
async function make({ target, out }: Job, runtime?: string): Promise<void> {
  const deno = Deno.version.deno;
  await Deno.mkdir(dirname(out), { recursive: true });
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const compiled = await runDeno(compileArguments({ target, out }, deno), { cwd: root });
  if (compiled.code !== 0) throw whyFailed(compiled.stderr, target, deno, runtime);
  if (target !== Deno.build.target) return;

  // A base runtime of another version is taken without complaint, and then does not find its program.
  const started = await runProgram(out, ["--version"])
    .catch((error) => ({ code: -1, stdout: "", stderr: messageOf(error) }));
  if (started.code === 0 && started.stdout.includes(config.version)) return;
  await Deno.remove(out);
  if (runtime !== undefined && /standalone binary section|Failed to spawn/.test(started.stderr)) {
    throw misfit(runtime, target, deno);
  }
  throw new MeshError(
    "unexpected",
    `The program does not answer --version with ${config.version}: ${words(started.stderr)}`,
  );
}

/** Runs the script, and returns its exit code. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const runtime = Deno.env.get("DENORT_BIN") || undefined;
    for (const { target, out } of readJobs(args, Deno.build.target, runtime)) {
      const start = performance.now();
      // A path is meant from where the user stands; the sources are the project's.
      const path = resolve(out);
      await make({ target, out: path }, runtime);
      const megabytes = ((await Deno.stat(path)).size / 1e6).toFixed(0);
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
