/**
 * Being asked to stop: Ctrl-C, or a service manager's SIGTERM.
 *
 * @module
 */

/** A signal that aborts when the process is asked to stop. */
export interface Interruption extends Disposable {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
}

/**
 * Listens for SIGINT and SIGTERM. The second one ends the process at once, for whoever is out of patience.
 *
 * @returns The signal; dispose of it to stop listening.
 */
export function interruption(): Interruption {
  const controller = new AbortController();
  const names: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  const onSignal = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort();
  };
  for (const name of names) Deno.addSignalListener(name, onSignal);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of names) Deno.removeSignalListener(name, onSignal);
    },
  };
}
