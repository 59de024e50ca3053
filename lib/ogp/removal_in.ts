/**
 * A peer says that it has removed us. Its words are signed like a proof of identity, which anybody may
 * have been shown, so nothing ends before the peer's own gateway shows that it is so.
 *
 * @module
 */
import { httpStatusOf, MeshError } from "../error.ts";
import { assertFresh } from "../signing/freshness.ts";
import { readDocument } from "../signing/read_document.ts";
import { deciding } from "./decision_lock.ts";
import type { OgpNode } from "./node.ts";
import { type PeerProof, signerOf, wasProof } from "./proof.ts";
import type { OgpPeer } from "./records.ts";
import { confirmRemoval } from "./removal_look.ts";
import { peerName } from "./state.ts";

/** Where a removal came from, beside what it says itself. */
export interface ReceiveRemovalOptions {
  /** The address that it came from. */
  readonly source?: string | undefined;
}

/** What became of a removal. */
export interface ReceivedRemoval {
  /** The peer as it is now; `removalClaimedAt` is a warning for the owner. */
  readonly peer: OgpPeer;
  /** Whether the federation has ended; else its gateway is asked again later. */
  readonly confirmed: boolean;
}

/** Longest text of a field. */
const LONGEST = 300;

/**
 * Takes a removal in.
 *
 * @param node This gateway.
 * @param bytes The body as received.
 * @param options Origin.
 * @returns What became of it.
 * @throws {MeshError} for everything that is refused, written to the audit log: `invalid_json`,
 * `malformed` or `stale_timestamp` (400), `refused` (403) for a signature that is not the peer's or was
 * shown as a proof, `not_found` (404), `rate_limited`.
 */
export async function receiveRemoval(
  node: OgpNode,
  bytes: Uint8Array,
  options: ReceiveRemovalOptions = {},
): Promise<ReceivedRemoval> {
  let peerId: string | undefined;
  try {
    const removal = removalOf(bytes);
    peerId = removal.peerId;
    const signer = await removerOf(node, removal);
    if (signer.status === "removed") return { peer: signer, confirmed: true };
    const claimed = await claim(node, signer, options.source);
    if (claimed.status === "removed") return { peer: claimed, confirmed: true };
    const peer = await confirmRemoval(node, claimed);
    return { peer, confirmed: peer.status === "removed" };
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "ogp.removal.refused",
        code: error.code,
        peer: peerId,
        source: options.source,
      });
    }
    throw error;
  }
}

function removalOf(bytes: Uint8Array): PeerProof {
  const body = readDocument(bytes);
  const field = (name: string) => {
    const value = body.get(name);
    if (typeof value === "string" && value !== "" && value.length <= LONGEST) return value;
    throw new MeshError("malformed", "Missing required fields: peerId, timestamp, signature");
  };
  return { peerId: field("peerId"), timestamp: field("timestamp"), signature: field("signature") };
}

async function removerOf(node: OgpNode, removal: PeerProof): Promise<OgpPeer> {
  const known = await node.index.candidates(removal.peerId);
  if (known.length === 0) throw new MeshError("not_found", "Unknown peer");
  const signer = await signerOf(node, removal);
  if (!signer) throw new MeshError("refused", "Invalid signature");
  assertFresh(removal.timestamp, node.now());
  if (await wasProof(node, signer.publicKey, removal)) {
    throw new MeshError("refused", "What was shown as a proof of identity is no removal");
  }
  return signer;
}

/** Written down before the peer is asked, so that a crash leaves the owner a warning. */
async function claim(
  node: OgpNode,
  signer: OgpPeer,
  source: string | undefined,
): Promise<OgpPeer> {
  return await deciding(node.state, async () => {
    const name = peerName(signer.publicKey);
    const current = await node.state.peers.get(name);
    if (current?.status !== "approved" || current.removalClaimedAt) return current ?? signer;
    await node.state.audit.decision({
      event: "peer.removal_claimed",
      peer: current.id,
      name: current.displayName,
      public_key: current.publicKey,
      source,
    });
    const claimed = { ...current, removalClaimedAt: node.now().toISOString() };
    await node.state.peers.put(name, claimed);
    return claimed;
  });
}
