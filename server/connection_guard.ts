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
  // One timer for all connections, set to the earliest deadline: a busy connection moves its own deadline
  // several times per request, and a timer for each would cost more than reading the request.
  const deadlines = new Map<Socket, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wakesAt = Infinity;
  const busy = new Set<Socket>();
  let closing = false;
  const forget = (socket: Socket) => {
    deadlines.delete(socket);
    busy.delete(socket);
    if (deadlines.size > 0) return;
    clearTimeout(timer);
    wakesAt = Infinity;
  };
  const cut = (socket: Socket) => {
    forget(socket);
    socket.destroy();
  };
  const wake = (at: number) => {
    if (at >= wakesAt) return;
    clearTimeout(timer);
    wakesAt = at;
    timer = setTimeout(cutLate, Math.max(0, at - performance.now()));
  };
  const cutLate = () => {
    wakesAt = Infinity;
    const now = performance.now();
    for (const [socket, deadline] of [...deadlines]) if (deadline <= now) cut(socket);
    wake(Math.min(...deadlines.values()));
  };
  const arm = (socket: Socket, ms: number) => {
    const deadline = performance.now() + ms;
    deadlines.set(socket, deadline);
    wake(deadline);
  };

  server.on("connection", (socket: Socket) => {
    arm(socket, headersMs);
    socket.on("close", () => forget(socket));
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    let answered = false;
    busy.add(socket);
    arm(socket, bodyMs);
    // Once the body is here, what takes time is our own work. A body that nobody reads ends after the
    // answer, when the clock of the next request runs already.
    request.on("end", () => {
      if (!answered && deadlines.has(socket)) deadlines.set(socket, Infinity);
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
      for (const socket of [...deadlines.keys()]) if (!busy.has(socket)) cut(socket);
    },
    cutAll() {
      closing = true;
      for (const socket of [...deadlines.keys()]) cut(socket);
    },
  };
}
