/**
 * The HTTP side of a gateway: reads bodies as the originals do, keeps a record of all that it saw, and
 * misbehaves when a test wants it to.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Json, parsed, plain } from "./http.ts";

/** A request as it came. */
export interface Incoming {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly text: string;
  /** The body as JSON, an empty object where the originals see none. */
  readonly json: Json;
}

/** What is answered. */
export interface Outgoing {
  readonly status: number;
  /** A text as it is, anything else as JSON. */
  readonly body: Json;
  /** The content type, if it is not the body's usual one. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request, and what was answered; nothing if the connection was dropped. */
export interface Exchange extends Incoming {
  answer?: Outgoing;
}

/**
 * How a gateway misbehaves on one request: it answers without thinking, hangs up before or after it did
 * what was asked, or takes its time.
 */
export type Mischief =
  | { readonly answer: Outgoing }
  | { readonly drop: "before" | "after" }
  | { readonly wait: number };

/** What a surface needs to know. */
export interface SurfaceOptions {
  readonly host: string;
  readonly port: number;
  readonly handle: (request: Incoming) => Outgoing | Promise<Outgoing>;
  readonly mischief: (request: Incoming) => Mischief | undefined;
}

/** The most bytes of a body, as the originals have it. */
const LIMIT = 100 * 1024;

/** A server that can be started again on its port. */
export class Surface {
  /** All that was seen, in the order of arrival. */
  readonly exchanges: Exchange[] = [];
  readonly #options: SurfaceOptions;
  readonly #underWay = new Set<Promise<void>>();
  #server: Server | undefined;
  #port: number;
  #closing = new AbortController();

  /** One that does not listen yet. */
  constructor(options: SurfaceOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Where it listens, or listened. */
  get port(): number {
    return this.#port;
  }

  /** Listens; on the same port as before, if there was one. */
  async start(): Promise<void> {
    if (this.#server) return;
    this.#closing = new AbortController();
    const server = createServer((request, response) => {
      const work = this.#serve(request, response).catch(() => drop(response));
      this.#underWay.add(work);
      work.finally(() => this.#underWay.delete(work));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, this.#options.host, () => resolve());
    });
    this.#server = server;
    this.#port = (server.address() as { port: number }).port;
  }

  /** Hangs up on everybody and listens no more. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#closing.abort();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await Promise.all([closed, ...this.#underWay]);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await read(request);
    const incoming: Exchange = {
      method: request.method ?? "",
      path: (request.url ?? "").split("?")[0] ?? "",
      headers: plain(request.headers),
      text: bytes?.toString("utf8") ?? "",
      json: {},
    };
    this.exchanges.push(incoming);
    const mischief = this.#options.mischief(incoming);
    if (mischief && "drop" in mischief && mischief.drop === "before") return drop(response);
    if (mischief && "wait" in mischief) await this.#wait(mischief.wait);
    const answer = mischief && "answer" in mischief
      ? mischief.answer
      : await this.#think(incoming, bytes);
    if (mischief && "drop" in mischief) return drop(response);
    incoming.answer = answer;
    send(response, answer);
  }

  async #think(incoming: Exchange, bytes: Buffer | undefined): Promise<Outgoing> {
    if (bytes === undefined) {
      return page(
        413,
        "PayloadTooLargeError: request entity too large<br> &nbsp; &nbsp;at readStream",
      );
    }
    // The originals look at bodies of this type only, and see an empty object in place of any other.
    if (bytes.length > 0 && /^application\/json\b/i.test(incoming.headers["content-type"] ?? "")) {
      const json = parsed(incoming.text);
      if (typeof json !== "object" || json === null) {
        return page(400, "SyntaxError: Unexpected token in JSON<br> &nbsp; &nbsp;at JSON.parse");
      }
      Object.assign(incoming, { json });
    }
    return await this.#options.handle(incoming);
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#closing;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
  }
}

/**
 * An error as express shows it: a page with the trace of the stack.
 *
 * @param status The HTTP status.
 * @param words What it says.
 * @returns The answer.
 */
export function page(status: number, words: string): Outgoing {
  const body = `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
    `<title>Error</title>\n</head>\n<body>\n<pre>${words}</pre>\n</body>\n</html>\n`;
  return { status, body, type: "text/html; charset=utf-8" };
}

/** All bytes of a body, or nothing if they are too many. */
function read(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LIMIT) chunks.push(chunk);
    });
    request.on("end", () => resolve(size > LIMIT ? undefined : Buffer.concat(chunks)));
    request.on("error", reject);
    request.on("aborted", () => reject(new Error("Cannot read the body: the client hung up")));
  });
}

function send(response: ServerResponse, { status, body, type, headers }: Outgoing): void {
  const isText = typeof body === "string";
  const text = isText ? body : JSON.stringify(body);
  const usual = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  response.writeHead(status, {
    "content-type": type ?? usual,
    "content-length": String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

function drop(response: ServerResponse): void {
  response.socket?.destroy();
}
