/**
 * Brings messages to the gateway. A plugin is told that its message was taken when the gateway has it on
 * disk; what the gateway has not taken when the host ends, is offered again by the next one.
 *
 * @module
 */
import { wordsOf } from "./failure.ts";
import type { Incoming } from "./inbound.ts";
import { readJson, writeJson } from "./small_file.ts";
import type { Chats } from "./chats.ts";
import type { InboundMessage, News } from "./wire.ts";

/** Milliseconds before a message is offered again that the gateway could not take. */
const AGAIN_MS = 2_000;

/** Messages under way that are kept for the next start at most. */
const MOST_KEPT = 1_000;

/** What an intake works with. */
export interface IntakeParts {
  /** The account's folder. */
  readonly folder: string;
  /** The chats of the account. */
  readonly chats: Chats;
  /** Tells the gateway. */
  readonly say: (news: News) => void;
}

/** The messages under way to the gateway. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #file: string;
  readonly #waiting = new Map<number, { message: InboundMessage; taken: () => void }>();
  #next = 1;
  #open = true;

  /**
   * Nothing is under way.
   *
   * @param parts What it works with.
   */
  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#file = `${parts.folder}/mesh-untaken.json`;
  }

  /** Offers what an earlier host could not get rid of. */
  resume(): void {
    const kept = readJson(this.#file);
    for (const message of Array.isArray(kept) ? kept : []) void this.#offer(message);
  }

  /**
   * Brings a message.
   *
   * @param incoming The message.
   * @returns When the gateway has it on disk; never, if the host ends before.
   */
  take({ message, to }: Incoming): Promise<void> {
    this.#parts.chats.note(message.chat, { to, last: message.id, at: Date.now() });
    return this.#offer(message);
  }

  /**
   * The gateway's word on a message.
   *
   * @param n The message's number.
   * @param ok Whether it is on disk.
   */
  answered(n: number, ok: boolean): void {
    const waiting = this.#waiting.get(n);
    if (!waiting) return;
    if (!ok) {
      setTimeout(() => this.#say(n, waiting.message), AGAIN_MS).unref();
      return;
    }
    this.#waiting.delete(n);
    waiting.taken();
    if (this.#waiting.size === 0 && readJson(this.#file) !== undefined) this.#keep();
  }

  /** Ends: what is under way is kept for the next host. */
  close(): void {
    this.#open = false;
    if (this.#waiting.size > 0) this.#keep();
  }

  #offer(message: InboundMessage): Promise<void> {
    return new Promise((taken) => {
      const n = this.#next++;
      this.#waiting.set(n, { message, taken });
      this.#say(n, message);
    });
  }

  #say(n: number, message: InboundMessage): void {
    if (this.#open && this.#waiting.has(n)) this.#parts.say({ say: "message", n, message });
  }

  #keep(): void {
    try {
      const messages = [...this.#waiting.values()].map(({ message }) => message);
      writeJson(this.#file, messages.slice(-MOST_KEPT));
    } catch (error) {
      this.#parts.say({ say: "log", text: `Messages cannot be kept: ${wordsOf(error)}` });
    }
  }
}
