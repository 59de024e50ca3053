/**
 * A client that says exactly what a test wants it to say, when it wants to, and tells how it ended.
 *
 * @module
 */

const encoder = new TextEncoder();

/** How a connection went. */
export interface Ending {
  /** Everything that was received. */
  readonly received: string;
  /** Whether the server ended it; otherwise time was up. */
  readonly cut: boolean;
  /** Milliseconds from connecting to the end. */
  readonly millis: number;
}

/** One connection. */
export class RawClient implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #start = performance.now();
  readonly #reading: Promise<void>;
  #received = "";

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.#reading = this.#read();
  }

  static async connect(port: number): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** What was received so far. */
  get received(): string {
    return this.#received;
  }

  /** Sends; `false` if the server has hung up. */
  async send(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    try {
      for (let done = 0; done < bytes.length;) {
        done += await this.#conn.write(bytes.subarray(done));
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Waits until the server hangs up, or for so many milliseconds. */
  async ended(withinMs: number): Promise<Ending> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeIsUp = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    const cut = await Promise.race([this.#reading.then(() => true), timeIsUp]);
    clearTimeout(timer);
    return { received: this.#received, cut, millis: performance.now() - this.#start };
  }

  /** Hangs up. */
  async close(): Promise<void> {
    this[Symbol.dispose]();
    await this.#reading;
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // It is closed already.
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const count = await this.#conn.read(buffer);
        if (count === null) return;
        this.#received += decoder.decode(buffer.subarray(0, count), { stream: true });
      }
    } catch {
      // The connection was cut, by either side.
    }
  }
}

/** Sends one request on a connection of its own and returns all that comes back until the server ends it. */
export async function rawExchange(
  port: number,
  request: string | Uint8Array,
  withinMs = 5000,
): Promise<Ending> {
  using client = await RawClient.connect(port);
  await client.send(request);
  const ending = await client.ended(withinMs);
  await client.close();
  return ending;
}

/** The status of a response, or 0 if there was none. */
export function statusOf(received: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3}) /.exec(received)?.[1] ?? 0);
}

/** The JSON body of a response. */
export function jsonOf(received: string): Record<string, unknown> {
  return JSON.parse(received.slice(received.indexOf("\r\n\r\n") + 4));
}
