/**
 * A network to scan: addresses of 127.0.0.0/8 that answer, that listen and stay silent, and that nobody
 * listens on. Runs as a {@link ./helper.ts} process.
 *
 * @module
 */
import { generateKeyPair } from "../../lib/identity/private_key.ts";
import { fingerprintOf } from "../../lib/identity/fingerprint.ts";
import { PROTOCOL } from "../../lib/mesh/protocol.ts";
import { doTasks } from "./helper.ts";

/** Which addresses do what; nobody listens on the others. */
export interface Network {
  /** Addresses with an agent. */
  readonly agents: readonly string[];
  /** Addresses that take connections and say nothing. */
  readonly silent: readonly string[];
}

/** Opens the network on a port that is free on all of its addresses, and returns it. */
async function open({ agents, silent }: Network): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = 30_000 + Math.floor(Math.random() * 2_700);
    const listeners: Deno.Listener[] = [];
    try {
      // The system accepts for them, up to its backlog; nobody reads.
      for (const hostname of silent) listeners.push(Deno.listen({ hostname, port }));
      for (const hostname of agents) await serveAgent(hostname, port);
      return port;
    } catch (error) {
      for (const listener of listeners) listener.close();
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("There is no port that is free on all addresses");
}

async function serveAgent(hostname: string, port: number): Promise<void> {
  const { publicKey } = generateKeyPair();
  const agent = {
    agent_id: `agent-${hostname}`,
    display_name: hostname,
    endpoint: `http://${hostname}:${port}`,
    public_key: publicKey.pem,
    fingerprint: await fingerprintOf(publicKey.pem),
  };
  Deno.serve(
    { hostname, port, onListen() {} },
    () => Response.json({ ok: true, protocol: PROTOCOL, agent }),
  );
}

if (import.meta.main) {
  await doTasks(open);
  Deno.exit(0);
}
