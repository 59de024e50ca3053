/**
 * The channel `telegram`: one bot of the Bot API.
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
} from "../../channel.ts";
import { Backoff, USUAL_BACKOFF } from "../backoff.ts";
import { pause, settled } from "../pause.ts";
import { ChannelState } from "../state.ts";
import { TelegramClient } from "./client.ts";
import { type Fault, faultOf } from "./fault.ts";
import { readUpdate, type TelegramSelf } from "./incoming.ts";
import type { TelegramOptions } from "./options.ts";
import { poll, sentenceOf } from "./poll.ts";
import { TelegramSender } from "./send.ts";
import { answerWebhook, webhookSecret } from "./webhook.ts";

/** Milliseconds that stopping may take. */
const STOP_MS = 3_000;

/** One Telegram bot. */
export class TelegramChannel implements Channel {
  /** Always `telegram`. */
  readonly id = "telegram";
  /** The account's name. */
  readonly account: string;
  /** What Telegram can do. */
  readonly capabilities: ChannelCapabilities;
  readonly #options: TelegramOptions;
  readonly #client: TelegramClient;
  readonly #sender: TelegramSender;
  readonly #state = new ChannelState();
  #handler: ChannelHandler | undefined;
  #self: TelegramSelf | undefined;
  #stop = new AbortController();
  #work: Promise<void> | undefined;

  /**
   * A channel that has not started.
   *
   * @param options Which bot, and how to reach it.
   */
  constructor(options: TelegramOptions) {
    this.#options = options;
    this.account = options.account;
    this.capabilities = {
      edit: true,
      typing: true,
      media: true,
      maxLength: 4096,
      editEveryMs: options.editEveryMs ?? 1_500,
    };
    this.#client = new TelegramClient(options.botToken, options.apiRoot);
    this.#sender = new TelegramSender(this.#client);
  }

  /** How it is now. */
  get status(): ChannelStatus {
    return this.#state.status;
  }

  /**
   * Starts in the background.
   *
   * @param handler Whom to tell.
   */
  start(handler: ChannelHandler): void {
    if (this.#work) return;
    this.#handler = handler;
    this.#state.tell((status) => handler.onStatus(status));
    this.#stop = new AbortController();
    this.#work = this.#run(this.#stop.signal);
  }

  /** Ends it; a webhook stays set, so that Telegram keeps what comes meanwhile. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#work) await settled(this.#work, STOP_MS);
    this.#work = undefined;
    this.#handler = undefined;
    this.#state.set({ state: "stopped" });
  }

  /**
   * Says something. Markdown becomes formatted text.
   *
   * @param chat Such as `123`, `-100123`, `-100123:topic:4` or `@name`.
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
   * @param chat The chat's id.
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
   * @param chat The chat's id.
   */
  typing(chat: string): Promise<void> {
    return this.#sender.typing(chat);
  }

  /**
   * Answers a call of Telegram to the address in the option `webhook`.
   *
   * @param request The call.
   * @returns 200 when the update is safe; 503 while the channel is not running, so that it comes again.
   */
  async webhook(request: Request): Promise<Response> {
    const self = this.#self;
    if (!this.#handler || !self || !this.#options.webhook) {
      await request.body?.cancel();
      return new Response(null, { status: 503 });
    }
    return answerWebhook(request, await this.#secret(), (update) => this.#take(update, self));
  }

  /** Connects and receives until it is stopped or the token turns out to be wrong. */
  async #run(signal: AbortSignal): Promise<void> {
    this.#state.set({ state: "connecting" });
    const bounds = this.#options.backoff ?? USUAL_BACKOFF;
    const backoff = new Backoff(bounds);
    while (!signal.aborted) {
      const fault = await this.#receive(signal).catch(faultOf);
      if (signal.aborted || !fault) return;
      if (fault.kind === "token") {
        this.#state.set({ state: "failed", error: sentenceOf(fault) });
        return;
      }
      this.#state.set({ state: "connecting", error: sentenceOf(fault) });
      const wait = backoff.next();
      await pause(fault.kind === "flood" ? fault.seconds * 1000 : wait, signal);
    }
  }

  async #receive(signal: AbortSignal): Promise<Fault | undefined> {
    const { webhook, pollSeconds = 30, backoff = USUAL_BACKOFF } = this.#options;
    const { api } = await this.#client.calls();
    const me = await api.getMe(signal);
    const self = { id: me.id, username: me.username };
    this.#self = self;
    const known = { self: `@${self.username}` };
    if (webhook) {
      const secret_token = await this.#secret();
      await api.setWebhook(
        { url: webhook.url, secret_token, allowed_updates: ["message"] },
        signal,
      );
      this.#state.set({ state: "running", ...known });
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return undefined;
    }
    // A webhook that somebody set earlier would keep every update from us.
    await api.deleteWebhook({ drop_pending_updates: false }, signal);
    return await poll({
      ...await this.#client.polling(pollSeconds),
      seconds: pollSeconds,
      backoff,
      signal,
      take: (update) => this.#take(update, self),
      onState: (error) =>
        this.#state.set(
          error === undefined
            ? { state: "running", ...known }
            : { state: "connecting", error, ...known },
        ),
    });
  }

  async #take(update: unknown, self: TelegramSelf): Promise<void> {
    const message = readUpdate(update, this.account, self);
    if (!message) return;
    if (!this.#handler) throw new Error("The channel has stopped");
    await this.#handler.onMessage(message);
  }

  #secret(): Promise<string> {
    const { webhook, botToken } = this.#options;
    return webhook?.secret ? Promise.resolve(webhook.secret) : webhookSecret(botToken);
  }
}
