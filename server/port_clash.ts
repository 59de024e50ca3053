/**
 * Who has the port that we wanted.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";
import { probe } from "../lib/mesh/scan/probe.ts";
import { GATEWAY, listRunning, OCG } from "../lib/run/run_file.ts";

/** OpenClaw's base port and the hundred above it, which its own services take. */
const OPENCLAW = { first: 18_789, last: 18_889 };

/** Who wanted the port. */
export interface Wanted {
  /** The port. */
  readonly port: number;
  /** The command that takes a port by `--port`. */
  readonly command: string;
  /** The command line that another port comes after, if it is not that one. */
  readonly take?: string | undefined;
  /** The state directory, to know our own daemons by. */
  readonly root: string;
}

/**
 * Adds to a failure to listen who has the port, and what to do.
 *
 * @param error What was thrown.
 * @param wanted Who wanted which port.
 * @returns The error with a hint if the port was taken, else the error as it is.
 */
export async function explainClash(error: unknown, wanted: Wanted): Promise<unknown> {
  if (!(error instanceof MeshError) || error.code !== "port_in_use") return error;
  const { port, command, take, root } = wanted;
  const own = (await listRunning(root)).find((one) => one.port === port);
  const hint = own
    ? `this node's own daemon has it (process ${own.pid}): ${endingOf(own.name)}`
    : await clashHint(port, command, take);
  return new MeshError(error.code, error.message, { cause: error, hint });
}

/**
 * Says what to do about a port that is taken by somebody else.
 *
 * @param port The port.
 * @param command The command that takes a port by `--port`.
 * @param take The command line that another port comes after, if it is not that one.
 * @returns One line: who has it, as far as that can be seen, and the command that helps.
 */
export async function clashHint(
  port: number,
  command = "mesh serve",
  take = `${command} --port`,
): Promise<string> {
  const [node, gateway] = await Promise.all([meshNodeAt(port), gatewayAt(port)]);
  const inRange = port >= OPENCLAW.first && port <= OPENCLAW.last;
  const range = inRange ? `OpenClaw uses this range (${OPENCLAW.first} to ${OPENCLAW.last}); ` : "";
  const next = inRange ? OPENCLAW.last + 1 : port + 1;
  return `${node ?? gateway ?? range}take another port: ${take} ${next}`;
}

function endingOf(name: string): string {
  if (name === GATEWAY) return "mesh ogp stop";
  return name === OCG ? "mesh ocg stop" : "mesh stop";
}

async function meshNodeAt(port: number): Promise<string | undefined> {
  const target = { url: `http://127.0.0.1:${port}`, explicit: true, source: "own port" };
  const found = await probe(target, { timeoutMs: 1000 });
  return found.ok ? `the mesh node "${found.card.agent_id}" has it; ` : undefined;
}

async function gatewayAt(port: number): Promise<string | undefined> {
  try {
    const { fetchCard } = await import("../lib/ogp/card.ts");
    const { card } = await fetchCard(`http://127.0.0.1:${port}`, { timeoutMs: 1000 });
    return `the OGP gateway "${card.displayName}" has it; `;
  } catch {
    return undefined;
  }
}
