/**
 * Requests, approvals, removals and new identities, as each original takes them, holes included.
 *
 * @module
 */
import { type Json, parsed } from "./http.ts";
import { hostId, keyId, verifyText } from "./keys.ts";
import type { Peer } from "./peers.ts";
import { answer, isFresh, type State } from "./state.ts";
import type { Outgoing } from "./surface.ts";

const PENDING = {
  received: true,
  status: "pending",
  message: "Federation request received and pending approval",
};

/** What came of an approval: the answer, and whether it is time to grant something back. */
export interface Approval {
  readonly answer: Outgoing;
  readonly grantBackTo?: Peer;
}

/**
 * `POST /federation/request`.
 *
 * @param state The gateway.
 * @param body What came.
 * @returns The answer.
 */
export function takeRequest(state: State, body: Json): Outgoing {
  if (state.self.dialect === "0.2") {
    // Nobody looks at the signature, and an id that is known is written over.
    if (!body.peer || !body.signature) return answer(400, { error: "Missing peer or signature" });
    state.peers.put(asked(body.peer, String(body.peer.id)));
    return answer(200, PENDING);
  }
  const { payloadStr, signature } = body;
  if (!payloadStr || !signature) return answer(400, { error: "Missing payloadStr or signature" });
  const payload = parsed(payloadStr);
  if (!payload) return answer(400, { error: "payloadStr is not valid JSON" });
  const problem = signatureProblem(
    state,
    payload.peer?.publicKey,
    payloadStr,
    signature,
    payload.timestamp,
  );
  if (problem) return problem;
  const peerId = keyId(payload.peer.publicKey);
  const known = state.peers.sender(peerId);
  if (known && ["pending", "approved"].includes(known.status)) {
    return answer(200, { received: true, status: "already-pending-or-approved", peerId });
  }
  // Whoever else was at this URL is gone.
  state.peers.drop(({ gatewayUrl, id }) => gatewayUrl === payload.peer.gatewayUrl && id !== peerId);
  state.peers.put({ ...asked(payload.peer, peerId), offeredIntents: payload.offeredIntents });
  return answer(200, PENDING);
}

/**
 * `POST /federation/approve`.
 *
 * @param state The gateway.
 * @param body What came.
 * @returns The answer, and what to do next.
 */
export function takeApproval(state: State, body: Json): Approval {
  const { peers, self } = state;
  let fields = body;
  let peer: Peer | undefined;
  if (self.dialect === "0.2") {
    peer = peers.sender(fields.fromGatewayId) ?? peers.sender(fields.peerId) ??
      peers.at(fields.fromGatewayUrl) ?? peers.firstPending();
  } else {
    fields = parsed(body.payloadStr ?? "") ?? {};
    peer = peers.sender(keyId(String(fields.fromPublicKey))) ?? peers.at(fields.fromGatewayUrl);
  }
  if (!peer || (peer.status !== "pending" && peer.status !== "approved")) {
    return { answer: answer(404, { error: "No pending peer found" }) };
  }
  if (self.dialect === "0.7") {
    if (fields.fromPublicKey !== peer.publicKey) {
      return {
        answer: answer(403, { error: "fromPublicKey does not match stored peer publicKey" }),
      };
    }
    const { payloadStr, signature } = body;
    const problem = signatureProblem(
      state,
      peer.publicKey,
      payloadStr,
      signature,
      fields.timestamp,
    );
    if (problem) return { answer: problem };
  }
  const first = peer.status === "pending";
  peer.status = "approved";
  peer.publicKey = fields.fromPublicKey ?? peer.publicKey;
  peer.displayName = fields.fromDisplayName ?? peer.displayName;
  peer.email = fields.fromEmail ?? peer.email;
  peer.gatewayUrl = fields.fromGatewayUrl ?? peer.gatewayUrl;
  peer.granted = fields.scopeGrants;
  return { answer: answer(200, { received: true }), ...(first ? { grantBackTo: peer } : {}) };
}

/**
 * `POST /federation/removed`, 0.7 only.
 *
 * @param state The gateway.
 * @param body What came.
 * @returns The answer.
 */
export function takeRemoval(state: State, body: Json): Outgoing {
  const { peerId, timestamp, signature } = body;
  if (!peerId || !timestamp || !signature) {
    const error = "Missing required fields: peerId, timestamp, signature";
    return answer(400, { success: false, error });
  }
  const peer = state.peers.sender(peerId);
  if (!peer) return answer(404, { success: false, error: "Unknown peer" });
  if (!isFresh(state, timestamp)) {
    return answer(400, { success: false, error: "Timestamp too old" });
  }
  if (!verifyText(peer.publicKey, JSON.stringify({ peerId, timestamp }), signature)) {
    return answer(403, { success: false, error: "Invalid signature" });
  }
  peer.status = "removed";
  return answer(200, { success: true, peerId: peer.id, status: "removed" });
}

/**
 * `POST /federation/update-identity`, 0.7 only.
 *
 * @param state The gateway.
 * @param body What came.
 * @returns The answer.
 */
export function takeIdentity(state: State, body: Json): Outgoing {
  const { identity, signature } = body;
  if (!identity || !signature) return answer(400, { error: "Missing identity or signature" });
  const peer = state.peers.withKey(identity.publicKey);
  if (!peer) return answer(404, { error: "Peer not found - no existing federation" });
  if (!verifyText(peer.publicKey, JSON.stringify(identity), signature)) {
    return answer(401, { error: "Invalid signature" });
  }
  const { displayName, email, gatewayUrl } = identity;
  Object.assign(peer, { displayName, email, gatewayUrl });
  return answer(200, { updated: true, message: "Identity updated successfully" });
}

function asked(claim: Json, id: string): Peer {
  const { displayName, email, gatewayUrl, publicKey } = claim;
  const url = gatewayUrl ?? `http://${hostId(`http://${id}`)}`;
  return { id, displayName, email, gatewayUrl: url, publicKey, status: "pending", asked: "them" };
}

function signatureProblem(
  state: State,
  publicKey: unknown,
  text: string,
  signature: unknown,
  timestamp: unknown,
): Outgoing | undefined {
  const failed = (why: string) => answer(401, { error: `Signature verification failed: ${why}` });
  if (!verifyText(String(publicKey), text, signature)) return failed("bad-signature");
  if (timestamp === undefined) return failed("missing-timestamp");
  if (!isFresh(state, timestamp)) return failed("stale-timestamp");
  return undefined;
}
