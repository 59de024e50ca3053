/**
 * Which peers a stranger could be taken for: it claims the URL or the id of an approved peer, or its key
 * begins as that peer's does.
 *
 * @module
 */
import { goesBy } from "./approved_peer.ts";
import type { ClaimedRequest } from "./claimed_request.ts";
import { baseUrl, hostPort, keyId } from "./names.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer } from "./records.ts";

/**
 * The approved peers that have another key and what a request claims.
 *
 * @param node This gateway.
 * @param request The request.
 * @returns Their ids, `undefined` if there are none.
 */
export async function claimsUrlOf(
  node: Pick<OgpNode, "index">,
  { card, claimedId }: Pick<ClaimedRequest, "card" | "claimedId">,
): Promise<string[] | undefined> {
  const { publicKey, gatewayUrl } = card;
  const names = [keyId(publicKey), hostPort(gatewayUrl), ...(claimedId ? [claimedId] : [])];
  const similar = (await Promise.all(names.map((name) => node.index.candidates(name)))).flat();
  const claimed = similar.filter((peer) =>
    peer.status === "approved" && peer.publicKey !== publicKey &&
    (baseUrl(peer.gatewayUrl) === baseUrl(gatewayUrl) || goesByOneOf(peer, claimedId) ||
      keyId(peer.publicKey) === keyId(publicKey))
  );
  return claimed.length === 0 ? undefined : [...new Set(claimed.map(({ id }) => id))].sort();
}

function goesByOneOf(peer: OgpPeer, claimedId: string | undefined): boolean {
  // OGP 0.7 writes the first digits of its key there, which say nothing.
  if (claimedId === undefined || peer.publicKey.startsWith(claimedId)) return false;
  return [peer.id, peer.alias, goesBy(peer), hostPort(peer.gatewayUrl)].includes(claimedId);
}
