/**
 * Writes an answer into a chat, message by message, at the platform's pace: each of its messages once, and
 * changed as long as it grows where that can be.
 *
 * @module
 */
import { codeOf } from "../error.ts";
import type { Channel } from "./channel.ts";
import { pauseFor } from "./pause_for.ts";
import type { SentPart } from "./records.ts";
import { withGrace } from "./with_grace.ts";

/** Where and how to write. */
export interface ChatWriterOptions {
  /** The channel. */
  readonly channel: Channel;
  /** The chat. */
  readonly chat: string;
  /** The message that is answered, if the first one of ours is to show that. */
  readonly replyTo?: string | undefined;
  /** What an earlier attempt has sent. */
  readonly sent?: readonly SentPart[] | undefined;
  /**
   * Puts on disk what was sent; the next message waits for it, so that a crash repeats at most one.
   *
   * @param sent All messages so far.
   */
  readonly note: (sent: readonly SentPart[]) => Promise<void>;
  /** Ends waiting and sending. */
  readonly signal: AbortSignal;
}

interface Shown {
  readonly id: string;
  /** What it shows; unknown if an earlier attempt sent it. */
  text: string | undefined;
  final: boolean;
}

/** Milliseconds that a message on its way gets when everything ends. */
const SEND_GRACE = 1_500;

/** What is left of a message of an earlier attempt that the answer does not need. */
const LEFTOVER = "…";

/** The messages of one answer. */
export class ChatWriter {
  readonly #options: ChatWriterOptions;
  readonly #shown: Shown[];
  #editedAt = -Infinity;

  /**
   * Nothing is sent yet, but what an earlier attempt sent.
   *
   * @param options Where and how to write.
   */
  constructor(options: ChatWriterOptions) {
    this.#options = options;
    this.#shown = (options.sent ?? []).map(({ id, final }) => ({ id, final, text: undefined }));
  }

  /** The messages so far. */
  get sent(): readonly SentPart[] {
    return this.#shown.map(({ id, final }) => ({ id, final }));
  }

  /** Milliseconds until a message may be changed again. */
  get untilEdit(): number {
    const { editEveryMs } = this.#options.channel.capabilities;
    return Math.max(0, this.#editedAt + editEveryMs - performance.now());
  }

  /**
   * Makes the chat show an answer under way.
   *
   * @param parts Its messages so far.
   * @throws {MeshError} As the channel does; what is shown then is a part of it.
   */
  async show(parts: readonly string[]): Promise<void> {
    await this.#write(parts, false);
  }

  /**
   * Makes the chat show a whole answer.
   *
   * @param parts Its messages.
   * @param isError Whether it says that there is none.
   * @throws {MeshError} As the channel does; calling it again goes on from there.
   */
  async finish(parts: readonly string[], isError = false): Promise<void> {
    await this.#write(parts, true, isError);
    if (!this.#options.channel.capabilities.edit) return;
    for (const [index, shown] of this.#shown.entries()) {
      if (index < parts.length || shown.final) continue;
      // The answer is in the chat, whatever becomes of this.
      await this.#edit(shown, LEFTOVER, true).catch((error) => {
        if (codeOf(error) !== "refused") throw error;
        shown.final = true;
      });
    }
  }

  async #write(parts: readonly string[], whole: boolean, isError = false): Promise<void> {
    for (const [index, text] of parts.entries()) {
      const shown = this.#shown[index];
      const last = index === parts.length - 1;
      const send = async () => {
        const message = isError ? { text, isError } : { text };
        await this.#send(message, index, whole, whole && last);
      };
      if (shown === undefined) await send();
      else if (!shown.final && (whole || shown.text !== text)) {
        await this.#edit(shown, text, whole).catch(async (error) => {
          // Somebody has deleted it, or it is too old to be changed: the answer is said anew.
          if (!whole || codeOf(error) !== "refused") throw error;
          await send();
        });
      }
    }
  }

  async #send(
    message: { readonly text: string; readonly isError?: boolean },
    index: number,
    whole: boolean,
    end: boolean,
  ): Promise<void> {
    const { channel, chat, replyTo, note, signal } = this.#options;
    const reply = index === 0 && replyTo !== undefined ? { replyTo } : {};
    // Of a message that is interrupted on its way nobody knows whether it is there.
    const { id } = await withGrace(
      signal,
      SEND_GRACE,
      (late) => channel.send(chat, { ...message, ...reply }, late),
    );
    this.#editedAt = performance.now();
    const shown = { id, text: message.text, final: whole || !channel.capabilities.edit };
    this.#shown.splice(index, 1, shown);
    // The end of an answer is put on disk by whoever knows that it is the end.
    if (!end) await note(this.sent);
  }

  async #edit(shown: Shown, text: string, final: boolean): Promise<void> {
    const { channel, chat, signal } = this.#options;
    if (shown.text !== text) {
      await pauseFor(this.untilEdit, signal);
      signal.throwIfAborted();
      await channel.edit(chat, { id: shown.id }, text, signal, final);
      this.#editedAt = performance.now();
      shown.text = text;
    }
    if (final) await channel.settle?.(chat, { id: shown.id });
    shown.final = final;
  }
}
