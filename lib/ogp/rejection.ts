/**
 * The owner's no to a request, of a stranger's or of ours.
 *
 * @module
 */
import type { Outbox } from "../delivery/outbox.ts";
import { isPaused } from "../delivery/pause.ts";
import { MeshError } from "../error.ts";
import { dropAnnouncements } from "./announce.ts";
import { approvalBody, SIGNED_REJECTIONS } from "./approval_body.ts";
import { fetchCard } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import type { OgpNode } from "./node.ts";
import { type Federation, findFederation } from "./peers.ts";
import { postFederation } from "./post_federation.ts";
import type { IncomingRequest } from "./records.ts";
import type { RejectedRequest } from "./requests_in.ts";
import { peerName } from "./state.ts";

/** Milliseconds that telling may take, for each of its two steps. */
const PATIENCE = 3000;

/**
 * Rejects a request that waits for the owner, or withdraws one of ours that waits for theirs. A gateway
 * whose card says that it understands signed rejections is told, once; the originals are not, since they
 * take any signed answer for an approval.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param selector Which one, as `findFederation` takes it.
 * @returns The gateway as it stands now.
 * @throws {MeshError} `not_found`, `ambiguous`, or `exists` if it is approved already.
 */
export async function rejectFederation(
  node: OgpNode,
  outbox: Outbox,
  selector: string,
): Promise<Federation> {
  const found = await deciding(node.state, () => reject(node, selector));
  await dropAnnouncements(outbox, found.publicKey, ["approve"]);
  if (found.incoming?.status === "pending") await tell(node, found.incoming);
  return await findFederation(node.state, found.publicKey);
}

async function reject(node: OgpNode, selector: string): Promise<Federation> {
  const found = await findPending(node, selector);
  const { state } = node;
  const name = peerName(found.publicKey);
  await state.audit.decision({
    event: found.incoming?.status === "pending" ? "ogp.request.rejected" : "ogp.request.withdrawn",
    peer: found.id,
    name: found.displayName,
    public_key: found.publicKey,
  });
  const rejectedAt = node.now().toISOString();
  await state.requestsIn.update(
    name,
    (request): RejectedRequest | undefined =>
      request?.status === "pending" ? { ...request, status: "rejected", rejectedAt } : undefined,
  );
  await state.requestsOut.update(
    name,
    (request) => request?.status === "pending" ? { ...request, status: "rejected" } : undefined,
  );
  return found;
}

async function findPending(node: OgpNode, selector: string): Promise<Federation> {
  try {
    return await findFederation(node.state, selector, {
      among: ({ status }) => status === "pending",
      what: "federation request",
    });
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "not_found") throw error;
    const other = await findFederation(node.state, selector).catch(() => undefined);
    if (other?.status !== "approved") throw error;
    const name = other.alias ?? other.displayName;
    throw new MeshError("exists", `"${name}" is approved already`, {
      hint: `mesh ogp federation remove ${other.id}`,
    });
  }
}

/** Best effort: the request is rejected here, whatever its sender knows of it. */
async function tell(node: OgpNode, request: IncomingRequest): Promise<void> {
  try {
    if (!node.config.gatewayUrl || await isPaused(node.state.store)) return;
    const { card, features } = await fetchCard(request.gatewayUrl, { timeoutMs: PATIENCE });
    if (card.publicKey !== request.publicKey || !features.includes(SIGNED_REJECTIONS)) return;
    const body = approvalBody(node, request, { approved: false });
    await postFederation(request.gatewayUrl, "/federation/approve", body, { timeoutMs: PATIENCE });
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
  }
}
