/**
 * Contact requests: making them, and taking them in. Taking one in gives its sender nothing but a place
 * in the list that the owner looks at.
 *
 * @module
 */
import { httpStatusOf, MeshError } from "../error.ts";
import { fingerprintOf } from "../identity/fingerprint.ts";
import { parsePublicKeyPem, type PublicKey } from "../identity/keys.ts";
import { assertStrongKey } from "../identity/strong_key.ts";
import { signPayload, verifyPayload } from "../signing/envelope.ts";
import type { JsonObject } from "../signing/json.ts";
import { fromPlain } from "../signing/json_plain.ts";
import { compositeId } from "../store/composite_id.ts";
import { documentCodec } from "../store/document_codec.ts";
import { assertFresh, protocolTime } from "../signing/freshness.ts";
import { readDocument } from "../signing/read_document.ts";
import { sameContent } from "./same_content.ts";
import type { MeshNode } from "./node.ts";
import { type ContactRequest, contactRequestOf, type Peer } from "./records.ts";

/** How many requests may wait for the owner. */
export interface PendingLimits {
  /** In all. Default 200. */
  readonly total?: number;
  /** Of one key. Default 3. */
  readonly perKey?: number;
}

/** How a request is taken in. */
export interface ReceiveContactOptions {
  /** Where it came from, for the audit log. */
  readonly source?: string;
  /** Take any age: it was carried by hand. */
  readonly allowOld?: boolean;
  /** How many may wait. */
  readonly limits?: PendingLimits;
}

/** What became of a request. */
export interface ReceivedContact {
  /** `pending`: new and waiting; `known`: it was here already; `trusted`: its sender is a peer already. */
  readonly state: "pending" | "known" | "trusted";
  /** The request. */
  readonly request: ContactRequest;
  /** The record's id in the collection; absent if nothing had to be stored. */
  readonly recordId?: string;
}

/** A request as stored, with the name of its record. */
export interface StoredContact {
  /** The record's id in the collection: the request's id, unless two senders chose the same. */
  readonly recordId: string;
  /** The request. */
  readonly request: ContactRequest;
  /** The request as signed. */
  readonly document: JsonObject;
  /** When it was stored. */
  readonly receivedAt: Date;
  /** The peer that the sender is, if the owner has approved this request or one that says the same. */
  readonly peer?: Peer;
}

const DEFAULT_PURPOSE = "request trusted communication";

/** Most bytes of a request on disk: many times what an honest one has, and strangers may store 200. */
const LARGEST = 64 * 1024;

/**
 * Makes and signs a contact request.
 *
 * @param node This node.
 * @param purpose Why, in the owner's words.
 * @returns The request, ready to be sent or carried.
 */
export function createContactRequest(node: MeshNode, purpose = DEFAULT_PURPOSE): JsonObject {
  const unsigned = fromPlain({
    type: "contact_request",
    request_id: `req_${crypto.randomUUID().replaceAll("-", "")}`,
    from: node.identity.card,
    timestamp: protocolTime(node.now()),
    purpose,
  }) as JsonObject;
  return signPayload(unsigned, node.identity.privateKey);
}

/**
 * Takes a contact request in: known form, own key, own fingerprint, good signature, fresh, not seen,
 * room for it; then it is stored, and only then does this return.
 *
 * @param node This node.
 * @param bytes The request as received.
 * @param options Origin and limits.
 * @returns What became of it.
 * @throws {MeshError} for everything that is refused, written to the audit log.
 */
export async function receiveContact(
  node: MeshNode,
  bytes: Uint8Array,
  options: ReceiveContactOptions = {},
): Promise<ReceivedContact> {
  const document = readDocument(bytes);
  const request = contactRequestOf(document);
  try {
    const key = await authenticContact(document, request);
    assertFresh(request.timestamp, node.now(), options.allowOld);
    return await admit(node, document, request, key, options);
  } catch (error) {
    if (error instanceof MeshError && httpStatusOf(error) < 500) {
      await node.state.audit.refusal({
        event: "contact.refused",
        code: error.code,
        agent_id: request.from.agent_id,
        fingerprint: request.from.fingerprint,
        source: options.source,
      });
    }
    throw error;
  }
}

/**
 * Checks that a request was signed with the key that it shows, and that this key is a sound one. Also
 * asked before an approval, since another program may have stored the request unchecked.
 *
 * @param document The request as signed.
 * @param request The request as read.
 * @returns The sender's key.
 * @throws {MeshError} `bad_key`, `bad_fingerprint` or `bad_signature`.
 */
export async function authenticContact(
  document: JsonObject,
  request: ContactRequest,
): Promise<PublicKey> {
  const key = parsePublicKeyPem(request.from.public_key);
  if (await fingerprintOf(request.from.public_key) !== request.from.fingerprint) {
    throw new MeshError("bad_fingerprint", "The fingerprint is not that of the key");
  }
  assertStrongKey(key);
  if (!verifyPayload(document, key)) {
    throw new MeshError(
      "bad_signature",
      "The contact request is not signed with the key that it shows",
    );
  }
  return key;
}

