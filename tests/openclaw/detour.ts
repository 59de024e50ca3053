/**
 * The way to OpenClaw with a hole in it: everything goes through to it, and the answer to what a test picks
 * is kept back. So OpenClaw has got something, and whoever sent it cannot know.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { freePort } from "../e2e/ports.ts";

/** A way. Dispose of it: it is closed. */
export class Detour implements AsyncDisposable {
  /** Picks, by the body of the request, what is never answered; nothing by default. */
  keepsBack: (body: string) => boolean = () => false;
  /** How many answers were kept back, each after OpenClaw had given it. */
  keptBack = 0;
  readonly #to: string;
  readonly #port = freePort();
  readonly #server: Server;

  private constructor(to: string) {
    this.#to = to;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  /**
   * Opens one.
   *
   * @param to The base URL that it leads to.
   * @returns The way.
   */
  static async open(to: string): Promise<Detour> {
    const detour = new Detour(to);
    await new Promise<void>((resolve) => {
      detour.#server.listen(detour.#port, "127.0.0.1", resolve);
    });
    return detour;
  }

  /** Its base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => {});
    let body = "";
    for await (const piece of request.setEncoding("utf8")) body += piece;
    const keepBack = this.keepsBack(body);
    const { authorization = "", "idempotency-key": key } = request.headers;
    const headers = { authorization, "content-type": "application/json" };
    const answer = await fetch(`${this.#to}${request.url}`, {
      method: request.method ?? "GET",
      headers: key === undefined ? headers : { ...headers, "idempotency-key": String(key) },
      ...(body === "" ? {} : { body }),
    });
    const text = await answer.text();
    if (keepBack) {
      this.keptBack++;
      return;
    }
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
    response.end(text);
  }
}
