/**
 * The channel `discord`: one bot on Discord's gateway.
 *
 * @module
 */
import { messageOf } from "../../../error.ts";
import type {
  Channel,
  ChannelCapabilities,
  ChannelHandler,
  ChannelStatus,
  ChatMessage,
  Outgoing,
  SentMessage,
} from "../../channel.ts";
import { Backoff, USUAL_BACKOFF } from "../backoff.ts";
import { pause, settled } from "../pause.ts";
import { ChannelState } from "../state.ts";
import { faultOf, sentenceOf } from "./fault.ts";
import { stayConnected } from "./gateway.ts";
import { readMessage, Threads } from "./incoming.ts";
import type { DiscordOptions } from "./options.ts";
import { DiscordSender } from "./send.ts";

/** Servers and their threads, messages in servers, direct messages; none needs Discord's permission. */
const INTENTS = (1 << 0) | (1 << 9) | (1 << 12);

/** The text of all messages. */
const MESSAGE_CONTENT = 1 << 15;

/** Milliseconds that stopping may take. */
const STOP_MS = 4_000;

/** Most messages that may wait for our disk. */
const MOST_WAITING = 5_000;

/** One Discord bot. */
export class DiscordChannel implements Channel {
  /** Always `discord`. */
  readonly id = "discord";
  /** The account's name. */
  readonly account: string;
  /** What Discord can do. */
  readonly capabilities: ChannelCapabilities = {
    edit: true,
    typing: true,
    media: true,
    maxLength: 2000,
    editEveryMs: 1_200,
  };
  readonly #options: DiscordOptions;
  readonly #sender: DiscordSender;
  readonly #state = new ChannelState();
  readonly #threads = new Threads();
  #self: { id: string; username: string } | undefined;
  #stop = new AbortController();
  #work: Promise<void> | undefined;
  #waiting = 0;
  #kept: Promise<void> = Promise.resolve();

  /**
   * A channel that has not started.
   *
   * @param options Which bot, and how to reach it.
   */
  constructor(options: DiscordOptions) {
    this.#options = options;
    this.account = options.account;
    this.#sender = new DiscordSender(options.token, options.apiRoot);
  }

  /** How it is now. */
  get status(): ChannelStatus {
    return this.#state.status;
  }

  /**
   * Connects in the background.
   *
   * @param handler Whom to tell.
   */
  start(handler: ChannelHandler): void {
    if (this.#work) return;
    this.#state.tell((status) => handler.onStatus(status));
    this.#stop = new AbortController();
    this.#work = this.#run(handler, this.#stop.signal);
  }

  /** Leaves the gateway. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#work) await settled(Promise.all([this.#work, this.#kept]), STOP_MS);
    this.#work = undefined;
    await this.#sender.close();
    this.#state.set({ state: "stopped" });
  }

  /**
   * Says something; Discord shows Markdown itself.
   *
   * @param chat The channel's or thread's id.
   * @param message What to say.
   * @param signal Gives up.
   * @returns What was sent.
   * @throws {MeshError} `unavailable` or `rate_limited` if it may work later, else `refused`.
   */
  send(chat: string, message: Outgoing, signal?: AbortSignal): Promise<SentMessage> {
    return this.#sender.send(chat, message, signal);
  }

  /**
   * Changes a text of ours.
   *
   * @param chat The channel's id.
   * @param sent The message.
   * @param text Its new text.
   * @param signal Gives up.
   * @throws {MeshError} As {@link send}.
   */
  edit(chat: string, sent: SentMessage, text: string, signal?: AbortSignal): Promise<void> {
    return this.#sender.edit(chat, sent.id, text, signal);
  }

  /**
   * Shows for some seconds that an answer is being written.
   *
   * @param chat The channel's id.
   */
  typing(chat: string): Promise<void> {
    return this.#sender.typing(chat);
  }

  async #run(handler: ChannelHandler, signal: AbortSignal): Promise<void> {
    const { token, messageContent, backoff = USUAL_BACKOFF } = this.#options;
    this.#state.set({ state: "connecting" });
    const fault = await this.#sender.load().then(({ rest }) =>
      stayConnected({
        rest,
        token,
        intents: messageContent ? INTENTS | MESSAGE_CONTENT : INTENTS,
        backoff,
        signal,
        onReady: (user) => this.#self = user,
        onState: (fault) => {
          if (signal.aborted) return;
          if (fault) this.#state.set({ state: "connecting", error: sentenceOf(fault) });
          else this.#state.set({ state: "running", self: this.#self?.username ?? "" });
        },
        onEvent: (type, data) => this.#hear(type, data, handler, signal),
      })
    ).catch(faultOf);
    if (fault && !signal.aborted) this.#state.set({ state: "failed", error: sentenceOf(fault) });
  }

  #hear(type: string, data: unknown, handler: ChannelHandler, signal: AbortSignal): void {
    this.#threads.learn(type, data);
    if (type !== "MESSAGE_CREATE" || !this.#self) return;
    const isThread = (channel: string) => this.#threads.has(channel);
    const message = readMessage(data, this.account, this.#self.id, isThread);
    if (!message || this.#waiting >= MOST_WAITING) return;
    this.#waiting++;
    this.#kept = this.#kept.then(() => this.#keep(message, handler, signal))
      .finally(() => this.#waiting--);
  }

  /** Discord does not send a message again, so what cannot be kept is tried until it can, or we stop. */
  async #keep(message: ChatMessage, handler: ChannelHandler, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    let failed = false;
    for (;;) {
      try {
        await handler.onMessage(message);
        if (failed) this.#state.set({ state: "running" });
        return;
      } catch (error) {
        failed = true;
        if (signal.aborted) return;
        const why = `Cannot keep a message: ${messageOf(error)}`;
        this.#state.set({ state: "running", error: why });
        await pause(backoff.next(), signal);
      }
    }
  }
}
