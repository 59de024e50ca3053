/**
 * Asking the owner about a message: the record by which it is found, decided and forgotten.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { compositeId } from "../../store/composite_id.ts";
import type { IncomingMessage } from "../incoming.ts";
import type { OgpNode } from "../node.ts";
import { type OgpState, peerName } from "../state.ts";
import { approvals, DECIDE_WITHIN, MOST_WAITING } from "./record.ts";

/**
 * Refuses a further message if too many of its sender wait for the owner: deciding is a person's work.
 *
 * @param state The state.
 * @param publicKey The sender's key.
 * @throws {MeshError} `rate_limited`.
 */
export async function assertRoomToAsk(
  state: Pick<OgpState, "store">,
  publicKey: string,
): Promise<void> {
  const records = approvals(state);
  const ending = compositeId("", peerName(publicKey).slice(0, 16));
  let waiting = 0;
  for (const id of await records.ids()) {
    if (!id.endsWith(ending)) continue;
    if ((await records.get(id))?.status === "pending") waiting++;
  }
  if (waiting < MOST_WAITING) return;
  throw new MeshError("rate_limited", "Too many of your messages wait for the owner", {
    retryAfter: 3600,
  });
}

/**
 * Asks the owner about a message that is stored. Asking again changes nothing.
 *
 * @param node This gateway.
 * @param message The message.
 */
export async function askOwner(
  { state }: Pick<OgpNode, "state">,
  { name, nonce, publicKey, receivedAt }: Pick<
    IncomingMessage,
    "name" | "nonce" | "publicKey" | "receivedAt"
  >,
): Promise<void> {
  await approvals(state).create(name, {
    nonce,
    publicKey,
    status: "pending",
    askedAt: receivedAt.toISOString(),
    expiresAt: new Date(receivedAt.getTime() + DECIDE_WITHIN).toISOString(),
  });
}
