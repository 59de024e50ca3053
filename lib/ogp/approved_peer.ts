/**
 * Peers as they are stored once they are approved, out of the request that was approved.
 *
 * @module
 */
import { hostPort, keyId } from "./names.ts";
import type { IncomingRequest, OgpPeer, OutgoingRequest, PeerCard } from "./records.ts";
import type { OgpState } from "./state.ts";
import { peerName } from "./state.ts";

/** What is decided about the peer. */
export type Approval = Pick<OgpPeer, "asked" | "approvedAt" | "grants" | "grantedToUs">;

/**
 * The record of an approved peer. What the owner once called it stays.
 *
 * @param request The request that was approved.
 * @param before Its record as a removed peer, if there is one.
 * @param approval What is decided.
 * @returns The record.
 */
export function approvedPeer(
  request: IncomingRequest | OutgoingRequest,
  before: OgpPeer | undefined,
  approval: Approval,
): OgpPeer {
  return {
    ...cardOf(request),
    id: before?.id ?? request.id,
    alias: before?.alias ?? request.alias,
    tags: before?.tags ?? request.tags,
    dialect: request.dialect,
    knowsUsAs: request.knowsUsAs,
    nameIsOurs: request.nameIsOurs,
    claimedId: request.claimedId,
    status: "approved",
    ...approval,
  };
}

/**
 * What a record says about the gateway itself.
 *
 * @param record Any record about a gateway.
 * @returns Its card.
 */
export function cardOf(record: PeerCard): PeerCard {
  const { publicKey, displayName, gatewayUrl, email, humanName, agentName, organization } = record;
  return { publicKey, displayName, gatewayUrl, email, humanName, agentName, organization };
}

/**
 * What a peer goes by: the id that it expects to be called by in an approval.
 *
 * @param peer The peer's record.
 * @returns The id that it claimed or `host:port` for a 0.2 peer, else the first 32 digits of its key.
 */
export function goesBy(peer: PeerCard & Pick<OgpPeer, "dialect" | "claimedId">): string {
  if (peer.dialect !== "0.2") return keyId(peer.publicKey);
  return peer.claimedId ?? hostPort(peer.gatewayUrl);
}

/**
 * Marks the requests between us and a peer as approved: they wait for nobody any more.
 *
 * @param state The state.
 * @param publicKey The peer's key.
 */
export async function settleRequests(state: OgpState, publicKey: string): Promise<void> {
  const name = peerName(publicKey);
  const approved = { status: "approved" } as const;
  await state.requestsIn.update(
    name,
    (request) => request?.status === "pending" ? { ...request, ...approved } : undefined,
  );
  await state.requestsOut.update(
    name,
    (request) =>
      request?.status === "pending"
        ? { ...request, ...approved, rejectionClaimedAt: undefined }
        : undefined,
  );
}
