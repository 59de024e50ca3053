/**
 * The state directory of Agent Mesh V1 as collections: the same folders and file names that the Python
 * original uses, so that both programs can work on one directory in turn.
 *
 * @module
 */
import { AuditLog } from "../audit/audit_log.ts";
import type { OutboxEntry } from "../delivery/outbox.ts";
import { openOutboxCollections } from "../delivery/outbox_state.ts";
import type { JsonObject } from "../signing/json.ts";
import type { DamageReport } from "../store/damage.ts";
import { type FileStore, openFileStore } from "../store/file_store.ts";
import { jsonCodec } from "../store/json_codec.ts";
import type { Collection } from "../store/store.ts";
import { documentCodec } from "../store/document_codec.ts";
import { type Peer, peerShape } from "./records.ts";

/** The collections of one root. */
export interface MeshState {
  /** The state directory. */
  readonly root: string;
  /** The store behind the collections: locks and claims. */
  readonly store: FileStore;
  /** `identity.json` and other single records of the root. */
  readonly documents: Collection<JsonObject>;
  /** Approved agents, by agent id. */
  readonly peers: Collection<Peer>;
  /** Contact requests received, approved ones included. */
  readonly requestsIn: Collection<JsonObject>;
  /** Contact requests made. */
  readonly requestsOut: Collection<JsonObject>;
  /** Verified messages. */
  readonly messagesIn: Collection<JsonObject>;
  /** Messages written here, with their receipts. */
  readonly messagesOut: Collection<JsonObject>;
  /** Deliveries under way. */
  readonly outbox: Collection<OutboxEntry>;
  /** Dead letters. */
  readonly failed: Collection<OutboxEntry>;
  /** Who was let in, refused, approved. */
  readonly audit: AuditLog;
}

/** How to open a state directory. */
export interface MeshStateOptions {
  /** Told of each record that cannot be read. */
  readonly onDamage?: (damage: DamageReport) => void;
}

/**
 * Opens a state directory. Nothing is created before something is written.
 *
 * @param root The directory.
 * @param options Where damage is reported.
 * @returns Its collections.
 */
export function openMeshState(root: string, options: MeshStateOptions = {}): MeshState {
  const store = openFileStore(root, options);
  return {
    root,
    store,
    documents: store.collection("", documentCodec),
    peers: store.collection("peers", jsonCodec(peerShape)),
    requestsIn: store.collection("requests/incoming", documentCodec),
    requestsOut: store.collection("requests/outgoing", documentCodec),
    messagesIn: store.collection("messages/incoming", documentCodec, { ordered: true }),
    messagesOut: store.collection("messages/outgoing", documentCodec, { ordered: true }),
    ...openOutboxCollections(store),
    audit: new AuditLog(root),
  };
}
