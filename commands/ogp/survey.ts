/**
 * All that `mesh ogp status` tells, gathered once, for people and programs alike.
 *
 * @module
 */
import { listDeliveries } from "../../lib/delivery/find.ts";
import { readHealth } from "../../lib/ogp/health.ts";
import { ownKeyPrefix } from "../../lib/ogp/card.ts";
import type { LoopUsage } from "../../lib/ogp/loop_guard.ts";
import type { OgpNode } from "../../lib/ogp/node.ts";
import { type Federation, listFederation } from "../../lib/ogp/peers.ts";
import { peerName } from "../../lib/ogp/state.ts";
import { type NotedPause, notedPause } from "../pause_words.ts";
import { type Listeners, whoListens } from "../../lib/ogp/who_listens.ts";

/** How many gateways there are of each standing. */
export interface PeerCounts {
  /** Federated with. */
  readonly approved: number;
  /** Those that asked and wait for the owner. */
  readonly asking: number;
  /** Those that were asked and have not answered. */
  readonly asked: number;
  /** Turned down, by either side. */
  readonly rejected: number;
  /** Federated with once. */
  readonly removed: number;
}

/** What a peer has used today, if anything. */
export interface PeerUsage extends LoopUsage {
  /** What it is called here. */
  readonly name: string;
  /** Its id here. */
  readonly id: string;
}

/** How the approved peers were when last looked at. */
export interface Heartbeats {
  /** Minutes between looks; 0 for none. */
  readonly everyMinutes: number;
  /** Peers that answered. */
  readonly answering: number;
  /** What those are called that did not. */
  readonly silent: readonly string[];
}

/** A gateway on one page. */
export interface Survey {
  /** Its id in OGP 0.7. */
  readonly id: string;
  /** Its key as DER. */
  readonly publicKey: string;
  /** Who serves it. */
  readonly listeners: Listeners;
  /** Its peers. */
  readonly peers: PeerCounts;
  /** Deliveries under way, and given up, of all protocols. */
  readonly queue: { readonly waiting: number; readonly dead: number };
  /** Whether everything outgoing is paused. */
  readonly pause: NotedPause | undefined;
  /** Budgets in use today. */
  readonly usage: readonly PeerUsage[];
  /** How the peers are. */
  readonly heartbeat: Heartbeats;
}

/**
 * Surveys a gateway.
 *
 * @param node The gateway.
 * @returns The page.
 */
export async function survey(node: OgpNode): Promise<Survey> {
  const { state, config } = node;
  const publicKey = node.privateKey.publicKey.der;
  const { host, daemonPort: port, onMeshPort } = config;
  const federations = await listFederation(state);
  const approved = federations.filter(({ status }) => status === "approved");
  const deliveries = await listDeliveries(state);
  return {
    id: ownKeyPrefix(node),
    publicKey,
    listeners: await whoListens({ root: state.root, publicKey, host, port, onMeshPort }),
    peers: countPeers(federations),
    queue: {
      waiting: deliveries.filter(({ state }) => state === "waiting").length,
      dead: deliveries.filter(({ state }) => state === "dead").length,
    },
    pause: await notedPause(state.store),
    usage: await usageOf(node, approved),
    heartbeat: await heartbeatOf(node, approved),
  };
}

function countPeers(federations: readonly Federation[]): PeerCounts {
  const count = (status: string, direction?: string) =>
    federations.filter((one) =>
      one.status === status && (direction === undefined || one.direction === direction)
    ).length;
  return {
    approved: count("approved"),
    asking: count("pending", "incoming"),
    asked: count("pending", "outgoing"),
    rejected: count("rejected"),
    removed: count("removed"),
  };
}

async function usageOf(node: OgpNode, peers: readonly Federation[]): Promise<PeerUsage[]> {
  const used: PeerUsage[] = [];
  for (const { publicKey, alias, displayName, id } of peers) {
    const usage = await node.loopGuard.usage(peerName(publicKey), node.now());
    if (usage.in.messages + usage.out.messages === 0) continue;
    used.push({ name: alias ?? displayName, id, ...usage });
  }
  return used;
}

async function heartbeatOf(node: OgpNode, peers: readonly Federation[]): Promise<Heartbeats> {
  let answering = 0;
  const silent: string[] = [];
  for (const { publicKey, alias, displayName } of peers) {
    const health = await readHealth(node.state, publicKey);
    if (!health) continue;
    if (health.lastError === undefined && health.failures.length === 0) answering++;
    else silent.push(alias ?? displayName);
  }
  return { everyMinutes: node.config.heartbeatMinutes, answering, silent };
}
