/**
 * What a chat channel is to the rest: something that brings messages and takes texts. A channel knows
 * nothing of agents, and nobody else knows its platform.
 *
 * @module
 */

/** Where a conversation takes place. */
export interface ChatAddress {
  /** The channel, such as `telegram`. */
  readonly channel: string;
  /** Which of its accounts; `default` if there is one. */
  readonly account: string;
  /** The platform's id of the chat: a person, a group or a thread. */
  readonly chat: string;
}

/** A message of a person. */
export interface ChatMessage extends ChatAddress {
  /** The platform's id of the message, unique in its chat: what a repetition is noticed by. */
  readonly id: string;
  /** Whether it is between two, in a group, or in a thread of one. */
  readonly kind: "direct" | "group" | "thread";
  /** Who wrote it: the platform's id, and a name for people. */
  readonly sender: { readonly id: string; readonly name: string };
  /** What was written. */
  readonly text: string;
  /** Whether it is meant for the bot: always in a direct chat, else by mention, reply or command. */
  readonly addressed: boolean;
  /** When it was written. */
  readonly sentAt: Date;
}

/** A message of ours, to be edited or answered to. */
export interface SentMessage {
  /** The platform's id of it. */
  readonly id: string;
}

/** What to say. */
export interface Outgoing {
  /** The text, within the channel's limit. */
  readonly text?: string;
  /** Where a picture or file is, if the channel can send one. */
  readonly mediaUrl?: string;
  /** The message that it answers. */
  readonly replyTo?: string;
  /** Whether it says that there is no answer, or carries an error that an agent reported. */
  readonly isError?: boolean;
}

/** What a channel can do. */
export interface ChannelCapabilities {
  /** Whether a message of ours can be changed afterwards. */
  readonly edit: boolean;
  /** Whether it can show that an answer is being written. */
  readonly typing: boolean;
  /** Whether it can send media. */
  readonly media: boolean;
  /** Whether all who can write on it were let in by the owner already, such as by a secret link. */
  readonly authenticated?: boolean;
  /** Most characters of a message, in UTF-16 units as the platform counts them. */
  readonly maxLength: number;
  /** Milliseconds between two edits of one message that the platform puts up with. */
  readonly editEveryMs: number;
}

/** How a channel is. */
export interface ChannelStatus {
  /** `connecting` also while it tries again after a failure. */
  readonly state: "stopped" | "connecting" | "running" | "failed";
  /** Who the bot is on the platform, once known. */
  readonly self?: string;
  /** Why it is not running; never a secret. */
  readonly error?: string;
  /** Since when. */
  readonly since: Date;
}

/** Whom a channel tells. */
export interface ChannelHandler {
  /**
   * Takes a message. Resolves when it is on disk: only then may the channel confirm it to its platform, so
   * that a crash in between makes the platform send it again, and the id makes it count once.
   */
  onMessage(message: ChatMessage): Promise<void>;
  /** Told when the channel's status changes. */
  onStatus(status: ChannelStatus): void;
}

/** One account on one platform. */
export interface Channel {
  /** The channel's id, such as `telegram`. */
  readonly id: string;
  /** The account's name. */
  readonly account: string;
  /** What it can do. */
  readonly capabilities: ChannelCapabilities;
  /** How it is now. */
  readonly status: ChannelStatus;
  /**
   * Starts it in the background: connects, and goes on trying with backoff until it is stopped. A failure
   * that trying again cannot mend, such as a wrong token, ends in the status `failed`.
   */
  start(handler: ChannelHandler): void;
  /** Ends it within a few seconds. */
  stop(): Promise<void>;
  /**
   * Says something, waiting for the platform's rate limits.
   *
   * @throws {MeshError} `unavailable` or `rate_limited` if it may work later, `refused` if it never will.
   */
  send(chat: string, message: Outgoing, signal?: AbortSignal): Promise<SentMessage>;
  /**
   * Changes a text of ours; only if `capabilities.edit`. A message that shows the text already is no failure.
   *
   * @param chat The chat.
   * @param sent The message.
   * @param text Its new text.
   * @param signal Gives up.
   * @param final Whether it is known that it will not be changed again.
   * @throws {MeshError} As {@linkcode send}.
   */
  edit(
    chat: string,
    sent: SentMessage,
    text: string,
    signal?: AbortSignal,
    final?: boolean,
  ): Promise<void>;
  /**
   * Called when a text of ours will not be changed any more: resolves when it is there to stay. Only where
   * `edit` does not wait for that itself.
   */
  settle?(chat: string, sent: SentMessage): Promise<void>;
  /** Shows for some seconds that an answer is being written; never fails. */
  typing(chat: string): Promise<void>;
}
