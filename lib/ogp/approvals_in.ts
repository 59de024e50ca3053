/**
 * Taking in approvals. Only a gateway that we asked can approve us, and from an approved peer an approval
 * changes nothing but what we know of its grants. What counts is what was signed, for us; the fields beside
 * it are for gateways of the other dialect.
 *
 * @module
 */
import type { Outbox } from "../delivery/outbox.ts";
import { httpStatusOf, MeshError } from "../error.ts";
import { announcementId, ANNOUNCEMENTS, dropAnnouncements } from "./announce.ts";
import { settleRequests } from "./approved_peer.ts";
import {
  type ClaimedApproval,
  claimedApprovalOf,
  type SignedApproval,
} from "./claimed_approval.ts";
import { ownKey } from "./card.ts";
import { completeRequest, type ReceivedApproval } from "./complete_request.ts";
import { deciding } from "./decision_lock.ts";
import { changeExchange, digestOf, readExchange } from "./exchange.ts";
import { baseUrl, ID_DIGITS } from "./names.ts";
import type { OgpNode } from "./node.ts";
import { listFederation } from "./peers.ts";
import type { OgpPeer, OutgoingRequest } from "./records.ts";
import { parseGrants } from "./scopes.ts";
import { peerName } from "./state.ts";
import { receiveUnsigned } from "./unsigned_approval.ts";

export type { ReceivedApproval } from "./complete_request.ts";

/** Where an approval came from, beside what it says itself. */
export interface ReceiveApprovalOptions {
  /** The address that it came from. */
  readonly source?: string | undefined;
}

/**
 * Takes an approval in. If it completes a request of ours, our own approval with the usual grants is
 * queued for the peer.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param bytes The body as received.
 * @param options Origin.
 * @returns What it did.
 * @throws {MeshError} for everything that is refused, written to the audit log: `not_found` for one whom
 * we did not ask, `refused` for one that shows another key than the gateway at its URL, `bad_signature`,
 * `wrong_recipient` for one that was signed for another gateway, `stale_timestamp`, `malformed`, `invalid_json`, `bad_key`; `unavailable` or `timeout` if an unsigned one
 * cannot be checked right now.
 */
export async function receiveApproval(
  node: OgpNode,
  outbox: Outbox,
  bytes: Uint8Array,
  options: ReceiveApprovalOptions = {},
): Promise<ReceivedApproval> {
  let claimed: ClaimedApproval | undefined;
  try {
    claimed = claimedApprovalOf(bytes, node.now());
    const received = claimed.signed
      ? await receiveSigned(node, claimed, claimed.signed)
      : await receiveUnsigned(node, claimed);
    if (received.effect === "approved" && received.peer) {
      await grantBack(outbox, received.peer.publicKey);
    }
    return received;
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "ogp.approval.refused",
        code: error.code,
        signed: claimed?.signed !== undefined,
        gateway_url: claimed?.fromGatewayUrl,
        public_key: claimed?.publicKey,
        source: options.source,
      });
    }
    throw error;
  }
}

/** Only queued: the peer may be waiting for our answer before it listens again. */
async function grantBack(outbox: Outbox, publicKey: string): Promise<void> {
  await dropAnnouncements(outbox, publicKey, ["removed"]);
  const id = announcementId("approve", publicKey);
  await outbox.add(id, ANNOUNCEMENTS.approve, peerName(publicKey));
}

