/**
 * The daemon of `mesh up`: every surface that is configured, each on its own port, in one process with one
 * worker for what goes out. Each surface is announced as its own daemon is, so that whatever asks for a
 * gateway, orders a channel or stops one surface finds it here as well.
 *
 * @module
 */
import type { MeshNode } from "../lib/mesh/node.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import { announce, GATEWAY, OCG, type Running, UP } from "../lib/run/run_file.ts";
import { clearStopRequest } from "../lib/run/stop_request.ts";
import type { FileStore } from "../lib/store/file_store.ts";
import { Chores } from "./chores.ts";
import type { Tell } from "./daemon_event.ts";
import { Deliveries, requeueing } from "./deliveries.ts";
import type { GatewaySurroundings } from "./gateway_parts.ts";
import type { ListenOptions } from "./listen.ts";
import { toldMeshSurface } from "./mesh_parts.ts";
import type { OcgParts } from "./ocg_parts.ts";
import { rootOutbox } from "./outbox.ts";
import { type Daemon, startService } from "./service.ts";
import type { Watch } from "./watch.ts";
import { within } from "./within.ts";

/** Something that goes on while the process runs, such as the admin surface. */
export interface ProcessHelper {
  /** The port that it listens on, if it does. */
  readonly port?: number | undefined;
  /** Begins. */
  start(): void | Promise<void>;
  /** Ends. */
  stop(): Promise<void>;
}

/** What runs in the process. At least one of the surfaces is there. */
export interface UpOptions {
  /** The root. */
  readonly store: FileStore;
  /** Agent Mesh V1. */
  readonly mesh?: { readonly node: MeshNode; readonly listen: ListenOptions } | undefined;
  /** OGP. */
  readonly ogp?: { readonly node: OgpNode; readonly listen: ListenOptions } | undefined;
  /** Chat channels. */
  readonly ocg?: { readonly parts: OcgParts; readonly listen: ListenOptions } | undefined;
  /** The root's nodes, whose deliveries are made whether their surfaces run or not. */
  readonly nodes?: { readonly mesh?: MeshNode | undefined; readonly ogp?: OgpNode | undefined };
  /** What belongs to the process and to no surface, such as the admin surface. */
  readonly helpers?: readonly ProcessHelper[] | undefined;
  /** Told of what counts. */
  readonly watch?: Watch | undefined;
  /** Told of what happens. */
  readonly tell: Tell;
  /** The present. */
  readonly now: () => Date;
}

/** All surfaces of a process. */
export interface Up {
  /** How the process is announced as a whole. */
  readonly running: Running;
  /** The surfaces that run, in the order in which they were started. */
  readonly daemons: readonly Daemon[];
  /**
   * Stops all surfaces, and then what belongs to all of them.
   *
   * @param graceMs Milliseconds that requests and helpers under way get.
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts the surfaces.
 *
 * @param options Which ones.
 * @returns The surfaces, listening. If one of them cannot, none is left running.
 * @throws {MeshError} `port_in_use` or `io`.
 */
export async function startUp(options: UpOptions): Promise<Up> {
  const { store, mesh, ogp, ocg, nodes = {}, helpers = [], watch, tell, now } = options;
  const onFault = (error: unknown) => tell({ kind: "fault", error });
  const outbox = nodes.mesh || nodes.ogp ? rootOutbox(nodes) : undefined;
  const deliveries = outbox && new Deliveries(outbox, nodes, tell, watch);
  const chores = new Chores(outbox ? [requeueing(nodes, outbox, tell)] : [], onFault);
  const common = { store, now };
  const daemons: Daemon[] = [];
  let withdraw = async () => {};
  const stop = async (graceMs: number) => {
    await Promise.all(daemons.map((daemon) => daemon.stop(graceMs)));
    await within(
      graceMs,
      Promise.all([deliveries?.stop(), chores.stop(), ...helpers.map((one) => one.stop())]),
    );
    // Last, since it tells that there is nothing left.
    await withdraw();
  };
  try {
    // Once for all surfaces: it looks at every folder of the root.
    await store.sweep();
    await chores.start();
    const gateway = ogp && outbox && deliveries
      ? await gatewayOf(ogp.node, { outbox, deliveries, tell }, watch)
      : undefined;
    // With one port for both there is none for OGP alone.
    const together = mesh && ogp?.node.config.onMeshPort ? gateway : undefined;
    if (mesh && deliveries) {
      const own = toldMeshSurface(mesh.node, { deliveries, tell }, { watch });
      const app = together ? together.beside(own) : own;
      const parts = { ...common, name: "serve", app, helpers: together?.helpers ?? [] };
      daemons.push(await startService(parts, mesh.listen));
    }
    if (ogp && gateway && !together) {
      const { app, helpers } = gateway;
      daemons.push(await startService({ ...common, name: GATEWAY, app, helpers }, ogp.listen));
    }
    if (ocg) {
      const { app, helpers } = ocg.parts;
      daemons.push(await startService({ ...common, name: OCG, app, helpers }, ocg.listen));
    }
    for (const helper of helpers) await helper.start();
    deliveries?.start();
    // Where the process answers for itself; 0 where there is no admin surface.
    const port = helpers.find((helper) => helper.port !== undefined)?.port ?? 0;
    const running = {
      pid: Deno.pid,
      name: UP,
      host: "127.0.0.1",
      port,
      started_at: now().toISOString(),
    };
    const take = await announce(store.root, running);
    withdraw = async () => {
      await clearStopRequest(store.root, running);
      await take();
    };
    return { running, daemons, stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

/** Loaded where there is a gateway. */
async function gatewayOf(
  node: OgpNode,
  surroundings: GatewaySurroundings,
  watch: Watch | undefined,
) {
  const { besideMesh, gatewayHelpers, gatewaySurface } = await import("./gateway_parts.ts");
  const app = gatewaySurface(node, surroundings, { watch });
  return {
    app,
    helpers: gatewayHelpers(node, surroundings),
    beside: (mesh: typeof app) => besideMesh(mesh, app),
  };
}
