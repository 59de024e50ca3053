/**
 * Clients that send prepared messages over connections that stay open, each the next one as soon as the
 * last one is answered. Runs as a {@link ./helper.ts} process, and on bare sockets: it shares the
 * machine with what it measures.
 *
 * @module
 */
import { parsePrivateKeyPem, type PrivateKey } from "../../lib/identity/private_key.ts";
import { doTasks } from "./helper.ts";
import { messageText, ogpMessageText } from "./message.ts";

/** Messages to send. */
export interface Load {
  /** Where to, on 127.0.0.1. */
  readonly port: number;
  /** Which protocol; Agent Mesh V1 by default. */
  readonly protocol?: "mesh" | "ogp";
  /** Whom to. */
  readonly to: string;
  /** From whom, in turn: agent ids and secret keys in PEM. */
  readonly senders: readonly { readonly id: string; readonly pem: string }[];
  /** How many. */
  readonly count: number;
  /** Over how many connections. */
  readonly connections: number;
  /** Milliseconds between an answer and the next message; 0 by default. */
  readonly pause?: number;
}

/** What came of it. */
export interface LoadResult {
  /** Messages accepted in a second. */
  readonly rate: number;
  /** The longest wait for an answer, in milliseconds. */
  readonly worst: number;
}

/** What tells that a message is stored, in either protocol. */
const ACKNOWLEDGED = /"status":"received"|"received":true/;

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const keys = new Map<string, PrivateKey>();

async function send(load: Load): Promise<LoadResult> {
  const requests = Array.from({ length: load.count }, (_, i) => prepared(load, i));
  const lines = await Promise.all(
    Array.from({ length: load.connections }, () => Line.open(load.port)),
  );
  let next = 0;
  let worst = 0;
  const started = performance.now();
  await Promise.all(lines.map(async (line) => {
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      const asked = performance.now();
      await line.post(request);
      worst = Math.max(worst, performance.now() - asked);
      if (load.pause) await new Promise((resolve) => setTimeout(resolve, load.pause));
    }
  }));
  const seconds = (performance.now() - started) / 1000;
  for (const line of lines) line.close();
  return { rate: load.count / seconds, worst };
}

function prepared({ to, senders, protocol }: Load, index: number): Uint8Array {
  const { id, pem } = senders[index % senders.length]!;
  let key = keys.get(pem);
  if (key === undefined) keys.set(pem, key = parsePrivateKeyPem(pem));
  const ogp = protocol === "ogp";
  const body = ogp ? ogpMessageText(key, to) : messageText(key, id, to);
  return encoder.encode(
    `POST ${ogp ? "/federation" : "/agent-mesh"}/message HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

/** A connection that stays open. */
class Line {
  readonly #conn: Deno.TcpConn;
  readonly #buffer = new Uint8Array(16_384);

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async open(port: number): Promise<Line> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay();
    return new Line(conn);
  }

  /** Sends a request; anything but an acknowledgement spoils the measurement. */
  async post(request: Uint8Array): Promise<void> {
    for (let rest = request; rest.length > 0;) {
      rest = rest.subarray(await this.#conn.write(rest));
    }
    const answer = await this.#answer();
    if (answer.startsWith("HTTP/1.1 200 ") && ACKNOWLEDGED.test(answer)) return;
    throw new Error(`A message was not accepted:\n${answer}`);
  }

  close(): void {
    this.#conn.close();
  }

  async #answer(): Promise<string> {
    for (let length = 0;;) {
      const count = await this.#conn.read(this.#buffer.subarray(length));
      if (count === null) throw new Error("The server hung up before its answer was complete");
      length += count;
      const text = decoder.decode(this.#buffer.subarray(0, length));
      const end = text.indexOf("\r\n\r\n");
      const size = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
      if (end >= 0 && length >= end + 4 + size) return text;
    }
  }
}

if (import.meta.main) await doTasks(send);
