/**
 * Taking in requests for federation. A stranger gets a place in the list that the owner looks at, and
 * nothing else: no request ever changes a peer's record, whatever id, URL or prefix it claims.
 *
 * @module
 */
import { httpStatusOf, MeshError } from "../error.ts";
import { isOwed, owe } from "./announce.ts";
import { cardOf } from "./approved_peer.ts";
import { ownKey } from "./card.ts";
import { type ClaimedRequest, claimedRequestOf } from "./claimed_request.ts";
import { deciding } from "./decision_lock.ts";
import { isOwnAddress } from "../net/interfaces.ts";
import { hostPort, keyId } from "./names.ts";
import type { OgpNode } from "./node.ts";
import { chooseId } from "./peers.ts";
import type { IncomingRequest, OgpPeer } from "./records.ts";
import { assertRoom } from "./request_room.ts";
import { peerName } from "./state.ts";
import { claimsUrlOf } from "./url_claims.ts";

/** Where a request came from, beside what it says itself. */
export interface ReceiveRequestOptions {
  /** The address that it came from. */
  readonly source?: string | undefined;
  /** Its `Host` header: a 0.2 gateway will know us by it. */
  readonly host?: string | undefined;
}

/** What became of a request. */
export interface ReceivedRequest {
  /** What its sender is told. */
  readonly status: "pending" | "already-pending-or-approved";
  /** The request, with a warning in `claimsUrlOf` if it claims what is another peer's. */
  readonly request: IncomingRequest;
  /** What 0.7 calls its sender. */
  readonly peerId: string;
  /** Whether the owner has something new to look at. */
  readonly isNew: boolean;
}

/** Milliseconds after which one who was rejected may ask again. */
const REJECTED_FOR = 24 * 3_600_000;

/** A request that was rejected, with the time of it. */
export type RejectedRequest = IncomingRequest & { readonly rejectedAt?: string | undefined };

/**
 * Takes a request in: signed with the key that it shows, of a sound key, fresh, not our own; then, if
 * nothing is known of its sender and there is room, it is stored for the owner.
 *
 * @param node This gateway.
 * @param bytes The body as received.
 * @param options Origin.
 * @returns What became of it.
 * @throws {MeshError} for everything that is refused, written to the audit log: as for
 * `claimedRequestOf`, `refused` for our own key or one that was rejected within a day, `rate_limited`.
 */
export async function receiveRequest(
  node: OgpNode,
  bytes: Uint8Array,
  options: ReceiveRequestOptions = {},
): Promise<ReceivedRequest> {
  let claimed: ClaimedRequest | undefined;
  try {
    const request = claimed = claimedRequestOf(bytes, node.now());
    if (request.card.publicKey === ownKey(node)) {
      throw new MeshError("refused", "The request comes from this very gateway");
    }
    return await deciding(node.state, () => admit(node, request, options));
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "ogp.request.refused",
        code: error.code,
        name: claimed?.card.displayName,
        gateway_url: claimed?.card.gatewayUrl,
        public_key: claimed?.card.publicKey,
        source: options.source,
      });
    }
    throw error;
  }
}

async function admit(
  node: OgpNode,
  claimed: ClaimedRequest,
  options: ReceiveRequestOptions,
): Promise<ReceivedRequest> {
  const { requestsIn, peers } = node.state;
  const name = peerName(claimed.card.publicKey);
  const peer = await peers.get(name);
  const known = await requestsIn.get(name);
  if (peer?.status === "approved") return await askedAgain(node, claimed, peer, known, options);
  if (known?.status === "pending") return await repeated(node, claimed, known, options);
  if (known?.status === "rejected") assertWaited(node, known);
  await assertRoom(node.state, options.source);
  const request: IncomingRequest = {
    ...requestOf(node, claimed, options),
    id: peer?.id ?? known?.id ?? await chooseId(node.state, claimed.card.publicKey),
    alias: peer?.alias ?? known?.alias,
    tags: peer?.tags ?? known?.tags,
    claimsUrlOf: await claimsUrlOf(node, claimed),
  };
  if (request.claimsUrlOf) {
    await node.state.audit.decision({
      event: "peer.url_claimed",
      peers: request.claimsUrlOf.join(", "),
      gateway_url: request.gatewayUrl,
      claimed_id: request.claimedId,
      public_key: request.publicKey,
      source: options.source,
    });
  }
  await requestsIn.put(name, request);
  return answer("pending", request, true);
}

