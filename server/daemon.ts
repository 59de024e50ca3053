/**
 * The daemon: the surface on a port, the outbox worked off, the leftovers of a crash picked up.
 *
 * @module
 */
import type { Outbox } from "../lib/delivery/outbox.ts";
import { type DeliveryEvent, DeliveryWorker } from "../lib/delivery/worker.ts";
import type { AgentCard } from "../lib/mesh/card.ts";
import type { MeshNode } from "../lib/mesh/node.ts";
import { meshOutbox, requeueLost } from "../lib/mesh/outgoing.ts";
import { announce } from "../lib/run/run_file.ts";
import { listen, type ListenOptions } from "./listen.ts";
import { meshSurface, type MeshSurfaceOptions } from "./mesh.ts";

/** Something that happened, for whoever watches. */
export type DaemonEvent =
  | { readonly kind: "contact"; readonly from: AgentCard; readonly request_id: string }
  | { readonly kind: "message"; readonly from: string; readonly message_id: string }
  | { readonly kind: "delivered"; readonly to: string; readonly message_id: string }
  | {
    readonly kind: "waiting";
    readonly to: string;
    readonly message_id: string;
    readonly reason: string;
    readonly next_attempt_at: string;
  }
  | {
    readonly kind: "dead";
    readonly to: string;
    readonly message_id: string;
    readonly reason: string;
  }
  | { readonly kind: "requeued"; readonly message_id: string }
  | { readonly kind: "fault"; readonly error: unknown };

/** How the daemon runs. */
export interface DaemonOptions extends ListenOptions {
  /** Told of what happens. */
  readonly onEvent?: (event: DaemonEvent) => void;
  /** Limits of the surface. */
  readonly surface?: Omit<
    MeshSurfaceOptions,
    "onMessage" | "onContact" | "onHeardFrom" | "onFault"
  >;
}

/** A daemon that runs. */
export interface Daemon {
  /** The port that it listens on. */
  readonly port: number;
  /**
   * Stops it: no new work, work under way finished or given back to the queue.
   *
   * @param graceMs Milliseconds that requests under way get.
   */
  stop(graceMs: number): Promise<void>;
}

/** Milliseconds between looks for messages of commands that were killed. */
const REQUEUE_EVERY = 60_000;

/** Which messages are looked at while the daemon runs: recent ones, that no command is busy with. */
const RECENT = { newest: 100, olderThanMs: 30_000 };

/**
 * Starts a daemon.
 *
 * @param node The node that it serves.
 * @param options Where to listen, and who is told.
 * @returns The daemon, listening.
 * @throws {MeshError} `port_in_use` or `io`.
 */
export async function startDaemon(node: MeshNode, options: DaemonOptions): Promise<Daemon> {
  const tell = options.onEvent ?? (() => {});
  await node.state.store.sweep();
  const outbox = meshOutbox(node);
  const worker = new DeliveryWorker(outbox, { onEvent: (event) => tellDelivery(event, tell) });
  const server = await listen(
    meshSurface(node, {
      ...options.surface,
      onMessage: ({ message: { from, message_id } }) => tell({ kind: "message", from, message_id }),
      onContact: ({ request: { from, request_id } }) => tell({ kind: "contact", from, request_id }),
      onHeardFrom: (agentId) => worker.peerIsUp(agentId),
      onFault: (error) => tell({ kind: "fault", error }),
    }),
    options,
  );
  let withdraw = async () => {};
  try {
    withdraw = await announce(node.state.root, {
      pid: Deno.pid,
      name: "serve",
      host: options.host,
      port: server.port,
      started_at: node.now().toISOString(),
    });
    await requeue(node, outbox, {}, tell);
    const again = setInterval(() => requeue(node, outbox, RECENT, tell), REQUEUE_EVERY);
    worker.start();
    return {
      port: server.port,
      async stop(graceMs) {
        clearInterval(again);
        await Promise.all([server.close(graceMs), worker.stop()]);
        await withdraw();
      },
    };
  } catch (error) {
    await Promise.all([server.close(0), withdraw()]);
    throw error;
  }
}

/** Picks up what commands left that were killed while they sent. */
async function requeue(
  node: MeshNode,
  outbox: Outbox,
  options: Parameters<typeof requeueLost>[2],
  tell: (event: DaemonEvent) => void,
): Promise<void> {
  try {
    for (const message_id of await requeueLost(node, outbox, options)) {
      tell({ kind: "requeued", message_id });
    }
  } catch (error) {
    tell({ kind: "fault", error });
  }
}

function tellDelivery(
  { entry: { id: message_id, to }, attempt, error }: DeliveryEvent,
  tell: (event: DaemonEvent) => void,
): void {
  if (error !== undefined) tell({ kind: "fault", error: `${message_id}: ${error}` });
  switch (attempt?.state) {
    case "accepted":
      return tell({ kind: "delivered", to, message_id });
    case "queued": {
      const { next_attempt_at, last_error } = attempt.entry;
      const reason = last_error?.reason ?? "unknown";
      return tell({ kind: "waiting", to, message_id, reason, next_attempt_at });
    }
    case "failed":
      return tell({ kind: "dead", to, message_id, reason: attempt.entry.last_error?.reason ?? "" });
  }
}
