/**
 * Ports for the daemons of a demo.
 *
 * @module
 */
import { Failure } from "./failure.ts";

/** Below the ports that systems give to outgoing connections, and not those of the tests. */
const FIRST = 30_000;
const COUNT = 2_700;

/**
 * Finds ports next to each other that nobody listens on. The search starts somewhere else each time, so
 * that two demos at once do not meet.
 *
 * @param count How many.
 * @returns The ports.
 * @throws {Failure} if there are none.
 */
export function freePorts(count: number): number[] {
  const start = Math.floor(Math.random() * COUNT);
  for (let i = 0; i < COUNT; i++) {
    const first = FIRST + (start + i) % COUNT;
    const ports = Array.from({ length: count }, (_, j) => first + j);
    if (ports.every(isFree)) return ports;
  }
  throw new Failure(`There are no ${count} free ports on this machine`);
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied) {
      return false;
    }
    throw error;
  }
}
