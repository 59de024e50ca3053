/**
 * Says things through a plugin.
 *
 * @module
 */
import { fields, method, text, type Unknown } from "./any.ts";
import type { Chats } from "./chats.ts";
import type { PluginConfig } from "./config.ts";
import { HostError } from "./failure.ts";
import type { SendOrder } from "./wire.ts";

/** What sending takes. */
export interface OutboundParts {
  /** The plugin's channel. */
  readonly channel: Unknown;
  /** The configuration. */
  readonly config: PluginConfig;
  /** The plugin's name of the account. */
  readonly accountId: string;
  /** What is known of chats. */
  readonly chats: Chats;
}

/** Milliseconds in which something is an answer to the last message of a chat. */
type Window = (chat: string) => number;

/**
 * Platforms on which only answers are free. QQ takes as one what names a message of the last hour, in groups of
 * the last five minutes; it counts all else, and stops after a few a month.
 */
const ANSWERS_ONLY: Readonly<Record<string, Window>> = {
  qqbot: (chat) => (chat.startsWith("c2c:") ? 55 : 4) * 60_000,
};

/**
 * Says something.
 *
 * @param parts What it takes.
 * @param message What and where.
 * @returns The platform's id of it; empty if the plugin did not tell.
 * @throws {HostError} `later` if the platform did not take it, `plugin` if the plugin cannot send that.
 */
export async function send(parts: OutboundParts, message: SendOrder): Promise<string> {
  const { channel, config, accountId, chats } = parts;
  const { chat, mediaUrl, text: said = "" } = message;
  const known = chats.get(chat);
  const to = known?.to ?? addressOf(channel, chat);
  const window = ANSWERS_ONLY[String(channel.id)];
  const isFresh = known !== undefined && Date.now() - known.at < (window?.(chat) ?? 0);
  const answerTo = isFresh ? known.last : undefined;
  const replyToId = window ? answerTo : message.replyTo;
  const ctx = {
    cfg: config,
    to,
    text: said,
    accountId,
    ...(replyToId === undefined ? {} : { replyToId }),
    ...(mediaUrl === undefined ? {} : { mediaUrl }),
  };
  const name = mediaUrl === undefined ? "sendText" : "sendMedia";
  const call = method(channel.outbound, name) ??
    method(fields(channel.message).send, mediaUrl === undefined ? "text" : "media");
  if (!call) {
    throw new HostError("plugin", `The plugin cannot send ${mediaUrl ? "media" : "texts"}`);
  }
  const result = fields(await call(ctx));
  const { error } = fields(result.meta);
  const failed = text(error) ?? text(fields(error).message) ?? text(result.error);
  if (failed !== undefined) throw new HostError("later", failed);
  return text(result.messageId) ?? text(fields(result.receipt).primaryPlatformMessageId) ?? "";
}

/** The address of a chat that has not written yet. */
function addressOf(channel: Unknown, chat: string): string {
  const normalized = method(channel.messaging, "normalizeTarget")?.(chat);
  return text(normalized) ?? chat;
}
