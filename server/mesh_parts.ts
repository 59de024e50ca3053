/**
 * The surface of Agent Mesh V1 with a daemon around it, whichever daemon that is.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import type { MeshNode } from "../lib/mesh/node.ts";
import type { Tell } from "./daemon_event.ts";
import type { Deliveries } from "./deliveries.ts";
import { meshSurface, type MeshSurfaceOptions } from "./mesh.ts";

/** What of the surface's options is not the daemon's own. */
export type MeshLimits = Omit<
  MeshSurfaceOptions,
  "onMessage" | "onContact" | "onHeardFrom" | "onFault"
>;

/**
 * The surface, which tells the daemon what comes in.
 *
 * @param node The node.
 * @param daemon The daemon: what it delivers to peers, who may just have been heard from, and who is told.
 * @param daemon.deliveries The deliveries.
 * @param daemon.tell Told of what happens.
 * @param limits Limits, where they are not the usual ones, and who measures.
 * @returns The application.
 */
export function toldMeshSurface(
  node: MeshNode,
  { deliveries, tell }: { readonly deliveries: Deliveries; readonly tell: Tell },
  limits: MeshLimits = {},
): Hono<{ Bindings: HttpBindings }> {
  return meshSurface(node, {
    ...limits,
    onMessage: ({ message: { from, message_id } }) => tell({ kind: "message", from, message_id }),
    onContact: ({ request: { from, request_id } }) => tell({ kind: "contact", from, request_id }),
    onHeardFrom: (agentId) => deliveries.worker.peerIsUp(agentId),
    onFault: (error) => tell({ kind: "fault", error }),
  });
}
