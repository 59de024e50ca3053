/**
 * How much memory a process holds.
 *
 * @module
 */
import { runProgram } from "../run_deno.ts";

/** Milliseconds of idleness before memory is read. */
const IDLE = 3_000;

/**
 * The resident memory of a process, after a while without work.
 *
 * @param pid The process.
 * @returns Megabytes.
 */
export async function residentMemory(pid: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, IDLE));
  if (Deno.build.os === "linux") {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }
  const { stdout } = await runProgram("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout) / 1024;
}
