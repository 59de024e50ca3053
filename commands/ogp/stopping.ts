/**
 * Asking what runs on a state directory to end, and waiting until it has.
 *
 * @module
 */
import { listRunning, type Running } from "../../lib/run/run_file.ts";
import { clearStopRequest, requestStop } from "../../lib/run/stop_request.ts";

/** What became of it. */
export interface Stopped {
  /** What ran. */
  readonly all: readonly Running[];
  /** What of it still runs. */
  readonly left: readonly Running[];
}

/** Milliseconds between looks whether it has ended. */
const LOOK_EVERY = 50;

/**
 * Stops all that runs under a name.
 *
 * @param root The state directory.
 * @param name What it runs as.
 * @param patience Milliseconds that it gets.
 * @returns What ran, and what is left of it; nothing is asked to stop any more then.
 */
export async function stopRunning(root: string, name: string, patience: number): Promise<Stopped> {
  const all = await running(root, name);
  for (const one of all) await requestStop(root, one);
  const left = await waitForEnd(root, name, all, patience);
  for (const one of all) await clearStopRequest(root, one);
  return { all, left };
}

async function running(root: string, name: string): Promise<Running[]> {
  return (await listRunning(root)).filter((one) => one.name === name);
}

async function waitForEnd(
  root: string,
  name: string,
  all: readonly Running[],
  patience: number,
): Promise<Running[]> {
  const deadline = performance.now() + patience;
  while (true) {
    const now = await running(root, name);
    const left = all.filter((one) =>
      now.some(({ pid, started_at }) => pid === one.pid && started_at === one.started_at)
    );
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
