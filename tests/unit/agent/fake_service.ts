/**
 * A service of the owner's for tests: real sockets, and a handler that may misbehave in every way that
 * `node:http` allows.
 *
 * @module
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface Seen {
  /** The method. */
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The headers. */
  readonly headers: IncomingHttpHeaders;
  /** The body as text. */
  readonly body: string;
}

/** Answers a request, or does not. */
export type Handler = (seen: Seen, answer: ServerResponse) => unknown;

/**
 * Runs a service while the work lasts.
 *
 * @param handler Answers.
 * @param work Gets the base URL, without a slash at its end, and everything that arrived so far.
 */
export async function withService(
  handler: Handler,
  work: (base: string, seen: readonly Seen[]) => Promise<void>,
): Promise<void> {
  const all: Seen[] = [];
  const server = createServer((request, answer) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (piece) => body += piece);
    request.on("error", () => {});
    answer.on("error", () => {});
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const seen = { method, path: url, headers, body };
      all.push(seen);
      handler(seen, answer);
    });
  });
  const open = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, all);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * Answers with JSON.
 *
 * @param answer The answer.
 * @param value What to send.
 * @param status The status, 200 by default.
 * @param headers Further headers.
 */
export function json(
  answer: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  answer.writeHead(status, { "content-type": "application/json", ...headers });
  answer.end(JSON.stringify(value));
}
