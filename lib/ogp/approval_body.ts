/**
 * The body of `/federation/approve` as both dialects read it: the fields as 0.2 has them, and the same
 * fields as a signed text for 0.7, which calls the peer by its key.
 *
 * @module
 */
import { goesBy } from "./approved_peer.ts";
import { ownPeer } from "./card.ts";
import { keyId } from "./names.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer, PeerCard } from "./records.ts";
import type { ScopeGrants } from "./scopes.ts";
import { signText } from "./signed_text.ts";

/** The feature by which a card tells that a signed `approved: false` is taken for what it is. */
export const SIGNED_REJECTIONS = "signed-rejections";

/** What is said. */
export interface ApprovalWords {
  /** Yes or no. */
  readonly approved: boolean;
  /** What the peer may do; left out for a v0.1 peer. */
  readonly grants?: ScopeGrants | null;
}

/** The version of the approval's form, in both dialects. */
const FORM = "0.2.0";

/**
 * Makes and signs the body, as of now.
 *
 * @param node This gateway.
 * @param peer To whom.
 * @param words What is said.
 * @returns The body.
 */
export function approvalBody(
  node: OgpNode,
  peer: PeerCard & Pick<OgpPeer, "dialect" | "knowsUsAs" | "claimedId">,
  { approved, grants }: ApprovalWords,
): Record<string, unknown> {
  const own = ownPeer(node);
  const fields = {
    peerId: goesBy(peer),
    approved,
    fromGatewayId: peer.knowsUsAs ?? own.id,
    fromDisplayName: own.displayName,
    fromGatewayUrl: own.gatewayUrl,
    fromPublicKey: own.publicKey,
    fromEmail: own.email,
    timestamp: node.now().toISOString(),
    nonce: crypto.randomUUID(),
    protocolVersion: FORM,
    ...(grants ? { scopeGrants: grants } : {}),
  };
  // What a 0.2 gateway calls itself is its own choice, and may be another one's name. That one must not be
  // able to take our signature for a word to it.
  const payloadStr = JSON.stringify({ ...fields, peerId: keyId(peer.publicKey) });
  return { ...fields, payloadStr, signature: signText(node.privateKey, payloadStr) };
}
