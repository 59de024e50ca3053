/**
 * A chat in memory, in which one question is asked.
 *
 * @module
 */
import type {
  Channel,
  ChannelCapabilities,
  ChannelHandler,
  ChannelStatus,
  Outgoing,
  SentMessage,
} from "../../lib/ocg/channel.ts";

/** The id of its only chat. */
const CHAT = "test";

/** A channel of one chat, which shows everything at once. */
export class MemoryChannel implements Channel {
  /** Its id: no platform's. */
  readonly id = "test";
  /** The only account. */
  readonly account = "default";
  /** All that a channel can do, at any speed: what slows an answer down is the agent then. */
  readonly capabilities: ChannelCapabilities = {
    edit: true,
    typing: true,
    media: true,
    authenticated: true,
    maxLength: 1_000_000,
    editEveryMs: 0,
  };
  /** How it is now. */
  status: ChannelStatus = { state: "stopped", since: new Date() };
  readonly #messages = new Map<string, string>();
  readonly #onShown: () => void;
  #handler: ChannelHandler | undefined;
  #ids = 0;

  /** @param onShown Told whenever there is something new to see. */
  constructor(onShown: () => void) {
    this.#onShown = onShown;
  }

  /** All that was said, in order. */
  get text(): string {
    return [...this.#messages.values()].join("\n\n");
  }

  /**
   * Is there.
   *
   * @param handler Whom to tell.
   */
  start(handler: ChannelHandler): void {
    this.#handler = handler;
    this.status = { state: "running", since: new Date() };
    handler.onStatus(this.status);
  }

  /** Is gone. */
  stop(): Promise<void> {
    this.#handler = undefined;
    this.status = { state: "stopped", since: new Date() };
    return Promise.resolve();
  }

  /**
   * Asks.
   *
   * @param text The question.
   */
  async ask(text: string): Promise<void> {
    await this.#handler?.onMessage({
      channel: this.id,
      account: this.account,
      chat: CHAT,
      id: this.#nextId(),
      kind: "direct",
      sender: { id: "owner", name: "the owner" },
      text,
      addressed: true,
      sentAt: new Date(),
    });
  }

  /**
   * Shows a message.
   *
   * @param _chat The only chat.
   * @param message What to show.
   * @returns The message.
   */
  send(_chat: string, message: Outgoing): Promise<SentMessage> {
    const id = this.#nextId();
    this.#messages.set(id, message.text ?? message.mediaUrl ?? "");
    this.#onShown();
    return Promise.resolve({ id });
  }

  /**
   * Changes a message.
   *
   * @param _chat The only chat.
   * @param sent Which.
   * @param text Its new text.
   */
  edit(_chat: string, sent: SentMessage, text: string): Promise<void> {
    this.#messages.set(sent.id, text);
    this.#onShown();
    return Promise.resolve();
  }

  /** Shows nothing. */
  typing(): Promise<void> {
    return Promise.resolve();
  }

  #nextId(): string {
    return `m${++this.#ids}`;
  }
}
