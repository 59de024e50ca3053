/**
 * Cuts connections whose client is too slow. `node:http` has timeouts of its own, but not on every
 * version of Deno that runs this program, so the clock is kept here.
 *
 * @module
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long a client may take, in milliseconds. */
export interface GuardOptions {
  /** From the connection to the end of the first request's headers. Default 10,000. */
  readonly headersMs?: number;
  /** From the end of the headers to the end of the body. Default 15,000. */
  readonly bodyMs?: number;
  /** From an answer to the end of the next request's headers. Default 30,000. */
  readonly idleMs?: number;
}

/** Keeps an eye on a server's connections. */
export interface ConnectionGuard {
  /** Cuts every connection that is not in the middle of a request. */
  cutIdle(): void;
  /** Cuts every connection. */
  cutAll(): void;
}

/**
 * Guards a server from now on.
 *
 * @param server The server, before it listens.
 * @param options Limits.
 * @returns The guard.
 */
export function guardConnections(server: Server, options: GuardOptions = {}): ConnectionGuard {
  const { headersMs = 10_000, bodyMs = 15_000, idleMs = 30_000 } = options;
  const timers = new Map<Socket, ReturnType<typeof setTimeout>>();
  const busy = new Set<Socket>();
  let closing = false;
  const cut = (socket: Socket) => {
    clearTimeout(timers.get(socket));
    timers.delete(socket);
    busy.delete(socket);
    socket.destroy();
  };
  const arm = (socket: Socket, ms: number) => {
    clearTimeout(timers.get(socket));
    timers.set(socket, setTimeout(() => cut(socket), ms));
  };

  server.on("connection", (socket: Socket) => {
    arm(socket, headersMs);
    socket.on("close", () => {
      clearTimeout(timers.get(socket));
      timers.delete(socket);
      busy.delete(socket);
    });
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    let answered = false;
    busy.add(socket);
    arm(socket, bodyMs);
    // Once the body is here, what takes time is our own work. A body that nobody reads ends after the
    // answer, when the clock of the next request runs already.
    request.on("end", () => {
      if (!answered) clearTimeout(timers.get(socket));
    });
    response.on("close", () => {
      answered = true;
      busy.delete(socket);
      if (closing || !response.writableFinished) cut(socket);
      else if (!socket.destroyed) arm(socket, idleMs);
    });
  });
  return {
    cutIdle() {
      closing = true;
      for (const socket of [...timers.keys()]) if (!busy.has(socket)) cut(socket);
    },
    cutAll() {
      closing = true;
      for (const socket of [...timers.keys()]) cut(socket);
    },
  };
}
