/**
 * Turns an update of the Bot API into a message of a person.
 *
 * @module
 */
import type { Message, MessageEntity, Update } from "grammy/types";
import type { ChatMessage } from "../../channel.ts";
import { printChatId } from "./chat_id.ts";
import { describeContents } from "./contents.ts";

/** Who the bot is. */
export interface TelegramSelf {
  /** Its number. */
  readonly id: number;
  /** Its name without the `@`. */
  readonly username: string;
}

/** A person who writes for a group or a channel appears as one of these bots, with `sender_chat`. */
const STANDS_FOR_A_CHAT: ReadonlySet<number> = new Set([136817688, 1087968824]);

/**
 * Reads an update.
 *
 * @param update What Telegram sent, of any shape.
 * @param account The account that it was sent to.
 * @param self Who the bot is.
 * @returns The message; `undefined` if it is none of a person, such as a notice that somebody joined, a
 * post of another bot, or something of an unknown shape.
 */
export function readUpdate(
  update: unknown,
  account: string,
  self: TelegramSelf,
): ChatMessage | undefined {
  try {
    const { message } = update as Update;
    return message && readMessage(message as Message, account, self);
  } catch (error) {
    // A shape that we do not know must not be asked for again and again.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function readMessage(message: Message, account: string, self: TelegramSelf) {
  const sender = senderOf(message);
  const contents = describeContents(message);
  const written = message.text ?? message.caption;
  if (!sender || (written === undefined && contents === undefined)) return undefined;
  if (!Number.isSafeInteger(message.message_id) || !Number.isSafeInteger(message.chat.id)) {
    return undefined;
  }
  const entities = message.entities ?? message.caption_entities ?? [];
  const direct = message.chat.type === "private";
  const topic = message.is_topic_message ? message.message_thread_id : undefined;
  const text = written === undefined ? [] : [withoutAddress(written, entities, self)];
  if (contents !== undefined) text.push(contents);
  const read: ChatMessage = {
    channel: "telegram",
    account,
    chat: printChatId(message.chat.id, topic),
    id: String(message.message_id),
    kind: direct ? "direct" : topic === undefined ? "group" : "thread",
    sender,
    text: text.filter((part) => part !== "").join("\n"),
    addressed: direct || repliesTo(message, self) || mentions(written ?? "", entities, self),
    sentAt: new Date(message.date * 1000),
  };
  return Number.isNaN(read.sentAt.getTime()) ? undefined : read;
}

function senderOf({ from, sender_chat }: Message): ChatMessage["sender"] | undefined {
  if (from && (!from.is_bot || (sender_chat && STANDS_FOR_A_CHAT.has(from.id)))) {
    if (sender_chat && from.is_bot) {
      return { id: String(sender_chat.id), name: sender_chat.title ?? String(sender_chat.id) };
    }
    const name = [from.first_name, from.last_name].filter(Boolean).join(" ");
    return { id: String(from.id), name: name || from.username || String(from.id) };
  }
  return undefined;
}

/** In a topic each message that answers nothing "answers" the topic's first one: that does not count. */
function repliesTo({ reply_to_message: reply }: Message, self: TelegramSelf): boolean {
  return reply?.from?.id === self.id && reply.forum_topic_created === undefined;
}

function mentions(text: string, entities: readonly MessageEntity[], self: TelegramSelf): boolean {
  return entities.some((entity) => isOurs(entity, text, self));
}

/** Whether it is `@bot`, `/command@bot`, or the bot's name as a link. */
function isOurs(entity: MessageEntity, text: string, self: TelegramSelf): boolean {
  if (entity.type === "text_mention") return entity.user.id === self.id;
  if (entity.type !== "mention" && entity.type !== "bot_command") return false;
  const said = text.slice(entity.offset, entity.offset + entity.length).toLowerCase();
  const name = `@${self.username.toLowerCase()}`;
  return entity.type === "mention" ? said === name : said.endsWith(name);
}

/** Leaves out what only says whom the text is for: a mention at the start, the bot's name in a command. */
function withoutAddress(text: string, entities: readonly MessageEntity[], self: TelegramSelf) {
  const first = entities.find(({ offset }) => offset === 0);
  if (!first || !isOurs(first, text, self)) return text;
  if (first.type === "bot_command") {
    return text.slice(0, first.length - self.username.length - 1) + text.slice(first.length);
  }
  const rest = text.slice(first.length).replace(/^[\s,:]+/, "");
  return rest === "" ? text : rest;
}