/**
 * All requests on record, oldest first.
 *
 * @param node This node.
 * @returns The requests; those that are no contact requests are left out.
 */
export async function listContacts(node: Pick<MeshNode, "state">): Promise<StoredContact[]> {
  const { entries } = await node.state.requestsIn.list({ order: "newest" });
  const contacts: StoredContact[] = [];
  for (const { id, value, modifiedAt } of entries.reverse()) {
    const request = tryRead(value);
    if (!request) continue;
    const peer = await peerOf(node, request);
    contacts.push({
      recordId: id,
      request,
      document: value,
      receivedAt: modifiedAt,
      ...(peer ? { peer } : {}),
    });
  }
  return contacts;
}

async function admit(
  node: MeshNode,
  document: JsonObject,
  request: ContactRequest,
  key: PublicKey,
  options: ReceiveContactOptions,
): Promise<ReceivedContact> {
  const { from } = request;
  if (key.hex === node.identity.publicKey.hex) {
    throw new MeshError("refused", "The contact request comes from this very node");
  }
  if (from.agent_id === node.identity.card.agent_id) {
    throw new MeshError("refused", `"${from.agent_id}" is this node's own agent id`);
  }
  const peer = await node.state.peers.get(from.agent_id);
  if (peer && !isSameKey(peer.public_key, key)) {
    throw new MeshError("key_changed", `"${from.agent_id}" is trusted here with another key`);
  }
  if (peer && (peer.endpoint ?? "") === from.endpoint) return { state: "trusted", request };
  // Indented, as it is stored, a document can be many times as long as it was on its way.
  if (new TextEncoder().encode(documentCodec.print(document)).length > LARGEST) {
    throw new MeshError("too_large", `The contact request is larger than ${LARGEST} bytes`);
  }
  return await node.state.store.withLock("requests-incoming", async () => {
    const { recordId, known } = await placeFor(node, document, request, key);
    if (known) return { state: "known", request, recordId };
    await assertRoom(node, key, options.limits);
    await node.state.requestsIn.create(recordId, document);
    return { state: "pending", request, recordId };
  });
}

/**
 * Under which name a request is stored: its id, or its id with the sender's key when another sender chose
 * the same id first, so that nobody can block or replace another's. `known` if it is there already.
 */
async function placeFor(
  node: MeshNode,
  document: JsonObject,
  request: ContactRequest,
  key: PublicKey,
): Promise<{ recordId: string; known: boolean }> {
  const id = request.request_id;
  let free: string | undefined;
  for (const name of [compositeId(id), compositeId(id, key.hex.slice(0, 16))]) {
    const stored = await node.state.requestsIn.get(name);
    if (!stored) {
      // A damaged record was set aside by now; one that cannot be read at all still holds its name.
      if (!await node.state.requestsIn.has(name)) free ??= name;
      continue;
    }
    const other = tryRead(stored);
    if (!other || !isSameKey(other.from.public_key, key)) continue;
    if (sameContent(stored, document)) return { recordId: name, known: true };
    throw new MeshError("id_reused", `"${id}" was used for another request before`);
  }
  if (free !== undefined) return { recordId: free, known: false };
  throw new MeshError("id_reused", `"${id}" is taken`);
}

async function assertRoom(
  node: MeshNode,
  key: PublicKey,
  limits: PendingLimits = {},
): Promise<void> {
  const pending = (await listContacts(node)).filter(({ peer }) => !peer);
  if (pending.length >= (limits.total ?? 200)) {
    throw new MeshError("rate_limited", "Too many contact requests are waiting for the owner", {
      retryAfter: 3600,
    });
  }
  const own = pending.filter(({ request }) => isSameKey(request.from.public_key, key));
  if (own.length >= (limits.perKey ?? 3)) {
    throw new MeshError("rate_limited", "Your earlier contact requests are waiting for the owner", {
      retryAfter: 3600,
    });
  }
}

async function peerOf(
  node: Pick<MeshNode, "state">,
  request: ContactRequest,
): Promise<Peer | undefined> {
  const peer = await node.state.peers.get(request.from.agent_id);
  if (!peer) return undefined;
  // The owner may have approved the request with an endpoint of his own.
  const decided = peer.source_request_id === request.request_id ||
    (peer.endpoint ?? "") === request.from.endpoint;
  const key = tryKey(request.from.public_key);
  return decided && key && isSameKey(peer.public_key, key) ? peer : undefined;
}

/**
 * Whether a PEM text is a spelling of a key.
 *
 * @param pem The text; text that is no Ed25519 key is none of this key.
 * @param key The key.
 * @returns Whether it is.
 */
export function isSameKey(pem: string, key: PublicKey): boolean {
  return tryKey(pem)?.hex === key.hex;
}

function tryKey(pem: string): PublicKey | undefined {
  try {
    return parsePublicKeyPem(pem);
  } catch {
    return undefined;
  }
}

function tryRead(document: JsonObject): ContactRequest | undefined {
  try {
    return contactRequestOf(document);
  } catch {
    return undefined;
  }
}
