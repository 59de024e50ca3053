/**
 * Asking a daemon to end by way of its state directory: a file `run/<name>-<pid>-<started at>.stop`, which
 * the daemon looks for. A signal would do as well where it reaches; but the permission to send one is the
 * permission to start any program, and a signal finds nobody in another container that shares the folder.
 *
 * @module
 */
import type { Running } from "./run_file.ts";

/** Milliseconds between looks where no change of the folder was noticed. */
const LOOK_EVERY = 3_000;

/**
 * Asks a daemon to end. Asking again changes nothing.
 *
 * @param root The state directory.
 * @param running The daemon, as listed.
 */
export async function requestStop(root: string, running: Running): Promise<void> {
  await Deno.writeTextFile(pathOf(root, running), "", { mode: 0o600 });
}

/**
 * Takes a request back, or away once it has been met.
 *
 * @param root The state directory.
 * @param running The daemon.
 */
export async function clearStopRequest(root: string, running: Running): Promise<void> {
  await Deno.remove(pathOf(root, running)).catch(() => {});
}

/**
 * Waits until this daemon is asked to end.
 *
 * @param root The state directory.
 * @param running This daemon, as announced.
 * @param signal Ends the waiting.
 * @returns `true` if it was asked, `false` if the waiting was ended.
 */
export async function stopRequested(
  root: string,
  running: Running,
  signal: AbortSignal,
): Promise<boolean> {
  const path = pathOf(root, running);
  const watch = new FolderWatch(`${root}/run`);
  try {
    while (!signal.aborted) {
      if (await isThere(path)) return true;
      await watch.wait(signal);
    }
    return false;
  } finally {
    await watch.close();
  }
}

/** Notices changes of a folder, and lets time pass where it cannot. */
class FolderWatch {
  readonly #watcher: Deno.FsWatcher | undefined;
  readonly #watching: Promise<void>;
  #wake: () => void = () => {};

  constructor(folder: string) {
    try {
      this.#watcher = Deno.watchFs(folder, { recursive: false });
    } catch {
      // The system has a limit on watches; then it is looked at from time to time only.
    }
    this.#watching = this.#follow();
  }

  /** Waits for a change, for some time, or for the signal. */
  async wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, LOOK_EVERY);
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await promise;
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.#watcher?.close();
    await this.#watching;
  }

  async #follow(): Promise<void> {
    try {
      for await (const _ of this.#watcher ?? []) this.#wake();
    } catch {
      // As above.
    }
  }
}

function pathOf(root: string, { name, pid, started_at }: Running): string {
  return `${root}/run/${name}-${pid}-${Date.parse(started_at)}.stop`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}
