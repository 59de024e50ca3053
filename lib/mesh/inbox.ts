/**
 * Reading the messages that were received.
 *
 * @module
 */
import type { JsonObject } from "../signing/json.ts";
import type { Entry } from "../store/store.ts";
import { type DirectMessage, directMessageOf } from "./records.ts";
import type { MeshState } from "./state.ts";

/** Which messages are wanted. */
export interface InboxFilter {
  /** Only of this agent. */
  readonly from?: string;
  /** Only what was stored since. */
  readonly since?: Date;
  /** Only the newest so many. */
  readonly limit?: number;
}

/** A message as stored. */
export interface StoredMessage {
  /** The record's id in the collection. */
  readonly recordId: string;
  /** The message. */
  readonly message: DirectMessage;
  /** The message as signed. */
  readonly document: JsonObject;
  /** When it was stored. */
  readonly receivedAt: Date;
}

/** How many records are read at a time. */
const PAGE = 200;

/**
 * Messages, oldest first.
 *
 * @param state The state directory.
 * @param filter Which ones.
 * @returns The messages; records that are no messages are left out.
 */
export async function readInbox(
  state: Pick<MeshState, "messagesIn">,
  { from, since, limit = Infinity }: InboxFilter = {},
): Promise<StoredMessage[]> {
  const found: StoredMessage[] = [];
  let cursor: string | undefined;
  do {
    const page = await state.messagesIn.list({
      order: "newest",
      // Everything is wanted: one look at the folder is cheaper than many.
      ...(limit === Infinity && !since ? {} : { limit: from ? PAGE : Math.min(PAGE, limit) }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const entry of page.entries) {
      if (since && entry.modifiedAt < since) return found.reverse();
      const stored = storedMessage(entry);
      if (!stored || (from !== undefined && stored.message.from !== from)) continue;
      found.push(stored);
      if (found.length >= limit) return found.reverse();
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found.reverse();
}

/**
 * A record as a message.
 *
 * @param entry The record.
 * @returns The message, or `undefined` if it is none.
 */
function storedMessage(
  { id, value, modifiedAt }: Entry<JsonObject>,
): StoredMessage | undefined {
  try {
    const message = directMessageOf(value);
    return { recordId: id, message, document: value, receivedAt: modifiedAt };
  } catch {
    return undefined;
  }
}
