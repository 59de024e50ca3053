/** What `mesh ogp stop` does. @module */
import { MeshError } from "../../lib/error.ts";
import { GATEWAY, listRunning, type Running } from "../../lib/run/run_file.ts";
import { clearStopRequest, requestStop } from "../../lib/run/stop_request.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stateDirectory } from "../state_directory.ts";

/** Milliseconds that daemons get to stop. */
const PATIENCE = 10_000;

/** Milliseconds between looks whether they have. */
const LOOK_EVERY = 50;

/**
 * Stops the gateway's daemons on a state directory.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const daemons = await runningGateways(root);
  for (const daemon of daemons) await requestStop(root, daemon);
  const left = await waitForEnd(root, daemons);
  for (const daemon of daemons) await clearStopRequest(root, daemon);
  const [stubborn] = left;
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

async function runningGateways(root: string): Promise<Running[]> {
  return (await listRunning(root)).filter(({ name }) => name === GATEWAY);
}

async function waitForEnd(root: string, daemons: readonly Running[]): Promise<Running[]> {
  const deadline = performance.now() + PATIENCE;
  while (true) {
    const running = await runningGateways(root);
    const left = daemons.filter((one) =>
      running.some(({ pid, started_at }) => pid === one.pid && started_at === one.started_at)
    );
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
