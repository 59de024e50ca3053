/**
 * The daemon of `mesh serve`: the surface of Agent Mesh V1 on a port, with OGP's beside it where the owner
 * wants one port for both; the outbox worked off, the leftovers of a crash picked up.
 *
 * @module
 */
import type { MeshNode } from "../lib/mesh/node.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import { Chores } from "./chores.ts";
import type { DaemonEvent } from "./daemon_event.ts";
import { Deliveries, requeueing } from "./deliveries.ts";
import type { ListenOptions } from "./listen.ts";
import { type MeshLimits, toldMeshSurface } from "./mesh_parts.ts";
import { rootOutbox } from "./outbox.ts";
import { type Daemon, type Helper, startService } from "./service.ts";

export type { Daemon, DaemonEvent };

/** How the daemon runs. */
export interface DaemonOptions extends ListenOptions {
  /** The same root as a gateway of OGP: its deliveries are made, too, and its surface is served if so configured. */
  readonly ogp?: OgpNode | undefined;
  /** Told of what happens. */
  readonly onEvent?: (event: DaemonEvent) => void;
  /** Limits of the surface. */
  readonly surface?: Omit<MeshLimits, "watch">;
}

/**
 * Starts the daemon.
 *
 * @param node The node that it serves.
 * @param options Where to listen, and who is told.
 * @returns The daemon, listening.
 * @throws {MeshError} `port_in_use` or `io`.
 */
export async function startDaemon(node: MeshNode, options: DaemonOptions): Promise<Daemon> {
  const { ogp, watch } = options;
  const tell = options.onEvent ?? (() => {});
  const onFault = (error: unknown) => tell({ kind: "fault", error });
  const outbox = rootOutbox({ mesh: node, ogp });
  const deliveries = new Deliveries(outbox, { mesh: node, ogp }, tell, watch);
  const mesh = toldMeshSurface(node, { deliveries, tell }, { ...options.surface, watch });
  const helpers: Helper[] = [
    new Chores([requeueing({ mesh: node, ogp }, outbox, tell)], onFault),
  ];
  let app = mesh;
  if (ogp?.config.onMeshPort) {
    // Loaded when it is served: most nodes are no gateways.
    const { besideMesh, gatewayHelpers, gatewaySurface } = await import("./gateway_parts.ts");
    const surroundings = { outbox, deliveries, tell };
    app = besideMesh(mesh, gatewaySurface(ogp, surroundings, { watch }));
    helpers.push(...gatewayHelpers(ogp, surroundings));
  }
  const { store } = node.state;
  await store.sweep();
  const parts = { name: "serve", store, app, deliveries, helpers, now: node.now };
  return await startService(parts, options);
}
