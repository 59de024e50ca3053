/**
 * Brings an answer that is known into its chat, and writes down that it is there.
 *
 * @module
 */
import type { Collection } from "../store/store.ts";
import type { Channel } from "./channel.ts";
import { ChatWriter } from "./chat_writer.ts";
import { partsOf } from "./parts.ts";
import type { MessageRecord } from "./records.ts";

/** What a delivery needs. */
export interface DeliveryParts {
  /** Where to. */
  readonly channel: Channel;
  /** The chat's messages. */
  readonly messages: Collection<MessageRecord>;
  /** The name of the message's record. */
  readonly name: string;
  /** The present. */
  readonly now: () => Date;
}

/** An answer on its way into a chat: the message's record as it is on disk, and what writes. */
export class Answering {
  /** What writes into the chat. */
  readonly writer: ChatWriter;
  readonly #parts: DeliveryParts;
  readonly #signal: AbortSignal;
  #record: MessageRecord;

  /**
   * Nothing is written yet, but what the record says.
   *
   * @param parts What is needed.
   * @param record The message that is answered.
   * @param signal Ends it.
   */
  constructor(parts: DeliveryParts, record: MessageRecord, signal: AbortSignal) {
    this.#parts = parts;
    this.#record = record;
    this.#signal = signal;
    this.writer = new ChatWriter({
      channel: parts.channel,
      chat: record.chat,
      // Between two, everybody knows what is answered.
      replyTo: record.kind === "direct" ? undefined : record.id,
      sent: record.sent,
      note: () => this.change({}),
      signal,
    });
  }

  /** The record, with what was sent. */
  get record(): MessageRecord {
    return { ...this.#record, sent: this.writer.sent };
  }

  /**
   * Changes the record on disk.
   *
   * @param change Its new values.
   * @throws {MeshError} if it cannot be stored.
   */
  async change(change: Partial<MessageRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await this.#parts.messages.put(this.#parts.name, this.record);
  }

  /**
   * Delivers the record's answer, and writes down that it is there.
   *
   * @returns The record as it is now on disk.
   * @throws {MeshError} As the channel does; delivering again goes on from there.
   */
  async deliver(): Promise<MessageRecord> {
    const { channel, now } = this.#parts;
    const { answer = "", isError, mediaUrl, mediaSent, chat } = this.#record;
    if (mediaUrl !== undefined && !mediaSent) {
      await channel.send(chat, { mediaUrl }, this.#signal);
      await this.change({ mediaSent: true });
    }
    await this.writer.finish(partsOf(answer, channel.capabilities), isError);
    await this.change({ state: "answered", answeredAt: now().toISOString() });
    return this.record;
  }
}
