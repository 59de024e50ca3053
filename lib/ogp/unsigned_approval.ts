/**
 * Approvals that nobody signed, as OGP 0.2 sends them: anybody can send one. It may only complete a
 * request of ours, never changes a key, and counts only after the gateway that we asked showed that key
 * once more, as one that speaks 0.2. Nothing else in it is looked at.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { fetchCard } from "./card.ts";
import type { ClaimedApproval } from "./claimed_approval.ts";
import { completeRequest, type ReceivedApproval } from "./complete_request.ts";
import { deciding } from "./decision_lock.ts";
import type { OgpNode } from "./node.ts";
import type { OutgoingRequest } from "./records.ts";
import { peerName } from "./state.ts";

/** Milliseconds for the look at the gateway; the sender waits meanwhile. */
const PATIENCE = 4000;

/**
 * Takes an unsigned approval or rejection in.
 *
 * @param node This gateway.
 * @param claimed The approval.
 * @returns What it did.
 * @throws {MeshError} `not_found` for one whom we did not ask, `bad_signature` for one that should have
 * signed, `refused` if the gateway shows another key, `unavailable` or `timeout` if it does not answer.
 */
export async function receiveUnsigned(
  node: OgpNode,
  { publicKey, approved }: ClaimedApproval,
): Promise<ReceivedApproval> {
  const name = peerName(publicKey);
  const peer = await node.state.peers.get(name);
  const request = await pendingRequest(node, name);
  if (peer?.status === "approved") {
    if (peer.dialect !== "0.2") throw unsigned();
    // That is how 0.2 grants back. What it grants is nowhere proven, so nothing is kept of it.
    return { effect: "noted", peer };
  }
  if (!request) throw new MeshError("not_found", "No pending peer found");
  if (!approved) return await noteRejection(node, name);
  await assertShows(request);
  return await deciding(node.state, async () => {
    const current = await pendingRequest(node, name);
    if (!current || current.gatewayUrl !== request.gatewayUrl) {
      throw new MeshError("not_found", "No pending peer found");
    }
    return { effect: "approved", peer: await completeRequest(node, current, undefined) };
  });
}

async function pendingRequest(node: OgpNode, name: string): Promise<OutgoingRequest | undefined> {
  const request = await node.state.requestsOut.get(name);
  return request?.status === "pending" ? request : undefined;
}

/** The owner sees it; our request stays as it is. */
async function noteRejection(node: OgpNode, name: string): Promise<ReceivedApproval> {
  const rejectionClaimedAt = node.now().toISOString();
  await node.state.requestsOut.update(
    name,
    (request) =>
      request?.status === "pending" && request.rejectionClaimedAt === undefined
        ? { ...request, rejectionClaimedAt }
        : undefined,
  );
  return { effect: "noted" };
}

/** The gateway at the URL that we asked must show the key that we asked, now. */
async function assertShows(request: OutgoingRequest): Promise<void> {
  const { card, dialect } = await fetchCard(request.gatewayUrl, { timeoutMs: PATIENCE });
  if (card.publicKey !== request.publicKey) {
    throw new MeshError("refused", "The gateway that we asked shows another key now");
  }
  if (dialect !== "0.2") throw unsigned();
}

function unsigned(): MeshError {
  return new MeshError("bad_signature", "Signature verification failed: missing-signature");
}
