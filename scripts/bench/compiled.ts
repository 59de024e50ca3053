/**
 * Compiled programs to measure.
 *
 * @module
 */
import { compileArguments, denoCompile } from "../compile/deno_compile.ts";
import { runDeno } from "../run_deno.ts";
import type { Place } from "./bench.ts";

/**
 * Whether programs can be compiled: `DENORT_BIN` names the base runtime, so that nothing is downloaded.
 *
 * @returns Whether it does.
 */
export function canCompile(): boolean {
  return Boolean(Deno.env.get("DENORT_BIN"));
}

/**
 * Compiles the program as it is released.
 *
 * @param place Where it goes.
 * @returns Its path.
 */
export async function compileMesh({ folder, progress }: Place): Promise<string> {
  progress("compiling the program");
  const out = `${folder}/mesh`;
  await denoCompile({ target: Deno.build.target, out }, Deno.env.get("DENORT_BIN"));
  return out;
}

/**
 * Compiles a program that does nothing: what everything costs that is not ours.
 *
 * @param place Where it goes.
 * @returns Its path.
 */
export async function compileNothing({ folder, progress }: Place): Promise<string> {
  progress("compiling one that does nothing");
  const module = `${folder}/nothing.ts`;
  const out = `${folder}/nothing`;
  await Deno.writeTextFile(module, "export {};\n");
  const job = { target: Deno.build.target, out };
  const args = compileArguments(job, Deno.version.deno, module);
  const { code, stderr } = await runDeno(args, { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  return out;
}
