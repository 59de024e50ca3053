/**
 * A peer calls itself something else, or listens somewhere else. The key that it is stays what it was.
 *
 * @module
 */
import { httpStatusOf, MeshError } from "../error.ts";
import { publicKeyFromDerHex } from "../identity/keys.ts";
import { assertFresh } from "../signing/freshness.ts";
import { JsonObject } from "../signing/json.ts";
import { toPlain } from "../signing/json_plain.ts";
import { readDocument } from "../signing/read_document.ts";
import { fetchCard, peerCardOf } from "./card.ts";
import { deciding } from "./decision_lock.ts";
import { changeExchange, digestOf, readExchange } from "./exchange.ts";
import { hostPort } from "./names.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer, PeerCard } from "./records.ts";
import { signedTextOf, verifyText } from "./signed_text.ts";
import { peerName } from "./state.ts";

export { announceIdentity } from "./identity_announce.ts";

/** Where an update came from, beside what it says itself. */
export interface ReceiveIdentityOptions {
  /** The address that it came from. */
  readonly source?: string | undefined;
}

/** Most bytes of an update. */
const LARGEST = 16 * 1024;

/** How many of a peer's updates are known again. */
const REMEMBERED = 200;

/** Milliseconds for the look at a new URL. */
const PATIENCE = 4000;

const KEYS = { object: "identity", text: "identityStr" };

/**
 * Takes an identity update in: names and address of an approved peer, signed by it. A new URL counts only
 * if the peer's own key is shown there. OGP gives updates no time, so each counts once; one that has a
 * `timestamp` must be fresh and newer than the last.
 *
 * @param node This gateway.
 * @param bytes The body as received.
 * @param options Origin.
 * @returns The peer as it is now.
 * @throws {MeshError} for everything that is refused, written to the audit log: `not_found` for one that
 * is no approved peer, `bad_signature`, `malformed`, `invalid_json`, `too_large`, `bad_key`,
 * `stale_timestamp`, `refused` if another key is shown at the new URL, `unavailable` or `timeout` if
 * nobody answers there.
 */
export async function receiveIdentityUpdate(
  node: OgpNode,
  bytes: Uint8Array,
  options: ReceiveIdentityOptions = {},
): Promise<OgpPeer> {
  let publicKey: string | undefined;
  try {
    const update = updateOf(bytes);
    publicKey = update.card.publicKey;
    return await take(node, update);
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "ogp.identity.refused",
        code: error.code,
        public_key: publicKey,
        source: options.source,
      });
    }
    throw error;
  }
}

interface Update {
  readonly card: PeerCard;
  /** Which fields it has, and so changes. */
  readonly identity: JsonObject;
  readonly timestamp: string | undefined;
  readonly text: string;
  readonly signature: unknown;
}

function updateOf(bytes: Uint8Array): Update {
  if (bytes.length > LARGEST) {
    throw new MeshError("too_large", `The update is larger than ${LARGEST} bytes`);
  }
  const signed = signedTextOf(readDocument(bytes), KEYS);
  if (!signed) throw new MeshError("malformed", "Missing identity or signature");
  const { document: identity, text, signature } = signed;
  const timestamp = identity.get("timestamp");
  if (timestamp !== undefined && typeof timestamp !== "string") {
    throw new MeshError("malformed", '"timestamp" is not a text');
  }
  const named = toPlain(identity) as Record<string, unknown>;
  // An update may leave out what stays; the stored values take the place of these.
  const card = peerCardOf({ displayName: "", gatewayUrl: "http://unchanged.invalid", ...named });
  return { card, identity, timestamp, text, signature };
}

async function take(node: OgpNode, update: Update): Promise<OgpPeer> {
  const { publicKey } = update.card;
  const peer = await approvedOf(node, publicKey);
  if (!verifyText(publicKeyFromDerHex(publicKey), update.text, update.signature)) {
    throw new MeshError("bad_signature", "Signature verification failed: bad-signature");
  }
  if (update.timestamp !== undefined) assertFresh(update.timestamp, node.now());
  const digest = await digestOf(update.text);
  if (await isOld(node, update, digest)) return peer;
  const gatewayUrl = update.identity.has("gatewayUrl") ? update.card.gatewayUrl : peer.gatewayUrl;
  if (gatewayUrl !== peer.gatewayUrl) await assertShows(gatewayUrl, publicKey);
  return await deciding(node.state, async () => {
    const current = await approvedOf(node, publicKey);
    // Another process may have been faster.
    if (await isOld(node, update, digest)) return current;
    const changed = renamed(current, update, gatewayUrl);
    await node.state.audit.decision({
      event: "peer.identity_changed",
      peer: changed.id,
      name: changed.displayName,
      gateway_url: changed.gatewayUrl,
      public_key: publicKey,
    });
    await node.state.peers.put(peerName(publicKey), changed);
    await changeExchange(node.state, publicKey, ({ identities = [], lastIdentityAt }) => ({
      identities: [...identities, digest].slice(-REMEMBERED),
      lastIdentityAt: update.timestamp ?? lastIdentityAt,
    }));
    return changed;
  });
}

async function approvedOf(node: OgpNode, publicKey: string): Promise<OgpPeer> {
  const peer = await node.index.get(publicKey);
  if (peer?.status === "approved") return peer;
  throw new MeshError("not_found", "Peer not found - no existing federation");
}

async function isOld(
  node: OgpNode,
  { card, timestamp }: Update,
  digest: string,
): Promise<boolean> {
  const { identities = [], lastIdentityAt } = await readExchange(node.state, card.publicKey);
  if (identities.includes(digest)) return true;
  if (timestamp === undefined || lastIdentityAt === undefined) return false;
  return Date.parse(timestamp) <= Date.parse(lastIdentityAt);
}

async function assertShows(gatewayUrl: string, publicKey: string): Promise<void> {
  const { card } = await fetchCard(gatewayUrl, { timeoutMs: PATIENCE });
  if (card.publicKey === publicKey) return;
  throw new MeshError("refused", `The gateway at ${gatewayUrl} shows another key`);
}

/** What the update does not name stays; its id and key are not for it to change. */
function renamed(peer: OgpPeer, { card, identity }: Update, gatewayUrl: string): OgpPeer {
  const names = ["displayName", "email", "humanName", "agentName", "organization"] as const;
  const named = names.filter((name) => identity.has(name)).map((name) => [name, card[name]]);
  const isMoved = gatewayUrl !== peer.gatewayUrl;
  return {
    ...peer,
    ...Object.fromEntries(named),
    gatewayUrl,
    ...(isMoved ? { claimedId: hostPort(gatewayUrl) } : {}),
  };
}
