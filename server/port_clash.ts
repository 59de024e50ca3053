/**
 * Who has the port that we wanted.
 *
 * @module
 */
import { probe } from "../lib/mesh/scan/probe.ts";

/** OpenClaw's base port and the hundred above it, which its own services take. */
const OPENCLAW = { first: 18_789, last: 18_889 };

/**
 * Says what to do about a port that is taken.
 *
 * @param port The port.
 * @returns One line: who has it, as far as that can be seen, and the command that helps.
 */
export async function clashHint(port: number): Promise<string> {
  const other = port >= OPENCLAW.first && port <= OPENCLAW.last
    ? "OpenClaw uses this range; "
    : await meshNodeAt(port);
  return `${other}take another port: mesh serve --port ${port + 1}`;
}

async function meshNodeAt(port: number): Promise<string> {
  const target = { url: `http://127.0.0.1:${port}`, explicit: true, source: "own port" };
  const found = await probe(target, { timeoutMs: 1000 });
  return found.ok ? `the mesh node "${found.card.agent_id}" has it; ` : "";
}
