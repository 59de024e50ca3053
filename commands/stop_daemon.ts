/**
 * Stopping a daemon, and saying so.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { stateDirectory } from "./state_directory.ts";
import { stopRunning } from "./stopping.ts";
import type { Running } from "../lib/run/run_file.ts";

/** Milliseconds that daemons get to stop. */
const PATIENCE = 10_000;

/** What to stop. */
export interface StopOptions {
  /** What it announces itself as. */
  readonly name: string;
  /** What people call it, such as `gateway`. */
  readonly title: string;
  /** The command that shows what else may run. */
  readonly status: string;
}

/**
 * Stops all daemons of a name on a state directory.
 *
 * @param root The state directory.
 * @param options What to stop.
 * @returns What ran.
 * @throws {MeshError} `timeout` if one goes on.
 */
export async function stopAll(
  root: string,
  { name, title }: Pick<StopOptions, "name" | "title">,
): Promise<readonly Running[]> {
  const { all, left: [stubborn] } = await stopRunning(root, name, PATIENCE);
  if (!stubborn) return all;
  const seconds = PATIENCE / 1000;
  throw new MeshError(
    "timeout",
    `The ${title} (process ${stubborn.pid}) did not stop within ${seconds} seconds`,
    { hint: `kill ${stubborn.pid}` },
  );
}

/**
 * Stops all daemons of a name, and says which.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @param options What to stop.
 * @throws {MeshError} `timeout` if one goes on.
 */
export async function stopDaemon(
  context: ActionContext,
  flags: CommonFlags,
  options: StopOptions,
): Promise<void> {
  const { terminal } = context;
  const { title, status } = options;
  const daemons = await stopAll(stateDirectory(flags, context.env), options);
  terminal.document({
    ok: true,
    stopped: daemons.map(({ pid, host, port }) => ({ pid, host, port })),
  });
  for (const { pid, port } of daemons) {
    terminal.line(`The ${title} on port ${port} (process ${pid}) has stopped.`);
  }
  if (daemons.length === 0) {
    terminal.line(`No ${title} runs on this state directory.`);
    if (!terminal.json) terminal.note(`one that was started otherwise is shown by: ${status}`);
  }
}
