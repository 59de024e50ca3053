/**
 * How federation's own announcements are sent: each attempt reads what is true at that moment.
 *
 * @module
 */
import type { Carrier, OutboxEntry, Outcome } from "../delivery/outbox.ts";
import { approvalBody } from "./approval_body.ts";
import { deciding } from "./decision_lock.ts";
import { type Announcement, exchanges } from "./exchange.ts";
import { identityBody } from "./identity_announce.ts";
import type { OgpNode } from "./node.ts";
import { postFederation } from "./post_federation.ts";
import type { OgpPeer } from "./records.ts";
import { removalBody } from "./removal.ts";

/** The protocols that this is for. */
export type FederationProtocol = "ogp-approve" | "ogp-removed" | "ogp-identity";

/** What one kind of announcement says, and to whom. */
interface Letter {
  readonly kind: Announcement;
  readonly path: string;
  /** Whether it is still true of the peer. */
  isTrue(peer: OgpPeer): boolean;
  body(node: OgpNode, peer: OgpPeer): Record<string, unknown>;
  /** Whether a refusal is as good as a yes. */
  isDone?(outcome: Outcome): boolean;
}

const LETTERS: Readonly<Record<FederationProtocol, Letter>> = {
  "ogp-approve": {
    kind: "approve",
    path: "/federation/approve",
    isTrue: ({ status }) => status === "approved",
    body: (node, peer) => approvalBody(node, peer, { approved: true, grants: peer.grants }),
  },
  "ogp-removed": {
    kind: "removed",
    path: "/federation/removed",
    isTrue: ({ status, removedBy, dialect }) =>
      status === "removed" && removedBy === "us" && dialect !== "0.2",
    body: removalBody,
    // It does not know us any more.
    isDone: (outcome) => outcome.kind === "refused" && outcome.status === 404,
  },
  "ogp-identity": {
    kind: "identity",
    path: "/federation/update-identity",
    isTrue: ({ status, dialect }) => status === "approved" && dialect !== "0.2",
    body: identityBody,
  },
};

/** What an accepted announcement leaves in its answer for `settle`. */
interface Told {
  readonly told: string | undefined;
}

/**
 * The carriers of a gateway.
 *
 * @param node This gateway.
 * @returns A carrier per protocol.
 */
export function federationCarriers(node: OgpNode): Record<FederationProtocol, Carrier> {
  return {
    "ogp-approve": carrier(node, LETTERS["ogp-approve"]),
    "ogp-removed": carrier(node, LETTERS["ogp-removed"]),
    "ogp-identity": carrier(node, LETTERS["ogp-identity"]),
  };
}

function carrier(node: OgpNode, letter: Letter): Carrier {
  return {
    send: (entry, signal) => send(node, letter, entry, signal),
    settle: async (entry, state, answer) => {
      if (state === "queued") return;
      await exchanges(node.state).update(entry.to, (current) => {
        // What the peer refused, or the owner dropped, is not owed any more either.
        const version = state === "accepted" ? (answer as Told).told : current?.owed?.[letter.kind];
        if (version === undefined) return undefined;
        return { ...current, told: { ...current?.told, [letter.kind]: version } };
      });
    },
  };
}

async function send(
  node: OgpNode,
  letter: Letter,
  entry: OutboxEntry,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  // A decision writes what is owed before what it decides: only together they tell the truth.
  const { peer, told } = await deciding(node.state, async () => ({
    peer: await node.state.peers.get(entry.to),
    told: (await exchanges(node.state).get(entry.to))?.owed?.[letter.kind],
  }));
  // What is not true any more is settled without a word.
  if (!peer || !letter.isTrue(peer)) return { kind: "accepted", answer: { told } };
  const body = letter.body(node, peer);
  const outcome = await postFederation(peer.gatewayUrl, letter.path, body, { signal });
  if (outcome.kind === "accepted") {
    return { kind: "accepted", answer: { told, answer: outcome.answer } };
  }
  return letter.isDone?.(outcome) ? { kind: "accepted", answer: { told } } : outcome;
}
