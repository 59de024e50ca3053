/**
 * The last step of a request of ours: its gateway has approved us, so it is our peer, with the usual
 * grants.
 *
 * @module
 */
import { owe } from "./announce.ts";
import { approvedPeer, settleRequests } from "./approved_peer.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer, OutgoingRequest } from "./records.ts";
import { defaultGrants, type ScopeGrants } from "./scopes.ts";
import { peerName } from "./state.ts";

/** What became of an approval. `noted`: nothing was changed that counts. */
export interface ReceivedApproval {
  /** What it did. */
  readonly effect: "approved" | "rejected" | "grants" | "noted";
  /** The peer as it is now, if it is one. */
  readonly peer?: OgpPeer;
}

/**
 * Makes the peer of a request of ours that is pending. To be called inside the lock of decisions. That it
 * gets our grants in return is written down, and left to the caller.
 *
 * @param node This gateway.
 * @param request The request.
 * @param grantedToUs What the peer lets us do, if it said so under its signature.
 * @returns The peer.
 */
export async function completeRequest(
  node: OgpNode,
  request: OutgoingRequest,
  grantedToUs: ScopeGrants | undefined,
): Promise<OgpPeer> {
  const { state } = node;
  const now = node.now();
  const name = peerName(request.publicKey);
  const before = await state.peers.get(name);
  const peer = approvedPeer(request, before, {
    asked: "us",
    approvedAt: now.toISOString(),
    grants: defaultGrants(undefined, now),
    grantedToUs,
  });
  await state.audit.decision({
    event: "peer.approved_us",
    peer: peer.id,
    name: peer.displayName,
    gateway_url: peer.gatewayUrl,
    public_key: peer.publicKey,
    dialect: peer.dialect,
  });
  await owe(node, peer.publicKey, "approve");
  await state.peers.put(name, peer);
  await settleRequests(state, peer.publicKey);
  return peer;
}
