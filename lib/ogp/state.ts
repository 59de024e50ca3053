/**
 * The state of OGP below the root: `ogp/`, a folder per kind of record.
 *
 * @module
 */
import { AuditLog } from "../audit/audit_log.ts";
import type { OutboxEntry } from "../delivery/outbox.ts";
import { openOutboxCollections } from "../delivery/outbox_state.ts";
import type { JsonObject } from "../signing/json.ts";
import type { DamageReport } from "../store/damage.ts";
import { documentCodec } from "../store/document_codec.ts";
import { type FileStore, openFileStore } from "../store/file_store.ts";
import { jsonCodec } from "../store/json_codec.ts";
import type { Collection } from "../store/store.ts";
import {
  type IncomingRequest,
  incomingRequestShape,
  type OgpPeer,
  ogpPeerShape,
  type OutgoingRequest,
  outgoingRequestShape,
  type PeerHealth,
  peerHealthShape,
} from "./records.ts";

/** The collections of one root. Records of a peer are named by {@link peerName}. */
export interface OgpState {
  /** The state directory. */
  readonly root: string;
  /** The store behind the collections. */
  readonly store: FileStore;
  /** Peers, approved and removed. */
  readonly peers: Collection<OgpPeer>;
  /** Gateways that asked us. */
  readonly requestsIn: Collection<IncomingRequest>;
  /** Gateways that we asked. */
  readonly requestsOut: Collection<OutgoingRequest>;
  /** Messages received, as `<nonce>@<16 hex digits of the sender's key>`. */
  readonly messagesIn: Collection<JsonObject>;
  /** Messages of ours, by nonce, with their receipts and replies. */
  readonly messagesOut: Collection<JsonObject>;
  /** Our replies to messages received, named as those are. */
  readonly replies: Collection<JsonObject>;
  /** How peers' gateways were when last looked at. */
  readonly health: Collection<PeerHealth>;
  /** Deliveries under way, of all protocols. */
  readonly outbox: Collection<OutboxEntry>;
  /** Dead letters, of all protocols. */
  readonly failed: Collection<OutboxEntry>;
  /** Who was let in, refused, approved. */
  readonly audit: AuditLog;
}

/** Of the folders that grow, the newest are asked for. */
const ORDERED = { ordered: true };

/** How to open the state. */
export interface OgpStateOptions {
  /** Told of each record that cannot be read. */
  readonly onDamage?: (damage: DamageReport) => void;
}

/**
 * Opens the state of OGP. Nothing is created before something is written.
 *
 * @param root The state directory.
 * @param options Where damage is reported.
 * @returns Its collections.
 */
export function openOgpState(root: string, options: OgpStateOptions = {}): OgpState {
  const store = openFileStore(root, options);
  return {
    root,
    store,
    peers: store.collection("ogp/peers", jsonCodec(ogpPeerShape)),
    requestsIn: store.collection("ogp/requests/incoming", jsonCodec(incomingRequestShape)),
    requestsOut: store.collection("ogp/requests/outgoing", jsonCodec(outgoingRequestShape)),
    messagesIn: store.collection("ogp/messages/incoming", documentCodec, ORDERED),
    messagesOut: store.collection("ogp/messages/outgoing", documentCodec, ORDERED),
    replies: store.collection("ogp/replies", documentCodec),
    health: store.collection("ogp/health", jsonCodec(peerHealthShape)),
    ...openOutboxCollections(store),
    audit: new AuditLog(root),
  };
}

/**
 * What a peer's records are named by: its whole key, so that no peer can ever meet another's record.
 *
 * @param publicKey The key as DER, 88 hex digits.
 * @returns The 64 hex digits of the raw key.
 */
export function peerName(publicKey: string): string {
  return publicKey.slice(-64).toLowerCase();
}
