/** What `mesh ogp stop` does. @module */
import { MeshError } from "../../lib/error.ts";
import { GATEWAY } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stateDirectory } from "../state_directory.ts";
import { stopRunning } from "./stopping.ts";

/** Milliseconds that daemons get to stop. */
const PATIENCE = 10_000;

/**
 * Stops the gateway's daemons on a state directory.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const { all: daemons, left: [stubborn] } = await stopRunning(root, GATEWAY, PATIENCE);
  if (stubborn) {
    const seconds = PATIENCE / 1000;
    throw new MeshError(
      "timeout",
      `The gateway (process ${stubborn.pid}) did not stop within ${seconds} seconds`,
      { hint: `kill ${stubborn.pid}` },
    );
  }
  terminal.document({
    ok: true,
    stopped: daemons.map(({ pid, host, port }) => ({ pid, host, port })),
  });
  for (const { pid, port } of daemons) {
    terminal.line(`The gateway on port ${port} (process ${pid}) has stopped.`);
  }
  if (daemons.length === 0) {
    terminal.line("No gateway runs on this state directory.");
    if (!terminal.json) {
      terminal.note("one that was started otherwise is shown by: mesh ogp status");
    }
  }
}
