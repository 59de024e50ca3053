/**
 * How long the program takes to start, against an empty program of the same kind: compiled ones where
 * `DENORT_BIN` names a base runtime to compile with, else `deno run`.
 *
 * @module
 */
import { runProgram } from "../../run_deno.ts";
import type { Bench, Place } from "../bench.ts";
import { canCompile, compileMesh, compileNothing } from "../compiled.ts";
import { makeNode } from "../node.ts";
import { interleave, summary } from "../row.ts";

const ROUNDS = 21;

type Command = readonly [string, ...string[]];

/** The measurement. */
export const startBench: Bench = {
  name: "start",
  async measure(place) {
    const state = `${place.folder}/state`;
    await makeNode(state, 1);
    const empty = `${place.folder}/empty.ts`;
    await Deno.writeTextFile(empty, "export {};\n");
    const compiled = canCompile() ? await compileBoth(place) : undefined;
    const { mesh, nothing } = compiled ?? {
      mesh: run(new URL("../../../main.ts", import.meta.url).href),
      nothing: run(empty),
    };
    const kind = compiled ? "compiled" : "run from sources";
    const rows = [];
    for (const args of [["--version"], ["discovery", "--state-dir", state]]) {
      place.progress(args[0] ?? "");
      const ours = () => millis([...mesh, ...args] as [string, ...string[]]);
      const base = () => millis(nothing);
      await interleave(2, ours, base);
      const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, base));
      rows.push({
        name: `mesh ${args[0]}, ${kind}`,
        measured: { value, unit: " ms" },
        against: `an empty program, ${kind}`,
        baseline,
        ratio,
        aim: { is: "at most" as const, ratio: 2 },
      });
    }
    return rows;
  },
};

function run(module: string): Command {
  return [Deno.execPath(), "run", "--quiet", "-A", module];
}

async function compileBoth(place: Place): Promise<{ mesh: Command; nothing: Command }> {
  const binary = Deno.env.get("MESH_BINARY") || await compileMesh(place);
  return { mesh: [binary], nothing: [await compileNothing(place)] };
}

async function millis([program, ...args]: Command): Promise<number> {
  const started = performance.now();
  const { code, stderr } = await runProgram(program, args);
  const taken = performance.now() - started;
  if (code !== 0) throw new Error(`${program} ended with exit code ${code}: ${stderr}`);
  return taken;
}
