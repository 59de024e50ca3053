/**
 * Hints that records of a folder changed, from the operating system's notifications.
 *
 * @module
 */

import { parentOf } from "./make_directory.ts";
import type { Change } from "./store.ts";

/**
 * Milliseconds to collect what belongs together: one record that is put in place is three or four events.
 */
const WINDOW = 10;

/**
 * Watches a folder. Watching begins with the call, not with the first item that is asked for, and ends
 * when `signal` aborts or the loop over the hints is left.
 *
 * @param directory The folder; it must exist.
 * @param idOf The id of a record's file name, `undefined` for other files.
 * @param signal Ends it.
 * @returns The hints, each id once however often it changed since it was last handed out.
 * @throws What the system says, such as that there are too many watches.
 */
export function watchFolder(
  directory: string,
  idOf: (fileName: string) => string | undefined,
  signal: AbortSignal,
): AsyncIterable<Change> {
  if (signal.aborted) return ended();
  const watcher = Deno.watchFs(directory, { recursive: false });
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wake = () => {};
  let open = true;

  const collect = async () => {
    for await (const event of watcher) {
      for (const path of event.paths) {
        const id = idOf(path.slice(parentOf(path).length).replace(/^[/\\]+/, ""));
        if (id !== undefined) changed.add(id);
      }
      if (changed.size > 0) timer ??= setTimeout(ring, WINDOW);
    }
  };
  const ring = () => {
    timer = undefined;
    wake();
  };
  const stop = () => {
    if (!open) return;
    open = false;
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
    watcher.close();
    wake();
  };
  signal.addEventListener("abort", stop);
  const collecting = collect().finally(stop);
  // Whoever loops over the hints gets the failure; if nobody does, it is nobody's.
  collecting.catch(() => {});

  return hints();

  async function* hints(): AsyncGenerator<Change> {
    try {
      while (open) {
        if (timer === undefined) {
          for (const id of changed) {
            changed.delete(id);
            yield { id };
          }
        }
        if (open) await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      stop();
      await collecting;
    }
  }
}

async function* ended(): AsyncGenerator<Change> {
  // Nothing is watched, so there is nothing to say.
}
