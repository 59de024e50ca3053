/**
 * Asks all peers for their cards at once. Each is asked once, for all checks that want to know.
 *
 * @module
 */
import { messageOf } from "../error.ts";
import type { Peer } from "../mesh/records.ts";
import type { ProbeResult } from "../mesh/scan/probe.ts";
import { scan } from "../mesh/scan/scanner.ts";
import type { Target } from "../mesh/scan/targets.ts";
import type { MeshState } from "../mesh/state.ts";
import { parsePeerUrl } from "../net/post.ts";
import { everyRecord } from "./every_record.ts";

/** A peer and what came of asking it. */
export interface PeerAnswer {
  /** The peer as stored. */
  readonly peer: Peer;
  /** What is at its endpoint; absent if it was not asked. */
  readonly result?: ProbeResult;
  /** Why it was not asked: no endpoint, one that cannot be used (with the reason), or no time left. */
  readonly unasked?: {
    readonly kind: "no_endpoint" | "unusable" | "no_time";
    readonly why: string;
  };
}

/** How long to wait. */
export interface AskOptions {
  /** Milliseconds for one peer. */
  readonly timeoutMs: number;
  /** Milliseconds for all of them. */
  readonly deadlineMs: number;
}

/** Peers that are asked at a time: few enough for any router, and a hundred sleeping laptops take 6 s. */
const AT_ONCE = 64;

/**
 * Asks every peer that has an endpoint.
 *
 * @param state The state directory.
 * @param options How long to wait.
 * @returns What each answered, by agent id.
 */
export async function askPeers(
  state: Pick<MeshState, "peers">,
  { timeoutMs, deadlineMs }: AskOptions,
): Promise<PeerAnswer[]> {
  const answers: PeerAnswer[] = [];
  const asked = new Map<Target, Peer>();
  await everyRecord(state.peers, (peer) => {
    if (!peer.endpoint) {
      answers.push({ peer, unasked: { kind: "no_endpoint", why: "It has no endpoint" } });
      return;
    }
    try {
      asked.set(targetOf(peer.endpoint), peer);
    } catch (error) {
      answers.push({ peer, unasked: { kind: "unusable", why: messageOf(error) } });
    }
  });
  const targets = new Set(asked.keys());
  for await (
    const result of scan(targets, { concurrency: AT_ONCE, timeoutMs, deadlineMs })
  ) {
    const peer = asked.get(result.target);
    if (peer && asked.delete(result.target)) answers.push({ peer, result });
  }
  for (const peer of asked.values()) {
    answers.push({ peer, unasked: { kind: "no_time", why: "There was no time left to ask it" } });
  }
  return answers.sort((a, b) => a.peer.agent_id < b.peer.agent_id ? -1 : 1);
}

/**
 * What to ask for a card, given an endpoint.
 *
 * @param endpoint The endpoint, as a peer or this node's identity names it.
 * @returns The target of a probe.
 * @throws {MeshError} `malformed` if nobody can be there.
 */
export function targetOf(endpoint: string): Target {
  const url = endpoint.replace(/\/+$/, "");
  parsePeerUrl(`${url}/agent-mesh/discovery`);
  return { url, explicit: true, source: endpoint };
}
