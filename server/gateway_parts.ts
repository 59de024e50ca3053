/**
 * What a daemon needs to be a gateway of OGP, on a port of its own or beside Agent Mesh V1: the surface
 * with what is told of it, and the chores.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Outbox } from "../lib/delivery/outbox.ts";
import { requeueAnnouncements } from "../lib/ogp/announce.ts";
import type { ReceivedApproval } from "../lib/ogp/approvals_in.ts";
import { lookAfterApprovals } from "../lib/ogp/approvals/decide.ts";
import { tellOfStrangers } from "../lib/ogp/handover/stranger.ts";
import { configChore } from "./config_chore.ts";
import { heardFrom } from "../lib/ogp/health.ts";
import { Heartbeat } from "../lib/ogp/heartbeat.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import type { PeerCard } from "../lib/ogp/records.ts";
import { confirmRemovals } from "../lib/ogp/removal.ts";
import { sweepReplies } from "../lib/ogp/replies.ts";
import type { ReceivedRequest } from "../lib/ogp/requests_in.ts";
import { peerName } from "../lib/ogp/state.ts";
import { type Chore, Chores } from "./chores.ts";
import type { GatewayName, Tell } from "./daemon_event.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Helper } from "./service.ts";
import { ogpSurface, type OgpSurfaceOptions } from "./ogp.ts";

type App = Hono<{ Bindings: HttpBindings }>;

/** What of the surface's options are limits. */
export type SurfaceLimits = Pick<
  OgpSurfaceOptions,
  "bodyLimit" | "strangersPerMinute" | "strangersPerMinuteInAll" | "watch"
>;

/** What the surface works with in a daemon. */
export interface GatewaySurroundings {
  /** Where answers are queued. */
  readonly outbox: Outbox;
  /** What is delivered to peers, who may just have been heard from. */
  readonly deliveries: Deliveries;
  /** Told of what happens. */
  readonly tell: Tell;
}

/** The longest window that a rate can have, in seconds: a rate that was not used since is forgotten. */
const LONGEST_WINDOW = 31 * 24 * 3600;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The surface of a gateway, with its daemon around it.
 *
 * @param node The gateway.
 * @param surroundings The daemon.
 * @param limits Limits, where they are not the usual ones.
 * @returns The application.
 */
export function gatewaySurface(
  node: OgpNode,
  { outbox, deliveries, tell }: GatewaySurroundings,
  limits: SurfaceLimits = {},
): App {
  return ogpSurface(node, outbox, {
    ...limits,
    onMessage: ({ message: { intent, topic, nonce, handover }, peer }) => {
      const about = topic === undefined ? {} : { topic };
      const asks = handover?.state === "asking" ? { asks: true } : {};
      tell({ kind: "ogp-message", from: named(peer), intent, ...about, nonce, ...asks });
    },
    onRequest: (received) => {
      tellRequest(received, tell);
      tellOfStrangers(node, outbox).catch((error) => tell({ kind: "fault", error }));
    },
    onApproval: (received) => tellApproval(received, tell),
    onRemoval: (peer, confirmed) => tell({ kind: "ogp-removal", from: named(peer), confirmed }),
    onReply: (nonce) => tell({ kind: "ogp-reply", nonce }),
    // Only once the record says that the peer is there, or the worker would still leave it alone.
    onHeardFrom: (name) =>
      heardFrom(node, name).then(
        () => deliveries.worker.peerIsUp(name),
        (error) => tell({ kind: "fault", error }),
      ),
    onFault: (error) => tell({ kind: "fault", error }),
  });
}

/**
 * What a gateway does beside answering: looks whether peers are there, looks again at removals that were
 * claimed, tells the owner's agent of strangers, looks after what the owner has to decide, forgets replies
 * and tallies whose time is over.
 *
 * @param node The gateway.
 * @param surroundings Its daemon.
 * @returns What the daemon starts and stops.
 */
export function gatewayHelpers(
  node: OgpNode,
  { outbox, deliveries, tell }: GatewaySurroundings,
): Helper[] {
  const onFault = (error: unknown) => tell({ kind: "fault", error });
  const heartbeat = new Heartbeat(node, {
    onFault,
    onCheck: ({ publicKey }, { ok }) => ok && deliveries.worker.peerIsUp(peerName(publicKey)),
  });
  return [new Chores(gatewayChores(node, outbox, tell), onFault), heartbeat];
}

function gatewayChores(node: OgpNode, outbox: Outbox, tell: Tell): Chore[] {
  return [
    configChore(node),
    {
      everyMs: MINUTE,
      first: true,
      async run() {
        for (const message_id of await requeueAnnouncements(node, outbox)) {
          tell({ kind: "requeued", message_id, protocol: "ogp" });
        }
      },
    },
    {
      everyMs: MINUTE,
      async run() {
        for (const peer of await confirmRemovals(node)) {
          tell({ kind: "ogp-removal", from: named(peer), confirmed: true });
        }
      },
    },
    { everyMs: MINUTE, first: true, run: () => tellOfStrangers(node, outbox) },
    {
      everyMs: MINUTE,
      first: true,
      async run(first) {
        for (const message_id of await lookAfterApprovals(node, outbox, first)) {
          tell({ kind: "ogp-undecided", message_id });
        }
      },
    },
    { everyMs: HOUR, run: () => sweepReplies(node) },
    {
      everyMs: DAY,
      first: true,
      async run() {
        await node.tallies.sweep(node.now());
        await node.rates.sweep(node.now(), LONGEST_WINDOW);
      },
    },
  ];
}

/**
 * Two surfaces on one port: each has its own paths.
 *
 * @param mesh The surface of Agent Mesh V1; what belongs to neither is its to refuse.
 * @param ogp The surface of OGP.
 * @returns Both as one application.
 */
export function besideMesh(mesh: App, ogp: App): App {
  const both: App = new Hono();
  for (const path of ["/federation/*", "/.well-known/ogp"]) {
    both.all(path, (c) => ogp.fetch(c.req.raw, c.env));
  }
  both.all("*", (c) => mesh.fetch(c.req.raw, c.env));
  return both;
}

function tellRequest({ request }: ReceivedRequest, tell: Tell): void {
  const { gatewayUrl, claimsUrlOf } = request;
  const warning = claimsUrlOf && claimsUrlOf.length > 0 ? { claimsUrlOf } : {};
  tell({ kind: "ogp-request", from: named(request), gatewayUrl, ...warning });
}

function tellApproval({ effect, peer }: ReceivedApproval, tell: Tell): void {
  tell({ kind: "ogp-approval", ...(peer ? { from: named(peer) } : {}), effect });
}

/** What a gateway is called here. */
function named(one: PeerCard & { id: string; alias?: string | undefined }): GatewayName {
  const { alias, displayName, id, publicKey } = one;
  return { name: alias ?? displayName, id, publicKey };
}