/** A peer that asks again has perhaps lost what it knew of us: our approval is sent to it once more. */
async function askedAgain(
  node: OgpNode,
  claimed: ClaimedRequest,
  peer: OgpPeer,
  known: IncomingRequest | undefined,
  options: ReceiveRequestOptions,
): Promise<ReceivedRequest> {
  if (claimed.card.gatewayUrl !== peer.gatewayUrl) {
    await node.state.audit.refusal({
      event: "ogp.request.of_peer",
      peer: peer.id,
      gateway_url: claimed.card.gatewayUrl,
      source: options.source,
    });
  }
  if (!await isOwed(node, peer.publicKey, "approve")) await owe(node, peer.publicKey, "approve");
  const request = known ?? { ...requestOf(node, claimed, options), id: peer.id };
  return answer("already-pending-or-approved", { ...request, status: "approved" }, false);
}

/** One that waits already: names and URL may be newer, its standing is the owner's to change. */
async function repeated(
  node: OgpNode,
  claimed: ClaimedRequest,
  known: IncomingRequest,
  options: ReceiveRequestOptions,
): Promise<ReceivedRequest> {
  if (!isNewer(claimed, known)) return answer("already-pending-or-approved", known, false);
  const fresh = requestOf(node, claimed, options);
  const request = {
    ...known,
    ...fresh,
    receivedAt: known.receivedAt,
    source: known.source,
    claimsUrlOf: await claimsUrlOf(node, claimed) ?? known.claimsUrlOf,
  };
  await node.state.requestsIn.put(peerName(known.publicKey), request);
  return answer("already-pending-or-approved", request, false);
}

/** 0.2 does not say when it signed, so it can only take the place of its own kind. */
function isNewer(claimed: ClaimedRequest, known: IncomingRequest): boolean {
  if (claimed.body === known.body) return false;
  if (claimed.timestamp === undefined) return known.dialect === "0.2";
  const before = signedAt(known);
  return before === undefined || Date.parse(claimed.timestamp) > before;
}

function signedAt({ body }: IncomingRequest): number | undefined {
  try {
    const { timestamp } = claimedRequestOf(new TextEncoder().encode(body));
    return timestamp === undefined ? undefined : Date.parse(timestamp);
  } catch {
    return undefined;
  }
}

function assertWaited(node: OgpNode, rejected: RejectedRequest): void {
  const since = Date.parse(rejected.rejectedAt ?? rejected.receivedAt);
  const left = since + REJECTED_FOR - node.now().getTime();
  if (!(left > 0)) return;
  throw new MeshError("refused", "The owner of this gateway has rejected the request", {
    retryAfter: Math.ceil(left / 1000),
  });
}

function requestOf(
  node: OgpNode,
  claimed: ClaimedRequest,
  { source, host }: ReceiveRequestOptions,
): Omit<IncomingRequest, "id"> {
  return {
    ...cardOf(claimed.card),
    dialect: claimed.dialect,
    ...(claimed.dialect === "0.2" ? askedAs(node, host) : {}),
    status: "pending",
    offeredIntents: claimed.offeredIntents,
    claimedId: claimed.claimedId,
    receivedAt: node.now().toISOString(),
    source,
    body: claimed.body,
  };
}

/**
 * A 0.2 gateway calls us by host and port of the URL that it asked. What it then sends to a name that is no
 * address of this machine is not taken before it has taken a message of ours under that name: whoever passed
 * somebody's request on to us would choose whose messages we take for ours.
 */
function askedAs(
  node: OgpNode,
  host: string | undefined,
): Pick<IncomingRequest, "knowsUsAs" | "nameIsOurs"> {
  const asked = host !== undefined && /^[\w.:[\]-]{1,255}$/.test(host)
    ? URL.parse(`http://${host}`)
    : undefined;
  if (asked) return { knowsUsAs: hostPort(asked.href), nameIsOurs: isOwnAddress(asked.hostname) };
  const { gatewayUrl } = node.config;
  return gatewayUrl ? { knowsUsAs: hostPort(gatewayUrl), nameIsOurs: true } : {};
}

function answer(
  status: ReceivedRequest["status"],
  request: IncomingRequest,
  isNew: boolean,
): ReceivedRequest {
  return { status, request, peerId: keyId(request.publicKey), isNew };
}
