/**
 * Measures what we promise to be fast, each against a baseline of the same run, since machines and disks
 * differ: a table on standard output, progress on standard error.
 *
 * Run it with `deno task bench [--only NAME[,NAME]] [--json FILE]`. `MESH_BINARY` names a compiled program
 * to measure instead of the sources; with `DENORT_BIN`, a base runtime, programs are compiled whose start,
 * size and memory are measured. All files lie in the system's folder for temporary files (`TMPDIR`): that
 * is the disk which is measured.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { parseArgs } from "node:util";
import { exitCodeOf, MeshError, messageOf } from "../../lib/error.ts";
import { interrupted } from "../interrupted.ts";
import type { Bench } from "./bench.ts";
import { binaryBench } from "./measures/binary.ts";
import { inboxBench } from "./measures/inbox.ts";
import { memoryBench } from "./measures/memory.ts";
import { messagesBench, peersBench } from "./measures/messages.ts";
import { ocgCallbacksBench } from "./measures/ocg_callbacks.ts";
import { ocgChatsBench } from "./measures/ocg_chats.ts";
import { ogpBench } from "./measures/ogp.ts";
import { endAll } from "./processes.ts";
import { meets, type Row } from "./row.ts";
import { scanBench } from "./measures/scan.ts";
import { slowClientsBench } from "./measures/slow_clients.ts";
import { startBench } from "./measures/start.ts";
import { layOut } from "./table.ts";
import { verifyBench } from "./measures/verify.ts";

const BENCHES: readonly Bench[] = [
  verifyBench,
  messagesBench,
  peersBench,
  scanBench,
  startBench,
  binaryBench,
  memoryBench,
  slowClientsBench,
  inboxBench,
  ogpBench,
  ocgChatsBench,
  ocgCallbacksBench,
];

/** Reads the command line. */
function parse(args: readonly string[]): { benches: readonly Bench[]; json?: string } {
  const options = { only: { type: "string" }, json: { type: "string" } } as const;
  try {
    const { values: { only, json } } = parseArgs({ args: [...args], options });
    const names = only?.split(",") ?? BENCHES.map(({ name }) => name);
    const benches = names.map((name) => BENCHES.find((bench) => bench.name === name) ?? name);
    const unknown = benches.find((bench) => typeof bench === "string");
    if (unknown !== undefined) throw new Error(`There is no measurement "${unknown}"`);
    return { benches: benches as Bench[], ...(json === undefined ? {} : { json }) };
  } catch (error) {
    throw new MeshError("usage", messageOf(error), {
      hint: `--only ${BENCHES.map(({ name }) => name).join(",")} --json FILE`,
    });
  }
}

/** Measures one after the other, each in a folder of its own. */
async function measure(benches: readonly Bench[], folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, measure } of benches) {
    const progress = (text: string) => console.error(`${name}: ${text}`);
    progress("…");
    const own = `${folder}/${name}`;
    await Deno.mkdir(own);
    rows.push(...await measure({ folder: own, progress }));
  }
  return rows;
}

/** Runs the script, and returns its exit code: that of a missed aim is 0, for it is a result. */
async function main(args: readonly string[]): Promise<number> {
  const { benches, json } = parse(args);
  const interruption = interrupted();
  const folder = await Deno.makeTempDir({ prefix: "mesh-bench-" });
  try {
    const rows = await Promise.race([measure(benches, folder), interruption.code]);
    if (typeof rows === "number") return rows;
    console.log(layOut(rows));
    if (json !== undefined) await Deno.writeTextFile(json, document(rows));
    return 0;
  } finally {
    await endAll();
    await Deno.remove(folder, { recursive: true });
    interruption.ignore();
  }
}

function document(rows: readonly Row[]): string {
  const machine = {
    deno: Deno.version.deno,
    target: Deno.build.target,
    cores: navigator.hardwareConcurrency,
    memory_gb: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    at: new Date().toISOString(),
  };
  const results = rows.map((row) => ({ ...row, met: meets(row) ?? null }));
  return JSON.stringify({ machine, results }, null, 2) + "\n";
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(`bench: ${messageOf(error)}`);
    if (error instanceof MeshError && error.hint) console.error(`hint: ${error.hint}`);
    Deno.exit(exitCodeOf(error));
  }
}
