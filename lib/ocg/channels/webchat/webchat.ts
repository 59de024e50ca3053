/**
 * The channel `webchat`: a page served by the daemon, for whoever has its link. It needs no account
 * anywhere.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";
import type { Store } from "../../../store/store.ts";
import type {
  Channel,
  ChannelCapabilities,
  ChannelHandler,
  ChannelStatus,
  Outgoing,
  SentMessage,
} from "../../channel.ts";
import { ChannelState } from "../state.ts";
import { Growing } from "./growing.ts";
import { RoomLog } from "./room_log.ts";
import { answerWebchat } from "./routes.ts";
import { isRoom } from "./session.ts";
import { Streams } from "./streams.ts";

/** What a webchat is made of. */
export interface WebchatOptions {
  /** The account's name; `default` if there is one. */
  readonly account: string;
  /** What the link carries, at least 32 characters; a secret. */
  readonly token: string;
  /** Where conversations are kept. */
  readonly store: Store;
  /** Names beside this machine's own under which the page is reached, without ports. */
  readonly hosts?: readonly string[];
}

/** Least characters of a token. */
const LEAST_TOKEN = 32;

/** A page to talk to the agent. */
export class WebchatChannel implements Channel {
  /** Always `webchat`. */
  readonly id = "webchat";
  /** The account's name. */
  readonly account: string;
  /** What the page can do. */
  readonly capabilities: ChannelCapabilities = {
    edit: true,
    typing: true,
    media: true,
    authenticated: true,
    maxLength: 100_000,
    editEveryMs: 200,
  };
  readonly #options: WebchatOptions;
  readonly #log: RoomLog;
  readonly #growing: Growing;
  readonly #streams = new Streams();
  readonly #state = new ChannelState();
  #handler: ChannelHandler | undefined;

  /**
   * A webchat that has not started.
   *
   * @param options What it needs.
   * @throws {MeshError} `config_invalid` if the token could be guessed.
   */
  constructor(options: WebchatOptions) {
    if (options.token.length < LEAST_TOKEN) {
      throw new MeshError(
        "config_invalid",
        `The webchat's token has ${options.token.length} characters; it needs ${LEAST_TOKEN}`,
      );
    }
    this.#options = options;
    this.account = options.account;
    this.#log = new RoomLog(options.store, `ocg/webchat/${options.account}`);
    this.#growing = new Growing((room, id, text) => this.#log.change(room, id, text));
  }

  /** How it is now. */
  get status(): ChannelStatus {
    return this.#state.status;
  }

  /**
   * Lets pages talk.
   *
   * @param handler Whom to tell.
   */
  start(handler: ChannelHandler): void {
    this.#handler = handler;
    this.#state.tell((status) => handler.onStatus(status));
    this.#state.set({ state: "running" });
  }

  /** Ends all open pages' connections; they come back when it runs again. */
  async stop(): Promise<void> {
    this.#handler = undefined;
    this.#streams.close();
    this.#state.set({ state: "stopped" });
    await this.#growing.settleAll();
  }

  /**
   * Says something in a room; it is there as well when the page is opened later.
   *
   * @param chat The room.
   * @param message What to say.
   * @returns What was sent.
   * @throws {MeshError} `refused` if there is no such room or nothing to say.
   */
  async send(chat: string, message: Outgoing): Promise<SentMessage> {
    const text = [message.text, message.mediaUrl].filter((part) => part).join("\n");
    if (text.trim() === "") throw new MeshError("refused", "An empty text cannot be sent");
    if (!isRoom(chat) || !(this.#streams.isOpen(chat) || await this.#log.has(chat))) {
      throw new MeshError("refused", `There is no webchat room "${chat.slice(0, 80)}"`);
    }
    const entry = { from: "bot", text, at: Date.now() } as const;
    const { message: kept } = await this.#log.append(chat, entry);
    this.#streams.push(chat, "message", kept);
    return { id: kept.id };
  }

  /**
   * Changes a text of ours. Open pages show it at once; it is on the disk after {@link settle}.
   *
   * @param chat The room.
   * @param sent The message.
   * @param text Its new text.
   * @throws {MeshError} `refused` if there is no such message.
   */
  async edit(chat: string, sent: SentMessage, text: string): Promise<void> {
    if (!isRoom(chat)) throw new MeshError("refused", "There is no such webchat room");
    const at = Math.floor(Number(sent.id) / 1000);
    this.#streams.push(chat, "message", { id: sent.id, from: "bot", text, at });
    await this.#growing.change(chat, sent.id, text);
  }

  /**
   * Brings a text of ours to the disk.
   *
   * @param chat The room.
   * @param sent The message.
   * @throws {MeshError} if it cannot be stored.
   */
  async settle(chat: string, sent: SentMessage): Promise<void> {
    await this.#growing.settle(chat, sent.id);
  }

  /**
   * Shows for some seconds that an answer is being written.
   *
   * @param chat The room.
   */
  typing(chat: string): Promise<void> {
    this.#streams.push(chat, "typing", {});
    return Promise.resolve();
  }

  /**
   * Answers a browser. To be mounted at `WEBCHAT_PATH` and all paths below it.
   *
   * @param request What the browser asks.
   * @returns The answer; never an error.
   */
  fetch(request: Request): Promise<Response> {
    return answerWebchat(request, {
      account: this.account,
      token: this.#options.token,
      hosts: this.#options.hosts ?? [],
      log: this.#log,
      growing: this.#growing,
      streams: this.#streams,
      handler: this.#handler,
    });
  }
}
