/**
 * What is remembered of chats over restarts: the address that the plugin itself answers to, and the message
 * that came last, since some platforms charge for what is no answer to a message.
 *
 * @module
 */
import { fields, text } from "./any.ts";
import { readJson, writeJson } from "./small_file.ts";

/** Chats kept; those that were silent for longest are forgotten. */
const MOST = 2_000;

/** A chat. */
export interface KnownChat {
  /** Where the plugin sends answers. */
  readonly to: string;
  /** The platform's id of the last message. */
  readonly last: string;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
}

/** The chats of an account. */
export class Chats {
  readonly #path: string;
  readonly #chats: Map<string, KnownChat>;

  /**
   * Reads what is known.
   *
   * @param folder The account's folder.
   */
  constructor(folder: string) {
    this.#path = `${folder}/mesh-chats.json`;
    const known = Object.entries(fields(readJson(this.#path))).flatMap(([chat, value]) => {
      const { to, last, at } = fields(value);
      const isChat = text(to) !== undefined && text(last) !== undefined && typeof at === "number";
      return isChat ? [[chat, value as KnownChat] as const] : [];
    });
    this.#chats = new Map(known);
  }

  /**
   * Looks a chat up.
   *
   * @param chat The chat.
   * @returns What is known of it.
   */
  get(chat: string): KnownChat | undefined {
    return this.#chats.get(chat);
  }

  /**
   * Notes a message.
   *
   * @param chat The chat.
   * @param known What is to be remembered.
   */
  note(chat: string, known: KnownChat): void {
    this.#chats.delete(chat);
    this.#chats.set(chat, known);
    for (const oldest of this.#chats.keys()) {
      if (this.#chats.size <= MOST) break;
      this.#chats.delete(oldest);
    }
    try {
      writeJson(this.#path, Object.fromEntries(this.#chats));
    } catch {
      // It is known until the end of this process; an answer after that is sent without it.
    }
  }
}
