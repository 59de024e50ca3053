/**
 * Being told to stop, by Ctrl-C, by `kill`, or by a terminal that goes away.
 *
 * @module
 */

/** Signals with the exit codes that shells give to programs which they end. */
const SIGNALS: readonly (readonly [Deno.Signal, number])[] = Deno.build.os === "windows"
  ? [["SIGINT", 130], ["SIGBREAK", 149]]
  : [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]];

/** Listening for signals, until told to ignore that they exist. */
export interface Interruption {
  /** The exit code, once a signal has come; never before. */
  readonly code: Promise<number>;
  /** Leaves further signals to the system. */
  ignore(): void;
}

/**
 * Listens from now on. While it does, no signal ends the process: whoever listens must.
 *
 * @returns What was heard.
 */
export function interrupted(): Interruption {
  const { promise: code, resolve } = Promise.withResolvers<number>();
  const listeners = SIGNALS.map(([signal, number]) => [signal, () => resolve(number)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return {
    code,
    ignore() {
      for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
    },
  };
}
