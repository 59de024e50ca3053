/** What `mesh stop` does. @module */
import { MeshError } from "../lib/error.ts";
import { listRunning, type Running, UP } from "../lib/run/run_file.ts";
import { runningName } from "./running_words.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { stateDirectory } from "./state_directory.ts";
import { stopRunning } from "./stopping.ts";

/** Milliseconds that daemons get to stop. */
const PATIENCE = 10_000;

/**
 * Stops everything.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const processes = new Set(
    (await listRunning(root)).filter(({ name }) => name === UP).map(({ pid }) => pid),
  );
  // A process that runs everything is asked once, for all of it.
  const isWhole = ({ name, pid }: Running) => name === UP || !processes.has(pid);
  const { all, left } = await stopRunning(root, isWhole, PATIENCE);
  const [stubborn] = left;
  if (stubborn) {
    const seconds = PATIENCE / 1000;
    throw new MeshError(
      "timeout",
      `${runningName(stubborn)} (process ${stubborn.pid}) did not stop within ${seconds} seconds`,
      { hint: `kill ${stubborn.pid}` },
    );
  }
  terminal.document({ ok: true, stopped: all.map(({ name, pid }) => ({ name, pid })) });
  for (const one of all) terminal.line(`${runningName(one)} (process ${one.pid}) has stopped.`);
  if (all.length === 0) terminal.line("Nothing runs on this state directory.");
}
