/**
 * The daemon of `mesh ogp start`: the surface of OGP on its own port, the outbox worked off, peers looked
 * after.
 *
 * @module
 */
import type { MeshNode } from "../lib/mesh/node.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import { GATEWAY } from "../lib/run/run_file.ts";
import { Chores } from "./chores.ts";
import type { DaemonEvent } from "./daemon_event.ts";
import { Deliveries, requeueing } from "./deliveries.ts";
import { gatewayHelpers, gatewaySurface, type SurfaceLimits } from "./gateway_parts.ts";
import type { ListenOptions } from "./listen.ts";
import { rootOutbox } from "./outbox.ts";
import { type Daemon, startService } from "./service.ts";

/** How the gateway's daemon runs. */
export interface GatewayOptions extends ListenOptions {
  /** The same root as a node of Agent Mesh V1: its deliveries are made, too. */
  readonly mesh?: MeshNode | undefined;
  /** Told of what happens. */
  readonly onEvent?: (event: DaemonEvent) => void;
  /** Limits of the surface. */
  readonly surface?: SurfaceLimits;
}

/**
 * Starts the gateway's daemon.
 *
 * @param node The gateway; stays the caller's to close, after the daemon has stopped.
 * @param options Where to listen, and who is told.
 * @returns The daemon, listening.
 * @throws {MeshError} `port_in_use` or `io`.
 */
export async function startGateway(node: OgpNode, options: GatewayOptions): Promise<Daemon> {
  const { mesh, watch } = options;
  const tell = options.onEvent ?? (() => {});
  const nodes = { mesh, ogp: node };
  const outbox = rootOutbox(nodes);
  const deliveries = new Deliveries(outbox, nodes, tell, watch);
  const surroundings = { outbox, deliveries, tell };
  const chores = new Chores(
    [requeueing(nodes, outbox, tell)],
    (error) => tell({ kind: "fault", error }),
  );
  await node.state.store.sweep();
  return await startService({
    name: GATEWAY,
    store: node.state.store,
    app: gatewaySurface(node, surroundings, { ...options.surface, watch }),
    deliveries,
    helpers: [chores, ...gatewayHelpers(node, surroundings)],
    now: node.now,
  }, options);
}
