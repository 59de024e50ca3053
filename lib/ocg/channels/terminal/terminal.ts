/**
 * The channel `terminal`: one conversation with whoever types, on streams that are given to it.
 *
 * @module
 */
import { MeshError, messageOf } from "../../../error.ts";
import type {
  Channel,
  ChannelCapabilities,
  ChannelHandler,
  ChannelStatus,
  Outgoing,
  SentMessage,
} from "../../channel.ts";
import { settled } from "../pause.ts";
import { ChannelState } from "../state.ts";
import { visible } from "./visible.ts";

/** What a terminal is made of. */
export interface TerminalOptions {
  /** The account's name; default `default`. */
  readonly account?: string;
  /** What is typed. */
  readonly input: ReadableStream<Uint8Array>;
  /** Writes a text as it is. */
  readonly write: (text: string) => Promise<void>;
  /** Written when the next line may be typed; default nothing. */
  readonly prompt?: string;
  /** What the person is called. */
  readonly name?: string;
  /**
   * Whether an answer is printed while it grows: for a screen, where each piece follows the one before.
   * {@link TerminalChannel.endAnswer} must then be called after each answer. Default no.
   */
  readonly live?: boolean;
  /** Told of each message that was printed; not of what it grows by. */
  readonly onSaid?: (message: Outgoing) => void;
}

/** A message under way on a screen. */
interface Growing {
  readonly id: string;
  /** What of it is printed. */
  text: string;
}

/** The id of the only chat. */
const TERMINAL_CHAT: string = "terminal";

/** The longest line that is taken, in characters. */
const MOST_LINE = 100_000;

/** The longest text that is printed as one, in characters. */
const MOST_TEXT = 100_000;

/** Milliseconds that stopping may take. */
const STOP_MS = 1_000;

/** A conversation on a terminal. */
export class TerminalChannel implements Channel {
  /** Always `terminal`. */
  readonly id = "terminal";
  /** The account's name. */
  readonly account: string;
  /** What a terminal can do: what is printed stays, and a screen takes more of it. */
  readonly capabilities: ChannelCapabilities;
  /** Resolves when the person has ended the input and every line of it was taken. */
  readonly ended: Promise<void>;
  readonly #options: TerminalOptions;
  readonly #state = new ChannelState();
  readonly #run = crypto.randomUUID().slice(0, 8);
  readonly #end = Promise.withResolvers<void>();
  #reader: ReadableStreamDefaultReader<string> | undefined;
  #work: Promise<void> | undefined;
  #count = 0;
  #growing: Growing | undefined;

  /**
   * A conversation that has not started.
   *
   * @param options The streams.
   */
  constructor(options: TerminalOptions) {
    this.#options = options;
    this.account = options.account ?? "default";
    this.capabilities = {
      edit: options.live ?? false,
      typing: false,
      media: true,
      authenticated: true,
      maxLength: MOST_TEXT,
      editEveryMs: 0,
    };
    this.ended = this.#end.promise;
  }

  /** How it is now. */
  get status(): ChannelStatus {
    return this.#state.status;
  }

