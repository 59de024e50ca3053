/**
 * Asks a server one question over a connection of its own, straight to the address: no proxy that the
 * environment names, no redirect, no pool, no connection left behind.
 *
 * `fetch` cannot do this: it sends even a LAN's addresses to `HTTP_PROXY`. `node:http` can, but of many
 * connections that it starts at once it serves some only when the others are done.
 *
 * @module
 */
import { connectErrorKind, GetError } from "./get_error.ts";
import { type HttpAnswer, readAnswer } from "./http_answer.ts";

/** Limits of a question. */
export interface GetOptions {
  /** Ends it; the connection is closed at once. */
  readonly signal: AbortSignal;
  /** The most bytes of body to take. */
  readonly maxBytes: number;
}

/**
 * Sends a GET request and reads the answer.
 *
 * @param url What to ask for, `http:` or `https:`.
 * @param options Limits.
 * @returns Status and body; the body is only read if the status is one of success.
 * @throws {GetError} if there is no whole answer. The signal's reason if it was aborted.
 *
 * @example
 * ```ts
 * import { directGet } from "./direct_get.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const server = Deno.serve({ port: 0, onListen() {} }, () => new Response("hi"));
 * const { status, body } = await directGet(new URL(`http://127.0.0.1:${server.addr.port}/`), {
 *   signal: AbortSignal.timeout(5000),
 *   maxBytes: 1024,
 * });
 * assertEquals([status, new TextDecoder().decode(body)], [200, "hi"]);
 * await server.shutdown();
 * ```
 */
export async function directGet(
  url: URL,
  { signal, maxBytes }: GetOptions,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const line = new Line();
  // Closing is what ends a read or a handshake that is under way.
  const hangUp = () => line.close();
  signal.addEventListener("abort", hangUp, { once: true });
  try {
    await line.open(url, signal);
    signal.throwIfAborted();
    if (url.protocol === "https:") await line.encrypt(url, signal);
    await line.send(request(url));
    return await readAnswer(line, maxBytes);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GetError) throw error;
    throw new GetError("cut_off", "The connection broke", { cause: error });
  } finally {
    signal.removeEventListener("abort", hangUp);
    line.close();
  }
}

/** A connection that may be closed at any time, and more than once. */
class Line {
  private conn: Deno.Conn | undefined;

  async open(url: URL, signal: AbortSignal): Promise<void> {
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
    try {
      this.conn = await Deno.connect({ hostname: bareHost(url), port, signal });
    } catch (cause) {
      throw new GetError(connectErrorKind(cause), `Cannot connect to ${url.host}`, { cause });
    }
  }

  async encrypt(url: URL, signal: AbortSignal): Promise<void> {
    const plain = this.conn as Deno.TcpConn;
    // It is not ours to close while it is being turned into another.
    this.conn = undefined;
    const options = { hostname: bareHost(url), alpnProtocols: ["http/1.1"] };
    try {
      const tls = await Deno.startTls(plain, options);
      this.conn = tls;
      signal.throwIfAborted();
      await tls.handshake();
    } catch (cause) {
      if (!this.conn) abandon(plain);
      throw new GetError("tls", `Cannot encrypt the connection to ${url.host}`, { cause });
    }
  }

  async send(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await this.live.write(rest));
  }

  async read(into: Uint8Array): Promise<number | null> {
    return await this.live.read(into);
  }

  close(): void {
    // A TLS handshake that hangs is let go by the runtime in its own time: when the peer hangs up.
    this.conn?.close();
    this.conn = undefined;
  }

  private get live(): Deno.Conn {
    if (this.conn) return this.conn;
    throw new GetError("cut_off", "The connection was closed");
  }
}

/** Closes a connection that may or may not have been taken over by an attempt to encrypt it. */
function abandon(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // It was taken over, and is closed with what it became.
  }
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

function request(url: URL): Uint8Array {
  // Parsed URLs are ASCII and have no white space, so nothing can break out of its line.
  return new TextEncoder().encode(
    `GET ${url.pathname}${url.search} HTTP/1.1\r\n` +
      `Host: ${url.host}\r\n` +
      "Accept: application/json\r\nAccept-Encoding: identity\r\n" +
      "User-Agent: mesh\r\nConnection: close\r\n\r\n",
  );
}
