/**
 * The library behind `mesh`: identity, signing, the record store, and a client for Agent Mesh V1.
 *
 * @example
 * ```ts
 * import { canonicalJson, generateKeyPair, parseJson, signPayload, verifyPayload } from "./mod.ts";
 * import type { JsonObject } from "./mod.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { privateKey, publicKey } = generateKeyPair();
 * const note = parseJson('{"to": "stan", "price": 1.0}') as JsonObject;
 * assertEquals(canonicalJson(note), '{"price":1.0,"to":"stan"}');
 * assert(verifyPayload(signPayload(note, privateKey), publicKey));
 * ```
 *
 * @module
 */

// Errors
export {
  codeOf,
  type ErrorCode,
  exitCodeOf,
  httpStatusOf,
  MeshError,
  type MeshErrorOptions,
} from "./lib/error.ts";

// Identity
export { fingerprintOf, shortFingerprint } from "./lib/identity/fingerprint.ts";
export {
  parsePublicKeyPem,
  type PublicKey,
  publicKeyFromDerHex,
  publicKeyFromRaw,
} from "./lib/identity/keys.ts";
export {
  generateKeyPair,
  type KeyPair,
  parsePrivateKeyPem,
  PrivateKey,
} from "./lib/identity/private_key.ts";
export { safetyNumber } from "./lib/identity/safety_number.ts";
export { assertStrongKey } from "./lib/identity/strong_key.ts";

// Signing
export { canonicalJson, type CanonicalJsonOptions } from "./lib/signing/canonical_json.ts";
export { signBytes, verifyBytes } from "./lib/signing/ed25519.ts";
export { signPayload, verifyPayload } from "./lib/signing/envelope.ts";
export { type Json, JsonNumber, JsonObject } from "./lib/signing/json.ts";
export { parseJson, type ParseJsonOptions } from "./lib/signing/json_parse.ts";
export { fromPlain, toPlain } from "./lib/signing/json_plain.ts";
export { printJson } from "./lib/signing/json_print.ts";
export { decodeUtf8 } from "./lib/signing/utf8.ts";

// Store
export { compositeId, splitCompositeId } from "./lib/store/composite_id.ts";
export type { DamageReport } from "./lib/store/damage.ts";
export { type FileStore, type FileStoreOptions, openFileStore } from "./lib/store/file_store.ts";
export type {
  DirectoryEntry,
  FileHandle,
  FileStatus,
  FileSystem,
  OpenOptions,
} from "./lib/store/file_system.ts";
export { jsonCodec, type Shape } from "./lib/store/json_codec.ts";
export type {
  Change,
  Codec,
  Collection,
  CollectionOptions,
  Entry,
  ListOptions,
  Lock,
  Page,
  Store,
} from "./lib/store/store.ts";

// Agent Mesh V1
export type { AgentCard } from "./lib/mesh/card.ts";
export { type CreateOptions, type DiscoverOptions, MeshClient } from "./lib/mesh/client.ts";
export type { StoredContact } from "./lib/mesh/contacts.ts";
export type { ApproveOptions } from "./lib/mesh/decisions.ts";
export type { InitOptions } from "./lib/mesh/identity.ts";
export type { InboxFilter, StoredMessage } from "./lib/mesh/inbox.ts";
export type { MeshNodeOptions } from "./lib/mesh/node.ts";
export type { ContactRequest, DirectMessage, Peer } from "./lib/mesh/records.ts";
export type { SentRequest } from "./lib/mesh/requests.ts";
export type { MeshStateOptions } from "./lib/mesh/state.ts";
export type { Attempt, DeliveryError, OutboxEntry, Outcome } from "./lib/delivery/outbox.ts";
