/**
 * Waiting for a reply: the message's record is watched, since a daemon on the same root may get the reply
 * brought, and the peer is asked now and then, since not every peer can bring one.
 *
 * @module
 */
import type { Outbox } from "../delivery/outbox.ts";
import { MeshError, messageOf } from "../error.ts";
import type { OgpNode } from "./node.ts";
import {
  awaitsReply,
  type OutgoingMessage,
  outgoingMessageOf,
  type Reply,
} from "./outgoing_record.ts";
import { pollReply } from "./reply_poll.ts";

/** What is told while waiting. */
export interface WaitTick {
  /** How far the message got. */
  readonly state: OutgoingMessage["receipt"]["state"];
  /** Milliseconds waited. */
  readonly elapsedMs: number;
  /** Milliseconds left. */
  readonly remainingMs: number;
  /** How often the peer was asked. */
  readonly polls: number;
  /** Why the last question failed. */
  readonly lastError?: string;
}

/** How to wait. */
export interface WaitOptions {
  /** Milliseconds to wait at most. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Told about once a second. */
  readonly onTick?: (tick: WaitTick) => void;
  /** Sends the message itself when it is due again, for a root on which no daemon runs. */
  readonly outbox?: Outbox;
}

/** Milliseconds between looks at the record, since hints of changes may be missed. */
const LOOK_EVERY = 1_000;

/** Milliseconds before the second question, and most between two. */
const POLL_FIRST = 2_000;
const POLL_MOST = 10_000;

/** How much longer each pause between questions is than the one before. */
const POLL_GROWTH = 1.5;

/**
 * Waits for the reply to a message of ours.
 *
 * @param node This gateway.
 * @param nonce The message's nonce.
 * @param options For how long, and who is told.
 * @returns The reply, or `undefined` if there was none in time, or the wait was ended.
 * @throws {MeshError} `not_found` if there is no such message, `refused` with the reason if it was given
 * up.
 */
export async function waitForReply(
  node: OgpNode,
  nonce: string,
  options: WaitOptions,
): Promise<Reply | undefined> {
  return await new Wait(node, nonce, options).run();
}

class Wait {
  readonly #started = performance.now();
  readonly #end = new AbortController();
  #polls = 0;
  #nextPoll = -Infinity;
  #pause = POLL_FIRST;
  #lastError: string | undefined;
  #wake: () => void = () => {};

  constructor(
    readonly node: OgpNode,
    readonly nonce: string,
    readonly options: WaitOptions,
  ) {}

  async run(): Promise<Reply | undefined> {
    const end = () => this.#stop();
    const { signal } = this.options;
    signal?.addEventListener("abort", end, { once: true });
    // What is under way when the time is up is ended, too.
    const timer = setTimeout(end, this.options.timeoutMs);
    if (signal?.aborted) end();
    const watching = this.#watch();
    try {
      return await this.#loop();
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      this.#stop();
      await watching;
    }
  }

  async #loop(): Promise<Reply | undefined> {
    while (true) {
      const woken = new Promise<void>((resolve) => this.#wake = resolve);
      const message = await this.#read();
      if (message.reply) return message.reply;
      if (message.receipt.state === "failed") throw this.#givenUp(message);
      if (this.#end.signal.aborted) return undefined;
      this.#tick(message);
      await this.#sendIfDue(message);
      const reply = await this.#pollIfDue(message);
      if (reply) return reply;
      if (this.#end.signal.aborted) continue;
      await this.#sleep(woken);
    }
  }

  async #read(): Promise<OutgoingMessage> {
    const record = await this.node.state.messagesOut.get(this.nonce);
    if (record) return outgoingMessageOf(this.nonce, record);
    throw new MeshError("not_found", `There is no message "${this.nonce}" of ours`);
  }

  async #sendIfDue({ receipt }: OutgoingMessage): Promise<void> {
    const { outbox } = this.options;
    if (receipt.state !== "queued" || !outbox) return;
    const entry = await outbox.entries.get(this.nonce);
    const due = entry && Date.parse(entry.next_attempt_at) <= this.node.now().getTime();
    if (due) await outbox.attempt(this.nonce, { signal: this.#end.signal });
  }

  /** Asks the peer, once it has the message. */
  async #pollIfDue(message: OutgoingMessage): Promise<Reply | undefined> {
    if (!awaitsReply(message) || performance.now() < this.#nextPoll) return undefined;
    const peer = await this.node.index.get(message.to);
    if (peer?.status !== "approved") return undefined;
    this.#polls++;
    try {
      const reply = await pollReply(this.node, message, peer, { signal: this.#end.signal });
      this.#lastError = undefined;
      return reply;
    } catch (error) {
      // A callback may still come, or the peer come back.
      if (!(error instanceof MeshError)) throw error;
      this.#lastError = messageOf(error);
      return undefined;
    } finally {
      this.#nextPoll = performance.now() + this.#pause;
      this.#pause = Math.min(this.#pause * POLL_GROWTH, POLL_MOST);
    }
  }

  async #watch(): Promise<void> {
    try {
      const { messagesOut } = this.node.state;
      for await (const { id } of messagesOut.watch(this.#end.signal)) {
        if (id === this.nonce) this.#wake();
      }
    } catch {
      // The system has a limit on watches. The record is looked at all the same.
    }
  }

  #tick({ receipt }: OutgoingMessage): void {
    const elapsedMs = performance.now() - this.#started;
    try {
      this.options.onTick?.({
        state: receipt.state,
        elapsedMs,
        remainingMs: Math.max(0, this.options.timeoutMs - elapsedMs),
        polls: this.#polls,
        ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
      });
    } catch {
      // A progress line that cannot be written is no reason to stop waiting.
    }
  }

  async #sleep(woken: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const slept = new Promise<void>((resolve) => timer = setTimeout(resolve, LOOK_EVERY));
    await Promise.race([slept, woken]);
    clearTimeout(timer);
  }

  #stop(): void {
    this.#end.abort();
    this.#wake();
  }

  #givenUp({ receipt }: OutgoingMessage): MeshError {
    const { reason } = (receipt.detail ?? {}) as { reason?: unknown };
    const why = typeof reason === "string" ? `: ${reason}` : "";
    return new MeshError("refused", `The message was given up${why}`, {
      hint:
        `mesh queue retry ${this.nonce} when that is settled, or: mesh queue drop ${this.nonce}`,
    });
  }
}
