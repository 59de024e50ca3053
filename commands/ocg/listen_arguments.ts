/**
 * The flags that say where a gateway listens, as a command line.
 *
 * @module
 */
import type { ListenFlags } from "./start.ts";

/**
 * Writes the flags.
 *
 * @param flags The flags.
 * @returns The arguments; none where nothing is said.
 */
export function listenArguments({ host, port }: Pick<ListenFlags, "host" | "port">): string[] {
  return [
    ...(host === undefined ? [] : ["--host", host]),
    ...(port === undefined ? [] : ["--port", String(port)]),
  ];
}
