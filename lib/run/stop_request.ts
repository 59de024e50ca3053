/**
 * Asking a daemon to end by way of its state directory: a file `run/<name>-<pid>-<started at>.stop`, which
 * the daemon looks for. A signal would do as well where it reaches; but the permission to send one is the
 * permission to start any program, and a signal finds nobody in another container that shares the folder.
 *
 * @module
 */
import { FolderWatch } from "./folder_watch.ts";
import type { Running } from "./run_file.ts";

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
  const watch = new FolderWatch(`${root}/run`, {
    matters: (changed) => changed.endsWith(".stop"),
  });
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
