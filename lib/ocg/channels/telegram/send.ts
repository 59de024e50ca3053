/**
 * What is said to a Telegram chat, at the pace that Telegram allows.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";
import type { Outgoing, SentMessage } from "../../channel.ts";
import { Pace, type PaceLimit } from "../pace.ts";
import { isShared, parseChatId, type TelegramTarget } from "./chat_id.ts";
import type { TelegramApi, TelegramClient } from "./client.ts";
import { errorOf, faultOf } from "./fault.ts";
import { format } from "./format.ts";
import { mediaCall } from "./media.ts";

/** About one message a second to a person; https://core.telegram.org/bots/faq names the limits. */
const PERSON: PaceLimit = { burst: 3, everyMs: 1_000 };

/** Twenty messages a minute to a group. */
const GROUP: PaceLimit = { burst: 4, everyMs: 3_200 };

/** Thirty messages a second in all. */
const ALL: PaceLimit = { burst: 25, everyMs: 36 };

/** Waits that Telegram asks for are kept up to here, in seconds; a longer one is the caller's affair. */
const MOST_WAIT = 90;

/** How often a text is tried again because Telegram asked to wait. */
const MOST_TRIES = 5;

/** Says things for one bot. */
export class TelegramSender {
  readonly #pace = new Pace();

  /**
   * Says nothing yet.
   *
   * @param client The way to the Bot API.
   */
  constructor(private readonly client: TelegramClient) {}

  /**
   * Sends a message.
   *
   * @param chat The chat's id.
   * @param message What to say.
   * @param signal Gives up.
   * @returns What was sent; of a medium and its text, the text.
   * @throws {MeshError} `unavailable` or `rate_limited` if it may work later, else `refused`.
   */
  async send(chat: string, message: Outgoing, signal?: AbortSignal): Promise<SentMessage> {
    const target = parseChatId(chat);
    const text = message.text ?? "";
    if (message.mediaUrl !== undefined) {
      const media = mediaCall(message.mediaUrl, text);
      try {
        const sent = await this.#say(
          target,
          signal,
          (api, to) => media.call(api, { ...to, ...reply(message) }, signal),
        );
        if (media.captioned || text === "") return sent;
      } catch (error) {
        if (!(error instanceof MeshError && error.code === "refused")) throw error;
        // What Telegram cannot fetch or show, the person may still be able to open.
        return await this.#text(target, `${text}\n${message.mediaUrl}`.trim(), message, signal);
      }
    }
    return await this.#text(target, text, message, signal);
  }

  /**
   * Changes a text.
   *
   * @param chat The chat's id.
   * @param id The message's id.
   * @param markdown The new text.
   * @param signal Gives up.
   * @throws {MeshError} As {@link send}.
   */
  async edit(chat: string, id: string, markdown: string, signal?: AbortSignal): Promise<void> {
    const { text, entities } = format(markdown);
    await this.#say(parseChatId(chat), signal, async (api, { chat_id }) => {
      try {
        await api.editMessageText({ chat_id, message_id: Number(id), text, entities }, signal);
      } catch (error) {
        const fault = faultOf(error);
        // It says already what it should say.
        if (fault.kind !== "refused" || !/not modified/i.test(fault.text)) throw error;
      }
      return { message_id: Number(id) };
    });
  }

  /**
   * Shows for five seconds that an answer is being written. It never fails, and never waits for its turn.
   *
   * @param chat The chat's id.
   */
  async typing(chat: string): Promise<void> {
    try {
      const { api } = await this.client.calls();
      await api.sendChatAction({ ...parseChatId(chat), action: "typing" });
    } catch {
      // A sign that does not appear is no loss.
    }
  }

  #text(target: TelegramTarget, markdown: string, message: Outgoing, signal?: AbortSignal) {
    if (markdown.trim() === "") throw new MeshError("refused", "An empty text cannot be sent");
    const { text, entities } = format(markdown);
    return this.#say(
      target,
      signal,
      (api, to) => api.sendMessage({ ...to, text, entities, ...reply(message) }, signal),
    );
  }

  /** Waits for the turn, says it, and does what Telegram's refusals ask for. */
  async #say(
    target: TelegramTarget,
    signal: AbortSignal | undefined,
    call: (api: TelegramApi, target: TelegramTarget) => Promise<{ message_id: number }>,
  ): Promise<SentMessage> {
    const { api } = await this.client.calls();
    let to = target;
    for (let tries = 1;; tries++) {
      const line = String(to.chat_id);
      await this.#pace.turn(line, isShared(to) ? GROUP : PERSON, signal);
      await this.#pace.turn("", ALL, signal);
      try {
        const { message_id } = await call(api, to);
        return { id: String(message_id) };
      } catch (error) {
        signal?.throwIfAborted();
        const fault = faultOf(error);
        if (fault.kind === "moved" && to === target) to = { ...target, chat_id: fault.chat };
        else if (fault.kind === "flood" && fault.seconds <= MOST_WAIT && tries < MOST_TRIES) {
          this.#pace.hold(line, fault.seconds * 1000);
        } else throw errorOf(fault);
      }
    }
  }
}

/** A message that is gone meanwhile must not keep the answer from coming. */
function reply({ replyTo }: Outgoing): object {
  const message_id = Number(replyTo);
  if (!Number.isSafeInteger(message_id) || message_id <= 0) return {};
  return { reply_parameters: { message_id, allow_sending_without_reply: true } };
}
