/**
 * Waiting until a daemon that was just started listens, for a service manager that waits for us.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { listRunning, type Running } from "../run/run_file.ts";
import { systemCode } from "../store/io_error.ts";

/** Milliseconds between looks. */
const LOOK_EVERY = 50;

/** What to wait for. */
export interface ReadinessOptions {
  /** The daemon's process; any daemon of the state directory if it is not given. */
  readonly pid?: number | undefined;
  /** What it runs as, such as `up`; anything if it is not given. */
  readonly name?: string | undefined;
  /** Milliseconds that it gets. */
  readonly timeoutMs: number;
}

/**
 * Waits until a daemon has announced in its state directory that it listens.
 *
 * @param root The state directory.
 * @param options Which one, and how long.
 * @returns The daemon as it announced itself.
 * @throws {MeshError} `unavailable` if the process has ended, `timeout` if it takes too long.
 */
export async function untilReady(
  root: string,
  { pid, name, timeoutMs }: ReadinessOptions,
): Promise<Running> {
  const deadline = performance.now() + timeoutMs;
  const who = `The daemon (process ${pid})`;
  while (true) {
    const lives = pid === undefined || isAlive(pid);
    const found = (await listRunning(root)).find((one) =>
      (pid === undefined || one.pid === pid) && (name === undefined || one.name === name)
    );
    if (found) return found;
    if (!lives) throw new MeshError("unavailable", `${who} has ended before it listened`);
    if (performance.now() > deadline) {
      const seconds = Math.round(timeoutMs / 1000);
      const sentence = pid === undefined
        ? `No daemon listens on "${root}" after ${seconds} seconds`
        : `${who} does not listen after ${seconds} seconds`;
      throw new MeshError("timeout", sentence);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

/** What is sent does nothing to a process that runs, and there is no other way to ask the system for one. */
function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound || systemCode(error) === "ESRCH");
  }
}
