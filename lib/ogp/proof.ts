/**
 * Proofs of identity as OGP 0.7 shows them with a question for our card: `X-OGP-Peer-ID`,
 * `X-OGP-Timestamp` and `X-OGP-Signature`. They are signed like a removal, without saying to whom, so each
 * that we are shown is remembered for as long as it could be taken for a removal.
 *
 * @module
 */
import { publicKeyFromDerHex } from "../identity/keys.ts";
import { FRESH_WITHIN, parseTimestamp } from "../signing/freshness.ts";
import { changeExchange, digestOf, readExchange } from "./exchange.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer } from "./records.ts";
import { verifyText } from "./signed_text.ts";

/** Who says that it is it. */
export interface PeerProof {
  /** What it calls itself. */
  readonly peerId: string;
  /** When it signed, ISO 8601. */
  readonly timestamp: string;
  /** Its signature over both. */
  readonly signature: string;
}

/** Most proofs of a peer that are remembered; one that shows more cannot remove us for a while. */
const MOST = 200;

/** Milliseconds by which a proof is remembered beyond its time. */
const MARGIN = 60_000;

/** Longest header that is looked at. */
const LONGEST = 300;

/**
 * Verifies a proof and remembers it, so that it can never count as a removal.
 *
 * @param node This gateway.
 * @param proof The proof.
 * @returns The approved peer that it proves, `undefined` if it proves nothing, or is not fresh.
 */
export async function verifyProof(
  node: OgpNode,
  proof: PeerProof,
): Promise<OgpPeer | undefined> {
  if (Object.values(proof).some((text) => text.length > LONGEST)) return undefined;
  const at = parseTimestamp(proof.timestamp)?.getTime();
  const now = node.now().getTime();
  // One that is too early becomes fresh some day.
  if (at === undefined || now - at > FRESH_WITHIN) return undefined;
  const signer = await signerOf(node, proof);
  if (!signer) return undefined;
  await remember(node, signer.publicKey, proof, at);
  const isFresh = at - now <= FRESH_WITHIN;
  return signer.status === "approved" && isFresh ? signer : undefined;
}

/**
 * The peer, approved or removed, that signed a proof or a removal.
 *
 * @param node This gateway.
 * @param proof What it signed.
 * @returns The peer, if there is one.
 */
export async function signerOf(
  node: Pick<OgpNode, "index">,
  { peerId, timestamp, signature }: PeerProof,
): Promise<OgpPeer | undefined> {
  const text = signedText({ peerId, timestamp });
  const candidates = await node.index.candidates(peerId);
  return candidates.find((peer) =>
    verifyText(publicKeyFromDerHex(peer.publicKey), text, signature)
  );
}

/**
 * Whether something that is signed like a proof was shown to us as one.
 *
 * @param node This gateway.
 * @param publicKey The signer's key.
 * @param proof What it signed.
 * @returns `true` also if the peer showed more proofs than could be remembered.
 */
export async function wasProof(
  node: OgpNode,
  publicKey: string,
  proof: PeerProof,
): Promise<boolean> {
  const { proofs = [], proofsOverflowUntil } = await readExchange(node.state, publicKey);
  if (proofsOverflowUntil && node.now().getTime() < Date.parse(proofsOverflowUntil)) return true;
  const digest = await digestOf(signedText(proof));
  return proofs.some((seen) => seen.digest === digest);
}

async function remember(
  node: OgpNode,
  publicKey: string,
  proof: PeerProof,
  at: number,
): Promise<void> {
  const digest = await digestOf(signedText(proof));
  const now = node.now().getTime();
  const until = new Date(at + FRESH_WITHIN + MARGIN).toISOString();
  await changeExchange(node.state, publicKey, ({ proofs = [], proofsOverflowUntil }) => {
    if (proofs.some((seen) => seen.digest === digest)) return undefined;
    const current = proofs.filter((seen) => Date.parse(seen.until) >= now);
    if (current.length < MOST) return { proofs: [...current, { digest, until }] };
    const latest = [proofsOverflowUntil ?? until, until].sort().at(-1);
    return { proofs: current, proofsOverflowUntil: latest };
  });
}

function signedText({ peerId, timestamp }: Pick<PeerProof, "peerId" | "timestamp">): string {
  return JSON.stringify({ peerId, timestamp });
}
