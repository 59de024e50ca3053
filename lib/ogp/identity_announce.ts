/**
 * Telling peers how we call ourselves and where we listen, once that has changed.
 *
 * @module
 */
import type { Outbox } from "../delivery/outbox.ts";
import { announcementId, ANNOUNCEMENTS, owe } from "./announce.ts";
import { ownKeyPrefix, ownPeer, requireGatewayUrl } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import { digestOf, readExchange } from "./exchange.ts";
import type { OgpNode } from "./node.ts";
import { signText } from "./signed_text.ts";
import { peerName } from "./state.ts";

/**
 * Queues an identity update to every approved peer whose dialect has one and that was not told the same
 * the last time.
 *
 * @param node This gateway, opened after the change.
 * @param outbox Its outbox.
 * @returns To how many peers.
 * @throws {MeshError} `config_invalid` if we have no URL.
 */
export async function announceIdentity(node: OgpNode, outbox: Outbox): Promise<number> {
  requireGatewayUrl(node);
  const version = await digestOf(JSON.stringify(ownIdentity(node)));
  const { entries } = await node.state.peers.list();
  let queued = 0;
  for (const { value: peer } of entries) {
    if (peer.status !== "approved" || peer.dialect === "0.2") continue;
    const { publicKey } = peer;
    const owed = await deciding(node.state, async () => {
      const { told } = await readExchange(node.state, publicKey);
      const current = await node.index.get(publicKey);
      if (told?.identity === version || current?.status !== "approved") return false;
      await owe(node, publicKey, "identity", version);
      return true;
    });
    if (!owed) continue;
    const id = announcementId("identity", publicKey);
    await outbox.add(id, ANNOUNCEMENTS.identity, peerName(publicKey));
    queued++;
  }
  return queued;
}

/**
 * The body of `/federation/update-identity`, as of now. The time in it makes each one different, so that
 * a name that comes back is not taken for an old one.
 *
 * @param node This gateway.
 * @returns The body, signed.
 */
export function identityBody(node: OgpNode): Record<string, unknown> {
  const identity = { ...ownIdentity(node), timestamp: node.now().toISOString() };
  return { identity, signature: signText(node.privateKey, JSON.stringify(identity)) };
}

function ownIdentity(node: OgpNode): Record<string, unknown> {
  return { ...ownPeer(node), id: ownKeyPrefix(node) };
}
