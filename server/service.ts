/**
 * A daemon, whatever it serves: an application on a port, the outbox, if there is one, worked off, the chores
 * done, all of it announced in the state directory while it lasts.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { announce, type Running } from "../lib/run/run_file.ts";
import { clearStopRequest } from "../lib/run/stop_request.ts";
import type { FileStore } from "../lib/store/file_store.ts";
import type { Deliveries } from "./deliveries.ts";
import { listen, type Listening, type ListenOptions } from "./listen.ts";
import { within } from "./within.ts";

/** Something that goes on while a daemon runs, such as its chores. */
export interface Helper {
  /**
   * Begins; may do first what has to be done before anything else.
   *
   * @param running The daemon, as it is announced.
   */
  start(running: Running): void | Promise<void>;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** What a daemon is made of. */
export interface ServiceParts {
  /** What it runs as, such as `serve`. */
  readonly name: string;
  /** The root that it works on. */
  readonly store: FileStore;
  /** What it serves. */
  readonly app: Hono<{ Bindings: HttpBindings }>;
  /** What it delivers, if it delivers anything. */
  readonly deliveries?: Deliveries | undefined;
  /** What it does beside that. */
  readonly helpers: readonly Helper[];
  /** What of its command line it would be started again with, beside the state directory. */
  readonly args?: readonly string[] | undefined;
  /** The present. */
  readonly now: () => Date;
}

/** A daemon that runs. */
export interface Daemon {
  /** The port that it listens on. */
  readonly port: number;
  /** How it is announced in its state directory. */
  readonly running: Running;
  /**
   * Stops it: no new work, work under way finished or given back to the queue. Once is enough.
   *
   * @param graceMs Milliseconds that requests and helpers under way get.
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a daemon, on a root that was swept.
 *
 * @param parts What it is made of.
 * @param options Where it listens.
 * @returns The daemon, listening.
 * @throws {MeshError} `port_in_use` or `io`.
 */
export async function startService(parts: ServiceParts, options: ListenOptions): Promise<Daemon> {
  const { name, store, app, deliveries, helpers, args = [], now } = parts;
  const server = await listen(app, options);
  const running: Running = {
    pid: Deno.pid,
    name,
    host: options.host,
    port: server.port,
    started_at: now().toISOString(),
    ...(args.length > 0 ? { args } : {}),
  };
  let withdraw = async () => {};
  try {
    withdraw = await announce(store.root, running);
    for (const helper of helpers) await helper.start(running);
    deliveries?.start();
    let stopped: Promise<void> | undefined;
    const stopOnce = async (graceMs: number) => {
      await stop(server, parts, graceMs);
      await clearStopRequest(store.root, running);
      await withdraw();
    };
    return { port: server.port, running, stop: (graceMs) => stopped ??= stopOnce(graceMs) };
  } catch (error) {
    await Promise.all([server.close(0), stopAll(helpers), withdraw()]);
    throw error;
  }
}

async function stop(
  server: Listening,
  { deliveries, helpers }: ServiceParts,
  graceMs: number,
): Promise<void> {
  await Promise.all([
    server.close(graceMs),
    deliveries?.stop(),
    within(graceMs, stopAll(helpers)),
  ]);
}

async function stopAll(helpers: readonly Helper[]): Promise<void> {
  await Promise.all(helpers.map((helper) => helper.stop()));
}
