/**
 * The owner's decisions: who becomes a peer, who does not, who stops being one. One decision wins, and
 * each is in the audit log before it takes effect.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { PublicKey } from "../identity/keys.ts";
import { parsePeerUrl } from "../net/post.ts";
import { compositeId } from "../store/composite_id.ts";
import { authenticContact, isSameKey, listContacts, type StoredContact } from "./contacts.ts";
import { protocolTime } from "../signing/freshness.ts";
import type { MeshNode } from "./node.ts";
import type { Peer } from "./records.ts";

/** How a request is approved. */
export interface ApproveOptions {
  /** Reach the peer here instead of at the endpoint that it names. */
  readonly endpoint?: string;
}

/**
 * Finds the request that an owner means.
 *
 * @param node This node.
 * @param selector A request's id, the beginning of one, the id of the agent that asks, or the fingerprint
 * of its key.
 * @returns The request; the newest, where one agent asked more than once.
 * @throws {MeshError} `not_found`, or `ambiguous` with the candidates: strangers choose ids as they like,
 * so what one of them calls its request and another its agent is nobody's.
 */
export async function findContact(
  node: Pick<MeshNode, "state">,
  selector: string,
): Promise<StoredContact> {
  const contacts = await listContacts(node);
  const isNamed = ({ recordId }: StoredContact) =>
    recordId === selector || recordId === compositeId(selector);
  const exact = contacts.filter((contact) => {
    const { agent_id, fingerprint } = contact.request.from;
    return isNamed(contact) || agent_id === selector || fingerprint === selector;
  });
  const byPrefix = contacts.filter(({ recordId }) =>
    selector !== "" && recordId.startsWith(selector)
  );
  const matches = exact.length > 0 ? exact : byPrefix;
  const keys = new Set(matches.map(({ request }) => request.from.public_key));
  const newest = matches.at(-1);
  if (!newest) {
    throw new MeshError("not_found", `No contact request matches "${selector}"`, {
      hint: "mesh list-requests",
    });
  }
  if (keys.size > 1 || (matches === byPrefix && matches.length > 1)) {
    const names = matches.slice(0, 5).map(({ recordId }) => recordId).join(", ");
    throw new MeshError("ambiguous", `"${selector}" matches several contact requests: ${names}`, {
      hint: "mesh list-requests",
    });
  }
  return matches.find(isNamed) ?? newest;
}

/**
 * Approves a request: its sender becomes a peer, or, if it is one with this very key, gets the endpoint
 * that the request names.
 *
 * @param node This node.
 * @param selector Which request, as in {@link findContact}.
 * @param options Endpoint.
 * @returns The peer as stored.
 * @throws {MeshError} `key_changed` if the agent is trusted with another key, `exists` if the key is
 * trusted under another id, and everything that an unsound request is refused for.
 */
export async function approveContact(
  node: MeshNode,
  selector: string,
  options: ApproveOptions = {},
): Promise<Peer> {
  if (options.endpoint !== undefined) parsePeerUrl(options.endpoint);
  return await node.state.store.withLock("decisions", async () => {
    const contact = await findContact(node, selector);
    const { request, document } = contact;
    const key = await authenticContact(document, request);
    const { agent_id, display_name, public_key, fingerprint } = request.from;
    await assertNoOther(node, agent_id, key);
    const approved = {
      agent_id,
      display_name,
      endpoint: options.endpoint ?? request.from.endpoint,
      public_key,
      fingerprint,
      trusted_at: protocolTime(node.now()),
      source_request_id: request.request_id,
    };
    const peer = await node.state.peers.update(agent_id, async (current) => {
      await node.state.audit.decision({
        event: "contact.approved",
        agent_id,
        fingerprint,
        endpoint: approved.endpoint,
        request_id: request.request_id,
      });
      return { ...current, ...approved };
    });
    await forgetOlder(node, contact, key);
    return peer ?? approved;
  });
}

/**
 * Rejects a request: it is removed, and nothing is sent.
 *
 * @param node This node.
 * @param selector Which request, as in {@link findContact}.
 * @returns The request that was removed.
 * @throws {MeshError} `exists` if it was approved before.
 */
export async function rejectContact(
  node: Pick<MeshNode, "state">,
  selector: string,
): Promise<StoredContact> {
  return await node.state.store.withLock("decisions", async () => {
    const contact = await findContact(node, selector);
    const { request, recordId } = contact;
    if (contact.peer) {
      throw new MeshError("exists", `"${request.from.agent_id}" is approved already`, {
        hint: `mesh peers remove ${request.from.agent_id}`,
      });
    }
    await node.state.audit.decision({
      event: "contact.rejected",
      agent_id: request.from.agent_id,
      fingerprint: request.from.fingerprint,
      request_id: request.request_id,
    });
    await node.state.requestsIn.delete(recordId);
    return contact;
  });
}

/**
 * Ends the trust in a peer, and forgets the requests that it came by, so that the list of requests tells
 * the truth. Nothing is sent.
 *
 * @param node This node.
 * @param agentId The peer's id.
 * @returns The peer that was removed.
 * @throws {MeshError} `not_found`.
 */
export async function removePeer(node: Pick<MeshNode, "state">, agentId: string): Promise<Peer> {
  return await node.state.store.withLock("decisions", async () => {
    const peer = await node.state.peers.get(agentId);
    if (!peer) {
      throw new MeshError("not_found", `No peer is called "${agentId}"`, {
        hint: "mesh peers list",
      });
    }
    await node.state.audit.decision({
      event: "peer.removed",
      agent_id: agentId,
      fingerprint: peer.fingerprint,
    });
    const { public_key } = peer;
    const requests = (await listContacts(node)).filter(({ request: { from }, peer: known }) =>
      from.agent_id === agentId && (known || from.public_key === public_key)
    );
    await node.state.peers.delete(agentId);
    for (const { recordId } of requests) await node.state.requestsIn.delete(recordId);
    return peer;
  });
}

/** Removes the older requests of a key, which wait for nothing any more: a newer one was approved. */
async function forgetOlder(node: MeshNode, approved: StoredContact, key: PublicKey): Promise<void> {
  for (const { recordId, request, peer } of await listContacts(node)) {
    if (recordId === approved.recordId) return;
    if (!peer && isSameKey(request.from.public_key, key)) {
      await node.state.requestsIn.delete(recordId);
    }
  }
}

async function assertNoOther(node: MeshNode, agentId: string, key: PublicKey): Promise<void> {
  for (const { value: peer } of (await node.state.peers.list()).entries) {
    const same = isSameKey(peer.public_key, key);
    if (peer.agent_id === agentId && !same) {
      throw new MeshError("key_changed", `"${agentId}" is trusted here with another key`, {
        hint: `compare fingerprints with its owner; then: mesh peers remove ${agentId}`,
      });
    }
    if (peer.agent_id !== agentId && same) {
      throw new MeshError("exists", `This key is trusted already, as "${peer.agent_id}"`, {
        hint: `mesh peers remove ${peer.agent_id}`,
      });
    }
  }
}