  /**
   * Reads lines from now on. The input is read only once: after a stop it cannot start again.
   *
   * @param handler Whom to tell.
   */
  start(handler: ChannelHandler): void {
    if (this.#work) return;
    this.#state.tell((status) => handler.onStatus(status));
    this.#state.set({ state: "running" });
    this.#work = this.#read(handler).finally(this.#end.resolve);
  }

  /** Reads no more. */
  async stop(): Promise<void> {
    this.#end.resolve();
    if (this.#reader) await settled(this.#reader.cancel(), STOP_MS);
    if (this.#work) await settled(this.#work, STOP_MS);
    this.#state.set({ state: "stopped" });
  }

  /**
   * Prints something, on lines of its own.
   *
   * @param chat Always `terminal`.
   * @param message What to say. Characters that could steer the terminal are shown instead of sent.
   * @returns What was printed.
   * @throws {MeshError} `refused` for another chat or nothing to say, `unavailable` if nothing can be
   * printed any more.
   */
  async send(chat: string, message: Outgoing): Promise<SentMessage> {
    if (chat !== TERMINAL_CHAT) throw new MeshError("refused", "The terminal has only one chat");
    const text = [message.text, message.mediaUrl].filter((part) => part).join("\n");
    if (text.trim() === "") throw new MeshError("refused", "An empty text cannot be printed");
    const { prompt = "", live } = this.#options;
    const id = this.#nextId();
    const shown = visible(text).trimEnd();
    if (live) {
      await this.#print((this.#growing ? "\n\n" : "") + shown);
      this.#growing = { id, text: shown };
    } else {
      await this.#print(`${shown}\n\n${prompt}`);
    }
    this.#options.onSaid?.(message);
    return { id };
  }

  /**
   * Prints what a message that grows has more than before; only on a screen.
   *
   * @param _chat Always `terminal`.
   * @param sent The message; only the last one can grow.
   * @param text All of its text. If it is not what was printed with more behind it, it is printed anew.
   * @throws {MeshError} `refused` if it cannot grow, `unavailable` if nothing can be printed any more.
   */
  async edit(_chat: string, sent: SentMessage, text: string): Promise<void> {
    const growing = this.#growing;
    if (growing?.id !== sent.id) {
      throw new MeshError("refused", "What is printed cannot be changed");
    }
    const shown = visible(text).trimEnd();
    const isMore = shown.startsWith(growing.text);
    await this.#print(isMore ? shown.slice(growing.text.length) : `\n\n${shown}`);
    growing.text = shown;
  }

  /** Says that an answer is whole: the next line may be typed. */
  async endAnswer(): Promise<void> {
    if (!this.#options.live) return;
    const end = this.#growing ? "\n\n" : "";
    this.#growing = undefined;
    await this.#print(end + (this.#options.prompt ?? ""));
  }

  /** Shows nothing. */
  typing(): Promise<void> {
    return Promise.resolve();
  }

  async #print(text: string): Promise<void> {
    if (text === "") return;
    try {
      await this.#options.write(text);
    } catch (error) {
      const why = `Cannot print: ${messageOf(error)}`;
      throw new MeshError("unavailable", why, { cause: error });
    }
  }

  async #read(handler: ChannelHandler): Promise<void> {
    // Decoded by hand: a `TextDecoderStream` would outlive an input that never ends.
    this.#reader = lines(this.#options.input).getReader();
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        if (value.trim() !== "") await this.#take(value, handler);
      }
    } catch (error) {
      this.#state.set({ state: "failed", error: `Cannot read the input: ${messageOf(error)}` });
    }
  }

  async #take(line: string, handler: ChannelHandler): Promise<void> {
    try {
      await handler.onMessage({
        channel: this.id,
        account: this.account,
        chat: TERMINAL_CHAT,
        id: this.#nextId(),
        kind: "direct",
        sender: { id: TERMINAL_CHAT, name: this.#options.name ?? "you" },
        text: line,
        addressed: true,
        sentAt: new Date(),
      });
    } catch (error) {
      // Nobody sends it again but the person.
      await this.#options.write(`Not sent: ${visible(messageOf(error))}\n`).catch(() => {});
    }
  }

  /** Unique over all runs, since the chat is always the same. */
  #nextId(): string {
    return `${this.#run}-${++this.#count}`;
  }
}

/** The lines of a stream of bytes, without their ends; the last one need not have one. */
function lines(input: ReadableStream<Uint8Array>): ReadableStream<string> {
  const reader = input.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  return new ReadableStream<string>({
    async pull(controller) {
      for (;;) {
        const { done, value } = await reader.read();
        rest += decoder.decode(value, { stream: !done });
        const found = rest.split(/\r?\n/);
        rest = done ? "" : found.pop() ?? "";
        if (rest.length > MOST_LINE) {
          found.push(rest);
          rest = "";
        }
        for (const line of found) controller.enqueue(line);
        if (done) return controller.close();
        if (found.length > 0) return;
      }
    },
    cancel: () => reader.cancel(),
  }, { highWaterMark: 0 });
}
