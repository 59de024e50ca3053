/**
 * A Telegram chat as one text: the chat's number, and the topic's where a group has topics. The form is
 * the one that OpenClaw's users know, `-1001234:topic:56`.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";

/** Where a message goes, in the Bot API's words. */
export interface TelegramTarget {
  /** The number of a chat, or the `@name` of a public one. */
  readonly chat_id: number | string;
  /** The topic, if it is not the general one. */
  readonly message_thread_id?: number;
}

const FORM = /^(?:(-?\d{1,16})|(@[A-Za-z]\w{3,31}))(?::topic:(\d{1,15}))?$/;

/**
 * Writes a chat's id.
 *
 * @param chat The chat's number.
 * @param topic The topic's number, if the message is in one.
 * @returns The id.
 *
 * @example
 * ```ts
 * import { parseChatId, printChatId } from "./chat_id.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printChatId(-1001234, 56), "-1001234:topic:56");
 * assertEquals(parseChatId("-1001234:topic:56"), { chat_id: -1001234, message_thread_id: 56 });
 * ```
 */
export function printChatId(chat: number, topic?: number): string {
  return topic === undefined ? String(chat) : `${chat}:topic:${topic}`;
}

/**
 * Reads a chat's id.
 *
 * @param text An id as written by {@link printChatId}, or the `@name` of a public group or channel.
 * @returns Where to send to.
 * @throws {MeshError} `refused` if it is no such id.
 */
export function parseChatId(text: string): TelegramTarget {
  const [, id, name, topic] = FORM.exec(text) ?? [];
  const chat_id = id === undefined ? name : Number(id);
  if (chat_id === undefined) {
    throw new MeshError("refused", `"${text.slice(0, 80)}" is not the id of a Telegram chat`, {
      hint: 'An id looks like "123456789", "-1001234567890", "-1001234567890:topic:5" or "@name"',
    });
  }
  return topic === undefined ? { chat_id } : { chat_id, message_thread_id: Number(topic) };
}

/**
 * Whether many people read along, to whom a bot may write less often.
 *
 * @param target Where to.
 * @returns Whether it is a group or a channel.
 */
export function isShared(target: TelegramTarget): boolean {
  return typeof target.chat_id === "string" || target.chat_id < 0;
}
