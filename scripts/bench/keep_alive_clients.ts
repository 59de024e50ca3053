/**
 * Clients that send prepared messages over connections that stay open, each the next one as soon as the
 * last one is answered. Runs as a {@link ./helper.ts} process, and on bare sockets: it shares the
 * machine with what it measures.
 *
 * @module
 */
import { parsePrivateKeyPem } from "../../lib/identity/private_key.ts";
import { protocolTime } from "../../lib/mesh/freshness.ts";
import { signPayload } from "../../lib/signing/envelope.ts";
import type { JsonObject } from "../../lib/signing/json.ts";
import { fromPlain } from "../../lib/signing/json_plain.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { answerTasks } from "./helper.ts";

/** Messages to send. */
export interface Load {
  /** Where to, on 127.0.0.1. */
  readonly port: number;
  /** Whom to. */
  readonly to: string;
  /** From whom, in turn: agent ids and secret keys in PEM. */
  readonly senders: readonly { readonly id: string; readonly pem: string }[];
  /** How many. */
  readonly count: number;
  /** Over how many connections. */
  readonly connections: number;
}

/** What came of it. */
export interface LoadResult {
  /** Messages accepted in a second. */
  readonly rate: number;
  /** The longest wait for an answer, in milliseconds. */
  readonly worst: number;
}

/** Makes a message of about 400 bytes, as most are. */
const TEXT = "The harbour opens at six, and the pilot wants to know by then. ".repeat(2);

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const keys = new Map<string, ReturnType<typeof parsePrivateKeyPem>>();

async function run(load: Load): Promise<LoadResult> {
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
    }
  }));
  const seconds = (performance.now() - started) / 1000;
  for (const line of lines) line.close();
  return { rate: load.count / seconds, worst };
}

function prepared({ to, senders }: Load, index: number): Uint8Array {
  const { id, pem } = senders[index % senders.length]!;
  let key = keys.get(pem);
  if (key === undefined) keys.set(pem, key = parsePrivateKeyPem(pem));
  const unsigned = fromPlain({
    type: "direct_message",
    message_id: `msg_${crypto.randomUUID().replaceAll("-", "")}`,
    from: id,
    to,
    timestamp: protocolTime(new Date()),
    body: { text: TEXT },
  }) as JsonObject;
  const body = encoder.encode(printJson(signPayload(unsigned, key)));
  const head = encoder.encode(
    "POST /agent-mesh/message HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const request = new Uint8Array(head.length + body.length);
  request.set(head);
  request.set(body, head.length);
  return request;
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

  /** Sends a request; anything but an acknowledgement is a failure of the measurement. */
  async post(request: Uint8Array): Promise<void> {
    for (let done = 0; done < request.length;) {
      done += await this.#conn.write(request.subarray(done));
    }
    const answer = await this.#answer();
    if (answer.startsWith("HTTP/1.1 200 ") && answer.includes('"status":"received"')) return;
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
      if (end < 0) continue;
      const size = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
      if (length >= end + 4 + size) return text;
    }
  }
}

if (import.meta.main) await answerTasks(run);
