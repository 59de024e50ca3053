/**
 * Turns what the gateway sends into messages of people.
 *
 * @module
 */
import type { ChatMessage } from "../../channel.ts";

/** A user, as far as it is needed. */
interface User {
  readonly id: string;
  readonly username?: string;
  readonly global_name?: string | null;
  readonly bot?: boolean;
}

/** The fields of `MESSAGE_CREATE` that are read, all of them doubted. */
interface Message {
  readonly id: string;
  readonly channel_id: string;
  readonly channel_type?: number;
  readonly guild_id?: string;
  readonly type: number;
  readonly content?: string;
  readonly timestamp: string;
  readonly author: User;
  readonly webhook_id?: string;
  readonly member?: { readonly nick?: string | null };
  readonly mentions?: readonly User[];
  readonly referenced_message?: { readonly author?: User } | null;
  readonly attachments?: readonly {
    readonly filename?: string;
    readonly content_type?: string;
    readonly size?: number;
  }[];
  readonly sticker_items?: readonly { readonly name?: string }[];
}

/** An ordinary message, and an answer to one; all other types are notices. */
const WRITTEN: ReadonlySet<number> = new Set([0, 19]);

/** The channel types of threads: of announcements, public, private. */
const THREADS: ReadonlySet<number> = new Set([10, 11, 12]);

const DIRECT = 1;

/**
 * Reads a message.
 *
 * @param data What came with `MESSAGE_CREATE`, of any shape.
 * @param account The account that it came to.
 * @param self The bot's user id.
 * @param isThread Whether a channel is known to be a thread.
 * @returns The message; `undefined` if it is none of a person or holds nothing that can be said in words.
 */
export function readMessage(
  data: unknown,
  account: string,
  self: string,
  isThread: (channel: string) => boolean,
): ChatMessage | undefined {
  try {
    return read(data as Message, account, self, isThread);
  } catch (error) {
    // A shape that we do not know must not end the connection.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function read(
  message: Message,
  account: string,
  self: string,
  isThread: (channel: string) => boolean,
): ChatMessage | undefined {
  const { author, channel_id: chat, channel_type: type, mentions = [] } = message;
  if (author.bot || message.webhook_id || !WRITTEN.has(message.type)) return undefined;
  if (typeof message.id !== "string" || typeof chat !== "string") return undefined;
  const text = [withNames(message.content ?? "", mentions, self), ...contents(message)]
    .filter((part) => part !== "").join("\n");
  const sentAt = new Date(message.timestamp);
  if (text === "" || Number.isNaN(sentAt.getTime())) return undefined;
  const direct = type === undefined ? message.guild_id === undefined : type === DIRECT;
  const thread = type === undefined ? isThread(chat) : THREADS.has(type);
  const mentioned = mentions.some(({ id }) => id === self) ||
    message.referenced_message?.author?.id === self;
  const name = message.member?.nick || author.global_name || author.username || author.id;
  return {
    channel: "discord",
    account,
    chat,
    id: message.id,
    kind: direct ? "direct" : thread ? "thread" : "group",
    sender: { id: author.id, name },
    text,
    addressed: direct || mentioned,
    sentAt,
  };
}

/** Leaves out a mention of us at the start, and writes names instead of numbers elsewhere. */
function withNames(content: string, mentions: readonly User[], self: string): string {
  const rest = content.replace(/^\s*<@!?(\d+)>[\s,:]*/, (all, id) => id === self ? "" : all);
  const names = new Map(mentions.map((user) => [user.id, user.global_name || user.username]));
  return (rest === "" ? content : rest).replace(
    /<@!?(\d+)>/g,
    (all, id) => names.has(id) ? `@${names.get(id)}` : all,
  );
}

function contents({ attachments = [], sticker_items = [] }: Message): string[] {
  const oneLine = (text: string) => text.replace(/\s+/g, " ").slice(0, 200);
  return [
    ...attachments.map(({ filename = "", content_type = "", size }) => {
      const kind = /^(image|video|audio)\//.exec(content_type)?.[1] ?? "file";
      const long = typeof size === "number" ? `, ${Math.ceil(size / 1024)} KiB` : "";
      return `[${kind} "${oneLine(filename)}"${long}]`;
    }),
    ...sticker_items.map(({ name = "" }) => `[sticker "${oneLine(name)}"]`),
  ];
}

/**
 * Remembers which channels are threads, from what the gateway tells.
 */
export class Threads {
  readonly #ids = new Set<string>();

  /**
   * Whether a channel is a thread.
   *
   * @param channel Its id.
   */
  has(channel: string): boolean {
    return this.#ids.has(channel);
  }

  /**
   * Learns from an event.
   *
   * @param type The event's name.
   * @param data What came with it, of any shape.
   */
  learn(type: string, data: unknown): void {
    const { id, threads } = (data ?? {}) as { id?: unknown; threads?: unknown };
    if (type === "THREAD_CREATE" && typeof id === "string") this.#ids.add(id);
    if (type === "THREAD_DELETE" && typeof id === "string") this.#ids.delete(id);
    if (!/^(GUILD_CREATE|THREAD_LIST_SYNC)$/.test(type) || !Array.isArray(threads)) return;
    for (const thread of threads) if (typeof thread?.id === "string") this.#ids.add(thread.id);
  }
}
