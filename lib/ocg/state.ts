/**
 * The state of OCG below the root: `ocg/`, a folder per kind of record, and in `ocg/messages/` one per chat.
 *
 * @module
 */
import { AuditLog } from "../audit/audit_log.ts";
import { DayTallies } from "../ledger/day_tallies.ts";
import type { DamageReport } from "../store/damage.ts";
import { compositeId } from "../store/composite_id.ts";
import { type FileStore, openFileStore } from "../store/file_store.ts";
import { jsonCodec } from "../store/json_codec.ts";
import { lockName } from "../store/lock_name.ts";
import type { Collection } from "../store/store.ts";
import { sessionKey } from "./accounts.ts";
import type { ChatAddress } from "./channel.ts";
import {
  type CallbackRecord,
  callbackShape,
  type MessageRecord,
  messageShape,
  type PairingRecord,
  pairingShape,
  type WaitingRecord,
  waitingShape,
} from "./records.ts";

/** The collections of one root. */
export interface OcgState extends Disposable {
  /** The state directory. */
  readonly root: string;
  /** The store behind the collections. */
  readonly store: FileStore;
  /** What waits for its turn, named by {@linkcode recordName} of address and message. */
  readonly waiting: Collection<WaitingRecord>;
  /** Who was let in or asks for it, named by {@linkcode recordName} of channel, account and sender. */
  readonly pairings: Collection<PairingRecord>;
  /** Where answers go, named by the SHA-256 of the token. */
  readonly callbacks: Collection<CallbackRecord>;
  /** How much was asked today, by chat. */
  readonly tallies: DayTallies;
  /** Who was let in, refused, approved. */
  readonly audit: AuditLog;
  /**
   * The messages of a chat, named by {@linkcode recordName} of their ids.
   *
   * @param address The chat.
   * @returns Its collection.
   */
  messages(address: ChatAddress): Promise<Collection<MessageRecord>>;
}

/** How to open the state. */
export interface OcgStateOptions {
  /** Told of each record that cannot be read. */
  readonly onDamage?: (damage: DamageReport) => void;
}

/**
 * Opens the state of OCG. Nothing is created before something is written.
 *
 * @param root The state directory.
 * @param options Where damage is reported.
 * @returns Its collections; disposing of it closes the tallies.
 */
export function openOcgState(root: string, options: OcgStateOptions = {}): OcgState {
  const store = openFileStore(root, options);
  const tallies = new DayTallies(`${root}/ocg/usage`);
  return {
    root,
    store,
    waiting: store.collection("ocg/waiting", jsonCodec(waitingShape)),
    pairings: store.collection("ocg/pairings", jsonCodec(pairingShape)),
    callbacks: store.collection("ocg/callbacks", jsonCodec(callbackShape)),
    tallies,
    audit: new AuditLog(root),
    async messages(address) {
      const folder = await folderName(sessionKey(address));
      return store.collection(`ocg/messages/${folder}`, jsonCodec(messageShape), { ordered: true });
    },
    [Symbol.dispose]: () => tallies[Symbol.dispose](),
  };
}

/**
 * The name of a record about something on a platform, whose ids may be anything. Different parts give
 * different names.
 *
 * @param parts The ids.
 * @returns One id of all parts, or a hash where that would be too long for a file.
 */
export async function recordName(...parts: [string, ...string[]]): Promise<string> {
  const id = compositeId(...parts);
  return hashOf(await lockName(id)) ?? id;
}

/**
 * The name of what waits.
 *
 * @param waiting The message.
 * @returns The name of its record in `ocg/waiting`.
 */
export async function waitingName(waiting: ChatAddress & { readonly id: string }): Promise<string> {
  return await recordName(sessionKey(waiting), waiting.id);
}

/**
 * The name of the lock that whoever brings an answer holds: a message that was forwarded twice has two
 * tokens and one answer, and the start after a crash may bring it as well.
 *
 * @param message The message that is answered.
 * @returns The name.
 */
export async function answerLock(message: ChatAddress & { readonly id: string }): Promise<string> {
  return await recordName("ocg", sessionKey(message), message.id);
}

async function folderName(session: string): Promise<string> {
  const name = await lockName(session);
  return hashOf(name) ?? name;
}

/** The hash in a name that had to be one, as a name that stands for itself. */
function hashOf(name: string): string | undefined {
  return name.startsWith("~") ? `sha256-${name.slice(1)}` : undefined;
}