async function receiveSigned(
  node: OgpNode,
  claimed: ClaimedApproval,
  { text, timestamp: at, isGenuine }: SignedApproval,
): Promise<ReceivedApproval> {
  const { publicKey } = claimed;
  if (!isGenuine) {
    await assertNoOther(node, claimed);
    throw new MeshError("bad_signature", "Signature verification failed: bad-signature");
  }
  const name = peerName(publicKey);
  const digest = await digestOf(text);
  return await deciding(node.state, async () => {
    const peer = await node.state.peers.get(name);
    const request = await node.state.requestsOut.get(name);
    const isPending = request?.status === "pending";
    if (peer?.status !== "approved" && !isPending) {
      await assertNoOther(node, claimed);
      throw new MeshError("not_found", "No pending peer found");
    }
    // A crash may have come between the peer's record and its request.
    if (peer?.status === "approved" && isPending) await settleRequests(node.state, publicKey);
    const { lastApproval } = await readExchange(node.state, publicKey);
    const isSame = lastApproval?.digest === digest;
    if (lastApproval && (isSame || Date.parse(at) < Date.parse(lastApproval.at))) {
      // The answer to the first one was perhaps lost. An older one is a replay, and must not bring back
      // a peer that was removed meanwhile, even if it is asked again.
      const current = peer?.status === "approved" ? { peer } : {};
      if (isSame || peer?.status === "approved") return { effect: "noted", ...current };
      throw new MeshError("stale_timestamp", "A later decision of this gateway was taken already");
    }
    assertForUs(node, claimed, peer?.status === "approved");
    const received = peer?.status === "approved"
      ? await takeGrants(node, claimed, peer)
      : await decided(node, claimed, request as OutgoingRequest);
    await changeExchange(node.state, publicKey, () => ({ lastApproval: { at, digest } }));
    return received;
  });
}

async function decided(
  node: OgpNode,
  claimed: ClaimedApproval,
  request: OutgoingRequest,
): Promise<ReceivedApproval> {
  if (claimed.approved) {
    const grants = readableGrants(claimed.scopeGrants);
    return { effect: "approved", peer: await completeRequest(node, request, grants) };
  }
  await node.state.audit.decision({
    event: "ogp.request.rejected_by_peer",
    peer: request.id,
    name: request.displayName,
    public_key: request.publicKey,
  });
  await node.state.requestsOut.put(peerName(request.publicKey), {
    ...request,
    status: "rejected",
  });
  return { effect: "rejected" };
}

/** From a peer that is approved already only its grants count. */
async function takeGrants(
  node: OgpNode,
  claimed: ClaimedApproval,
  peer: OgpPeer,
): Promise<ReceivedApproval> {
  if (!claimed.approved || claimed.scopeGrants === undefined) return { effect: "noted", peer };
  const grantedToUs = parseGrants(claimed.scopeGrants);
  const name = peerName(peer.publicKey);
  const changed = await node.state.peers.update(
    name,
    (current) => current?.status === "approved" ? { ...current, grantedToUs } : undefined,
  );
  return { effect: "grants", peer: changed ?? peer };
}

/** An approval is an approval, even if its grants are in a form of tomorrow. */
function readableGrants(value: unknown): OgpPeer["grantedToUs"] {
  try {
    return value === undefined ? undefined : parseGrants(value);
  } catch (error) {
    if (error instanceof MeshError) return undefined;
    throw error;
  }
}

/**
 * Whoever got the gateway's word could show it to us as well. Only a word to a peer may be silent about whom
 * it is for: that is how 0.7 gives grants back.
 */
function assertForUs(node: OgpNode, { peerId }: ClaimedApproval, isPeer: boolean): void {
  const named = peerId?.toLowerCase() ?? "";
  if (named.length >= ID_DIGITS && ownKey(node).startsWith(named)) return;
  if (isPeer && peerId === undefined) return;
  throw new MeshError("wrong_recipient", "The approval is not for this gateway");
}

/** If we know a gateway at the URL that it names, it must not show another key than that one. */
async function assertNoOther(
  node: OgpNode,
  { fromGatewayUrl, publicKey }: ClaimedApproval,
): Promise<void> {
  if (fromGatewayUrl === undefined) return;
  const url = baseUrl(fromGatewayUrl);
  const isOther = (await listFederation(node.state)).some((one) =>
    one.publicKey !== publicKey && one.status !== "rejected" && baseUrl(one.gatewayUrl) === url
  );
  if (!isOther) return;
  throw new MeshError("refused", "fromPublicKey does not match stored peer publicKey");
}
