/**
 * Looking whether a peer has removed us: its own gateway is sent a harmless message, and only its refusal
 * in the protocol's words counts.
 *
 * @module
 */
import { isPaused } from "../delivery/pause.ts";
import { MeshError } from "../error.ts";
import { postJson } from "../net/post.ts";
import { ownKeyPrefix } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import { changeExchange, readExchange } from "./exchange.ts";
import { keyId } from "./names.ts";
import type { OgpNode } from "./node.ts";
import { federationUrl, parseAnswer } from "./post_federation.ts";
import type { OgpPeer } from "./records.ts";
import { signText } from "./signed_text.ts";
import { peerName } from "./state.ts";

/** Milliseconds that a look may take: the peer waits for our answer meanwhile. */
const PATIENCE = 3000;

/** Milliseconds between the first looks; later ones are as far apart as the claim is old. */
const FIRST_WAIT = 60_000;

/** Milliseconds after which a claim that was never confirmed is dropped. */
const GIVE_UP_AFTER = 24 * 3_600_000;

/** The intent that is sent: nobody grants or handles it. */
const HARMLESS = "mesh.ping";

/** How OGP says that it does not take us as approved. */
const NOT_APPROVED = /^(Unknown peer|Peer not approved)\b/;

/**
 * Looks at the removals that were claimed and not confirmed yet: each after a minute, then less and less
 * often, for a day. Does nothing while everything outgoing is paused.
 *
 * @param node This gateway.
 * @returns The peers whose removal is confirmed now.
 */
export async function confirmRemovals(node: OgpNode): Promise<OgpPeer[]> {
  if (await isPaused(node.state.store)) return [];
  const { entries } = await node.state.peers.list();
  const confirmed: OgpPeer[] = [];
  for (const { value: peer } of entries) {
    const { status, removalClaimedAt } = peer;
    if (status !== "approved" || removalClaimedAt === undefined) continue;
    const age = node.now().getTime() - Date.parse(removalClaimedAt);
    if (!(age < GIVE_UP_AFTER)) await dropClaim(node, peer);
    else if (await isDue(node, peer, Date.parse(removalClaimedAt))) {
      const looked = await confirmRemoval(node, peer);
      if (looked.status === "removed") confirmed.push(looked);
    }
  }
  return confirmed;
}

/**
 * Looks once whether a peer has removed us, and ends the federation if it has.
 *
 * @param node This gateway.
 * @param peer The peer, with a removal that it claimed.
 * @returns The peer as it is now; as it was while everything outgoing is paused.
 */
export async function confirmRemoval(node: OgpNode, peer: OgpPeer): Promise<OgpPeer> {
  if (await isPaused(node.state.store)) return peer;
  const removalLookedAt = node.now().toISOString();
  const hasRemovedUs = await looksRemoved(node, peer);
  await changeExchange(node.state, peer.publicKey, () => ({ removalLookedAt }));
  if (!hasRemovedUs) return peer;
  return await deciding(node.state, async () => {
    const name = peerName(peer.publicKey);
    const current = await node.state.peers.get(name);
    // Meanwhile the owner may have decided something else.
    if (current?.status !== "approved" || current.removalClaimedAt !== peer.removalClaimedAt) {
      return current ?? peer;
    }
    await node.state.audit.decision({
      event: "peer.removed_us",
      peer: current.id,
      name: current.displayName,
      public_key: current.publicKey,
    });
    const removed: OgpPeer = {
      ...current,
      status: "removed",
      removedAt: node.now().toISOString(),
      removedBy: "them",
      removalClaimedAt: undefined,
    };
    await node.state.peers.put(name, removed);
    return removed;
  });
}

async function looksRemoved(node: OgpNode, peer: OgpPeer): Promise<boolean> {
  try {
    const url = federationUrl(peer.gatewayUrl, "/federation/message");
    const answer = await postJson(url, harmlessMessage(node, peer), { timeoutMs: PATIENCE });
    if (answer.status !== 403 && answer.status !== 400) return false;
    const body = parseAnswer(answer.body);
    return typeof body?.error === "string" && NOT_APPROVED.test(body.error);
  } catch (error) {
    if (error instanceof MeshError) return false;
    throw error;
  }
}

function harmlessMessage(node: OgpNode, peer: OgpPeer): string {
  const message = {
    intent: HARMLESS,
    from: peer.knowsUsAs ?? ownKeyPrefix(node),
    to: keyId(peer.publicKey),
    nonce: crypto.randomUUID(),
    timestamp: node.now().toISOString(),
    payload: {},
  };
  const messageStr = JSON.stringify(message);
  const signature = signText(node.privateKey, messageStr);
  return JSON.stringify({ message, messageStr, signature });
}

async function isDue(node: OgpNode, peer: OgpPeer, claimedAt: number): Promise<boolean> {
  const { removalLookedAt } = await readExchange(node.state, peer.publicKey);
  // What was looked at before this claim was another one.
  const lookedAt = Math.max(Date.parse(removalLookedAt ?? "") || 0, claimedAt);
  const wait = Math.max(FIRST_WAIT, lookedAt - claimedAt);
  return node.now().getTime() - lookedAt >= wait;
}

async function dropClaim(node: OgpNode, peer: OgpPeer): Promise<void> {
  await deciding(node.state, async () => {
    await node.state.audit.decision({
      event: "peer.removal_not_confirmed",
      peer: peer.id,
      name: peer.displayName,
      public_key: peer.publicKey,
    });
    await node.state.peers.update(
      peerName(peer.publicKey),
      (current) =>
        current?.status === "approved" && current.removalClaimedAt === peer.removalClaimedAt
          ? { ...current, removalClaimedAt: undefined }
          : undefined,
    );
  });
}
