/**
 * Gateways as `--json` prints them.
 *
 * @module
 */
import { fingerprintOf } from "../../../lib/identity/fingerprint.ts";
import { publicKeyFromDerHex } from "../../../lib/identity/keys.ts";
import type { Federation } from "../../../lib/ogp/peers.ts";
import type { OgpPeer, PeerHealth } from "../../../lib/ogp/records.ts";
import { type OgpState, peerName } from "../../../lib/ogp/state.ts";

/**
 * A gateway for programs: `id, alias, displayName, gatewayUrl, publicKey, status` are always there.
 *
 * @param federation The gateway.
 * @param health How it was when it was last looked at.
 * @returns The document; what is not known is left out, a missing alias is `null`.
 */
export async function peerDocument(
  federation: Federation,
  health?: PeerHealth,
): Promise<Record<string, unknown>> {
  const { peer, incoming, outgoing } = federation;
  const record = peer ?? incoming ?? outgoing;
  return {
    id: federation.id,
    alias: federation.alias ?? null,
    displayName: federation.displayName,
    gatewayUrl: federation.gatewayUrl,
    publicKey: federation.publicKey,
    fingerprint: await keyFingerprint(federation.publicKey),
    status: federation.status,
    direction: federation.direction,
    tags: federation.tags,
    email: federation.email,
    humanName: federation.humanName,
    agentName: federation.agentName,
    organization: federation.organization,
    dialect: record?.dialect,
    knowsUsAs: record?.knowsUsAs,
    approvedAt: peer?.approvedAt,
    removedAt: peer?.removedAt,
    removedBy: peer?.removedBy,
    removalClaimedAt: peer?.removalClaimedAt,
    receivedAt: incoming?.receivedAt,
    source: incoming?.source,
    offeredIntents: incoming?.offeredIntents,
    claimsUrlOf: incoming?.claimsUrlOf,
    requestedAt: outgoing?.requestedAt,
    rejectionClaimedAt: outgoing?.rejectionClaimedAt,
    grants: peer?.grants,
    grantedToUs: peer?.grantedToUs,
    health: peer ? health ?? null : undefined,
  };
}

/**
 * A peer's record, where there is nothing else to tell about it.
 *
 * @param peer The record.
 * @returns The gateway.
 */
export function federationOfPeer(peer: OgpPeer): Federation {
  return { ...peer, tags: peer.tags ?? [], peer };
}

/**
 * The fingerprint of a key, the same as Agent Mesh V1 shows for it.
 *
 * @param publicKey The key as DER.
 * @returns `sha256:` and 64 hex digits; `unknown` for what is no key, in a record that was edited.
 */
export async function keyFingerprint(publicKey: string): Promise<string> {
  try {
    return await fingerprintOf(publicKeyFromDerHex(publicKey).pem);
  } catch {
    return "unknown";
  }
}

/**
 * How all peers were when they were last looked at.
 *
 * @param state The state.
 * @returns The health of a key, if it is known.
 */
export async function readAllHealth(
  state: OgpState,
): Promise<(publicKey: string) => PeerHealth | undefined> {
  const { entries } = await state.health.list();
  const all = new Map(entries.map(({ id, value }) => [id, value]));
  return (publicKey) => all.get(peerName(publicKey));
}
