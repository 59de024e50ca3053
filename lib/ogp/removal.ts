/**
 * The end of a federation, by the owner: it is ended here first, then the peer is told.
 *
 * @module
 */
import type { Outbox } from "../delivery/outbox.ts";
import { announce, dropAnnouncements, owe } from "./announce.ts";
import { cardOf } from "./approved_peer.ts";
import { ownKeyPrefix } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import type { OgpNode } from "./node.ts";
import { type Federation, findFederation } from "./peers.ts";
import type { OgpPeer } from "./records.ts";
import { signText } from "./signed_text.ts";
import { peerName } from "./state.ts";

export { type ReceivedRemoval, receiveRemoval, type ReceiveRemovalOptions } from "./removal_in.ts";
export { confirmRemovals } from "./removal_look.ts";

/**
 * Ends a federation. Its record stays, so that what the owner called the peer is there if they federate
 * again. The peer is told through the outbox, if it speaks a dialect that has words for it. Of a gateway
 * that only asked, or was only asked, the requests are forgotten; it may ask again at once.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param selector Which one, as `findFederation` takes it.
 * @returns The peer, removed. Removing it once more changes nothing.
 * @throws {MeshError} `not_found` or `ambiguous`.
 */
export async function removeFederation(
  node: OgpNode,
  outbox: Outbox,
  selector: string,
): Promise<OgpPeer> {
  const { peer, isTold } = await deciding(node.state, async () => {
    const found = await findFederation(node.state, selector);
    if (found.peer?.status === "approved") return await remove(node, found.peer);
    const peer = found.peer ?? strangerAsPeer(node, found);
    if (found.status !== "removed") await forgetRequests(node, found);
    return { peer, isTold: false };
  });
  await dropAnnouncements(outbox, peer.publicKey, ["approve", "identity"]);
  if (isTold) await announce(node, outbox, peer.publicKey, "removed");
  return peer;
}

/**
 * The body of `/federation/removed`, as of now.
 *
 * @param node This gateway.
 * @returns The body, signed.
 */
export function removalBody(node: OgpNode): Record<string, unknown> {
  const told = { peerId: ownKeyPrefix(node), timestamp: node.now().toISOString() };
  return { ...told, signature: signText(node.privateKey, JSON.stringify(told)) };
}

async function remove(
  node: OgpNode,
  { publicKey, id, displayName, dialect }: OgpPeer,
): Promise<{ peer: OgpPeer; isTold: boolean }> {
  const { state } = node;
  const isTold = dialect !== "0.2";
  await state.audit.decision({
    event: "peer.removed",
    peer: id,
    name: displayName,
    public_key: publicKey,
  });
  if (isTold) await owe(node, publicKey, "removed");
  const removedAt = node.now().toISOString();
  const peer = await state.peers.update(peerName(publicKey), (current) =>
    current && {
      ...current,
      status: "removed",
      removedAt,
      removedBy: "us",
      removalClaimedAt: undefined,
    });
  return { peer: peer as OgpPeer, isTold };
}

async function forgetRequests(
  { state }: OgpNode,
  { publicKey, id, displayName }: Federation,
): Promise<void> {
  await state.audit.decision({
    event: "ogp.request.forgotten",
    peer: id,
    name: displayName,
    public_key: publicKey,
  });
  await state.requestsIn.delete(peerName(publicKey));
  await state.requestsOut.delete(peerName(publicKey));
}

/** A gateway that never was a peer, in the words of those that were. */
function strangerAsPeer(node: OgpNode, found: Federation): OgpPeer {
  const now = node.now().toISOString();
  return {
    ...cardOf(found),
    id: found.id,
    alias: found.alias,
    tags: found.tags,
    status: "removed",
    asked: found.incoming ? "them" : "us",
    approvedAt: now,
    grants: null,
    removedAt: now,
    removedBy: "us",
  };
}
