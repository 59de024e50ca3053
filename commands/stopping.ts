/**
 * Asking what runs on a state directory to end, and waiting until it has.
 *
 * @module
 */
import { listRunning, type Running } from "../lib/run/run_file.ts";
import { clearStopRequest, requestStop } from "../lib/run/stop_request.ts";

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
 * Stops what runs.
 *
 * @param root The state directory.
 * @param which What of it: a name that it runs as, or whatever is chosen.
 * @param patience Milliseconds that it gets.
 * @returns What ran, and what is left of it; nothing is asked to stop any more then.
 */
export async function stopRunning(
  root: string,
  which: string | ((one: Running) => boolean),
  patience: number,
): Promise<Stopped> {
  const isMeant = typeof which === "string" ? ({ name }: Running) => name === which : which;
  const all = (await listRunning(root)).filter(isMeant);
  for (const one of all) await requestStop(root, one);
  const left = await waitForEnd(root, all, patience);
  for (const one of all) await clearStopRequest(root, one);
  return { all, left };
}

async function waitForEnd(
  root: string,
  all: readonly Running[],
  patience: number,
): Promise<Running[]> {
  const deadline = performance.now() + patience;
  while (true) {
    const now = await listRunning(root);
    const left = all.filter((one) =>
      now.some(({ name, pid, started_at }) =>
        name === one.name && pid === one.pid && started_at === one.started_at
      )
    );
    if (left.length === 0 || performance.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
