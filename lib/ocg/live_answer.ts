/**
 * Shows an answer while it is being written. The agent is never held up by the chat: what comes meanwhile
 * goes into the next change, and a chat that cannot be written to now gets all of it in the end.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { ChannelCapabilities } from "./channel.ts";
import type { ChatWriter } from "./chat_writer.ts";
import { settledParts } from "./parts.ts";
import { pauseFor } from "./pause_for.ts";

/** Milliseconds before a chat is tried again that could not be written to. */
const FAILURE_WAIT = 5000;

/** One answer under way. */
export class LiveAnswer {
  readonly #writer: ChatWriter;
  readonly #capabilities: ChannelCapabilities;
  readonly #ended = new AbortController();
  #text = "";
  #shown = "";
  #running: Promise<void> | undefined;

  /**
   * Nothing has come yet.
   *
   * @param writer Writes into the chat.
   * @param capabilities What the channel can do.
   */
  constructor(writer: ChatWriter, capabilities: ChannelCapabilities) {
    this.#writer = writer;
    this.#capabilities = capabilities;
  }

  /**
   * Takes a further piece.
   *
   * @param piece What the agent has added.
   */
  add(piece: string): void {
    this.#text += piece;
    this.#running ??= this.#run().finally(() => this.#running = undefined);
  }

  /** Ends it: nothing is written any more when this resolves. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    while (this.#text !== this.#shown && !signal.aborted) {
      if (this.#capabilities.edit) await pauseFor(this.#writer.untilEdit, signal);
      if (signal.aborted) return;
      const text = this.#text;
      try {
        await this.#writer.show(settledParts(text, this.#capabilities));
        this.#shown = text;
      } catch (error) {
        // Whether the chat can be written to is settled with the whole answer.
        const wait = error instanceof MeshError ? error.retryAfter : undefined;
        await pauseFor(wait === undefined ? FAILURE_WAIT : wait * 1000, signal);
      }
    }
  }
}
