/**
 * Puts an application on a port, and takes it off again with its work finished.
 *
 * @module
 */
import { getRequestListener, type HttpBindings, RequestError } from "@hono/node-server";
import type { Hono } from "hono";
import { createServer, type Server } from "node:http";
import { MeshError } from "../lib/error.ts";
import { refusal } from "./answers.ts";
import { type ConnectionGuard, guardConnections, type GuardOptions } from "./connection_guard.ts";
import { type Watch, watched } from "./watch.ts";

/** Where to listen. */
export interface ListenOptions extends GuardOptions {
  /** The address to bind. */
  readonly host: string;
  /** The port; 0 lets the system choose. */
  readonly port: number;
  /** Who measures. */
  readonly watch?: Watch | undefined;
}

/** A server that listens. */
export interface Listening {
  /** The port, as bound. */
  readonly port: number;
  /**
   * Takes no new connection, lets requests under way finish for at most `graceMs`, then cuts them.
   *
   * @param graceMs Milliseconds.
   */
  close(graceMs: number): Promise<void>;
}

/** Most connections at a time; more are dropped by the system. */
const MAX_CONNECTIONS = 2048;

/**
 * Listens.
 *
 * @param app The application.
 * @param options Where, and how patient with clients.
 * @returns The server.
 * @throws {MeshError} `port_in_use`, or `io` if the address cannot be bound for another reason.
 */
export async function listen(
  app: Hono<{ Bindings: HttpBindings }>,
  options: ListenOptions,
): Promise<Listening> {
  const listener = getRequestListener(app.fetch, {
    // A library does not change what `Response` means to the program that uses it.
    overrideGlobalObjects: false,
    // For clients of HTTP/1.0, which need not say whom they talk to.
    hostname: "localhost",
    errorHandler: refuse,
    // The guard looks after bodies that nobody reads.
    autoCleanupIncoming: false,
  });
  const server = createServer({ maxHeaderSize: 16 * 1024 }, watched(listener, options.watch));
  server.maxConnections = MAX_CONNECTIONS;
  const guard = guardConnections(server, options);
  await bind(server, options);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return { port, close: (graceMs) => close(server, guard, graceMs) };
}

/** What is wrong before there is a request that the application could look at. */
function refuse(error: unknown): Response {
  if (!(error instanceof RequestError)) return refusal(error);
  return refusal(new MeshError("malformed", "Cannot read the request's host or path"));
}

async function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  }).catch((error) => {
    const code = (error as { code?: unknown }).code;
    if (code === "EADDRINUSE" || error instanceof Deno.errors.AddrInUse) {
      throw new MeshError("port_in_use", `Port ${port} is in use on ${host}`, { cause: error });
    }
    throw new MeshError("io", `Cannot listen on ${host} port ${port}: ${error.message ?? error}`, {
      cause: error,
    });
  });
}

async function close(server: Server, guard: ConnectionGuard, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  guard.cutIdle();
  const timer = setTimeout(() => guard.cutAll(), graceMs);
  await closed;
  clearTimeout(timer);
}
