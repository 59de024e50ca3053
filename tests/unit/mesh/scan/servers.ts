/**
 * Loopback servers that behave and misbehave, for tests of probing.
 *
 * @module
 */
import { fingerprintOf } from "../../../../lib/identity/fingerprint.ts";
import { publicKeyFromRaw } from "../../../../lib/identity/keys.ts";
import type { AgentCard } from "../../../../lib/mesh/card.ts";
import type { Target } from "../../../../lib/mesh/scan/targets.ts";

/** A sound card with a key of its own. */
export async function sampleCard(agentId = "stan"): Promise<AgentCard> {
  const key = publicKeyFromRaw(crypto.getRandomValues(new Uint8Array(32)));
  return {
    agent_id: agentId,
    display_name: `The agent ${agentId}`,
    endpoint: "http://192.168.1.7:8787",
    public_key: key.pem,
    fingerprint: await fingerprintOf(key.pem),
  };
}

/** What a sound node answers. */
export function discovery(agent: unknown): Record<string, unknown> {
  return { ok: true, protocol: "openclaw-agent-mesh/v1", agent };
}

/** A target that was named. */
export function targetAt(url: string): Target {
  return { url, explicit: true, source: url };
}

/** A server that writes what it is told, byte by byte if need be. */
export class RawServer implements AsyncDisposable {
  /** What the clients sent. */
  readonly requests: string[] = [];
  /** How many connections are open. */
  open = 0;
  private readonly connections = new Set<Deno.Conn>();
  private readonly running = new Set<Promise<void>>();
  private readonly listener: Deno.TcpListener;

  /** @param answer Writes an answer; the connection is closed when it is done. */
  constructor(
    private readonly answer: (conn: Deno.Conn) => Promise<void>,
    hostname = "127.0.0.1",
    port = 0,
  ) {
    this.listener = Deno.listen({ hostname, port });
    this.running.add(this.accept());
  }

  get port(): number {
    return this.listener.addr.port;
  }

  get target(): Target {
    return targetAt(`http://127.0.0.1:${this.port}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.listener.close();
    for (const conn of this.connections) conn.close();
    this.connections.clear();
    await Promise.all(this.running);
  }

  private async accept(): Promise<void> {
    for await (const conn of this.listener) this.running.add(this.serve(conn));
  }

  private async serve(conn: Deno.Conn): Promise<void> {
    this.connections.add(conn);
    this.open++;
    try {
      const buffer = new Uint8Array(4096);
      const size = await conn.read(buffer);
      this.requests.push(new TextDecoder().decode(buffer.subarray(0, size ?? 0)));
      await this.answer(conn);
    } catch {
      // The client hung up, or the test is over.
    } finally {
      this.open--;
      if (this.connections.delete(conn)) conn.close();
    }
  }
}

/** Writes text or bytes whole. */
export async function send(conn: Deno.Conn, data: string | Uint8Array): Promise<void> {
  let bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  while (bytes.length > 0) bytes = bytes.subarray(await conn.write(bytes));
}

/** Waits until the client hangs up. */
export async function untilClosed(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (await conn.read(buffer) !== null);
}

/** A server that gives one complete answer to everything. */
export function answering(
  body: string | Uint8Array,
  { status = "200 OK", headers = "Content-Type: application/json\r\n" } = {},
): RawServer {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return new RawServer(async (conn) => {
    await send(conn, `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${bytes.length}\r\n\r\n`);
    await send(conn, bytes);
    await untilClosed(conn);
  });
}

/** A server that accepts and says nothing. */
export function silent(hostname?: string, port?: number): RawServer {
  return new RawServer(untilClosed, hostname, port);
}

/**
 * A port on which nothing listens. It is below those that systems give to outgoing connections: among
 * thousands of attempts one would else meet itself and be connected.
 */
export function closedPort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
