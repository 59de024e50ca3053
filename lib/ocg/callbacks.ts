/**
 * Answers that come later. A token stands for one message; on disk is only its hash, with the address that
 * the answer goes to, so that an answer is delivered also after a restart, or by another daemon on the same
 * root. A token is used up by a delivered answer and by nothing else but its time.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { Breather } from "../store/breather.ts";
import type { Channel } from "./channel.ts";
import type { CallbackAnswer } from "./callback_body.ts";
import { Answering } from "./delivery.ts";
import type { CallbackRecord, MessageRecord } from "./records.ts";
import { reportedError } from "./sentences.ts";
import { answerLock, type OcgState, recordName, waitingName } from "./state.ts";

/** Where and for how long answers are expected. */
export interface CallbacksOptions {
  /** The base URL that agents reach, without a final slash. */
  readonly baseUrl: () => string;
  /** Seconds that an answer may take. */
  readonly ttl: () => number;
  /** The channel that serves an address here, if one does. */
  readonly channelFor: (record: CallbackRecord) => Channel | undefined;
  /** Told of answers that are in their chats. */
  readonly onDelivered?: ((message: MessageRecord) => void) | undefined;
  /** The present. */
  readonly now: () => Date;
}

/** An answer that is expected. */
export interface OpenCallback {
  /** Where it goes: holds the token, and is nowhere else. */
  readonly url: string;
  /** Expects it no longer. */
  withdraw(): Promise<void>;
}

/** The callbacks of one root. */
export class Callbacks {
  readonly #state: OcgState;
  readonly #options: CallbacksOptions;

  /**
   * @param state The state.
   * @param options Where and for how long.
   */
  constructor(state: OcgState, options: CallbacksOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** The base URL that agents reach, without a final slash. */
  get baseUrl(): string {
    return this.#options.baseUrl();
  }

  /**
   * Expects an answer.
   *
   * @param message What is to be answered.
   * @returns The URL for the agent.
   * @throws {MeshError} if it cannot be stored.
   */
  async open(message: MessageRecord): Promise<OpenCallback> {
    const { callbacks } = this.#state;
    const token = crypto.getRandomValues(new Uint8Array(32)).toHex();
    const name = await hashOf(token);
    const { channel, account, chat, id } = message;
    const expires = this.#options.now().getTime() + this.#options.ttl() * 1000;
    const expiresAt = new Date(expires).toISOString();
    await callbacks.create(name, { channel, account, chat, message: id, expiresAt });
    return {
      url: `${this.#options.baseUrl()}/ocg/callback/${token}`,
      withdraw: async () => void await callbacks.delete(name),
    };
  }

  /**
   * Whether a token is open, which costs one look at the disk.
   *
   * @param token What stands in the URL.
   * @returns `false` if it is none, was used or has expired.
   */
  async isOpen(token: string): Promise<boolean> {
    return await this.#find(token) !== undefined;
  }

  /**
   * Delivers an answer.
   *
   * @param token What stands in the URL.
   * @param answer The answer.
   * @param signal Gives up.
   * @returns The message with its answer.
   * @throws {MeshError} `not_found` for a token that is none, was used or has expired; `unavailable` if the
   * channel does not run here; `locked` if another answer to the same message is being delivered; what the
   * channel throws. In all these cases but the first, the token stays as it was.
   */
  async deliver(
    token: string,
    answer: CallbackAnswer,
    signal: AbortSignal,
  ): Promise<MessageRecord> {
    const found = await this.#find(token);
    if (!found) throw unknown();
    const { store } = this.#state;
    const { channel, account, chat, message: id } = found.record;
    const lock = await answerLock({ channel, account, chat, id });
    const delivered = await store.withLock(lock, async () => {
      const again = await this.#find(token);
      if (!again) throw unknown();
      return await this.#answer(again, answer, signal);
    });
    this.#options.onDelivered?.(delivered);
    return delivered;
  }

  /**
   * Forgets tokens whose time is over.
   *
   * @param signal Ends it early.
   * @returns How many.
   */
  async sweep(signal?: AbortSignal): Promise<number> {
    const { callbacks } = this.#state;
    using breather = new Breather();
    let swept = 0;
    for (const name of await callbacks.ids()) {
      const record = await callbacks.get(name);
      if (record && this.#isOver(record)) {
        await this.#expire(record);
        if (await callbacks.delete(name)) swept++;
      }
      if (breather.isDue) await breather.breathe();
      if (signal?.aborted) break;
    }
    return swept;
  }

  async #answer(
    { name, record }: { name: string; record: CallbackRecord },
    answer: CallbackAnswer,
    signal: AbortSignal,
  ): Promise<MessageRecord> {
    const { callbacks, waiting } = this.#state;
    const messages = await this.#state.messages(record);
    const messageName = await recordName(record.message);
    const channel = this.#options.channelFor(record);
    if (!channel) {
      throw new MeshError("unavailable", `Channel "${record.channel}" does not run here`);
    }
    const media = channel.capabilities.media ? answer.mediaUrl : undefined;
    const link = media === undefined ? answer.mediaUrl ?? "" : "";
    const said = [answer.text, link].filter((part) => part !== "").join("\n\n");
    const text = answer.isError ? reportedError(said) : said;
    let answering: MessageRecord | undefined;
    await messages.update(messageName, async (message) => {
      answering = undefined;
      if (!message || message.state === "answered") return undefined;
      // The chat may have been told meanwhile that there will be no answer.
      if (!await callbacks.has(name)) return undefined;
      // Of the same answer, what a failed delivery has sent is not sent again.
      const isSame = message.answer === text && message.mediaUrl === media;
      return answering = {
        ...message,
        state: "answering",
        answer: text,
        isError: answer.isError || undefined,
        mediaUrl: media,
        mediaSent: isSame ? message.mediaSent : undefined,
        sent: isSame ? message.sent : undefined,
      };
    });
    if (!answering) {
      await callbacks.delete(name);
      throw unknown();
    }
    const { chat, id, receivedAt } = answering;
    const left = {
      channel: channel.id,
      account: channel.account,
      chat,
      id,
      receivedAt,
      sequence: 0,
    };
    const leftName = await waitingName(left);
    // The next start brings what this one does not, also if the agent does not bring it again.
    await waiting.create(leftName, left);
    const { now } = this.#options;
    const parts = { channel, messages, name: messageName, now };
    const delivered = await new Answering(parts, answering, signal).deliver();
    await callbacks.delete(name);
    await waiting.delete(leftName);
    return delivered;
  }

  async #find(token: string): Promise<{ name: string; record: CallbackRecord } | undefined> {
    if (!/^[0-9a-f]{64}$/.test(token)) return undefined;
    const name = await hashOf(token);
    const record = await this.#state.callbacks.get(name);
    return record && !this.#isOver(record) ? { name, record } : undefined;
  }

  #isOver({ expiresAt }: CallbackRecord): boolean {
    return !(Date.parse(expiresAt) > this.#options.now().getTime());
  }

  async #expire(record: CallbackRecord): Promise<void> {
    const messages = await this.#state.messages(record);
    const name = await recordName(record.message);
    await messages.update(
      name,
      (message) => message?.state === "asked" ? { ...message, state: "failed" } : undefined,
    );
  }
}

function unknown(): MeshError {
  return new MeshError("not_found", "This callback is unknown, used or expired");
}

async function hashOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return new Uint8Array(digest).toHex();
}
