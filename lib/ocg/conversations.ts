/**
 * Turns: in each chat one message after the other, in the order in which they came, several chats side by
 * side, so many at a time.
 *
 * @module
 */
import type { Gate } from "../store/gate.ts";
import { sessionKey } from "./accounts.ts";
import type { WaitingRecord } from "./records.ts";

/** What became of a message: finished, or to be tried again, before which its chat's next ones wait. */
export type Handled = "done" | { readonly retryMs: number };

/** How to work. */
export interface ConversationsOptions {
  /** How many chats are served at a time; may be shared. */
  readonly gate: Gate;
  /**
   * Does what is to be done for a message.
   *
   * @param waiting The message.
   * @param failures How often it was tried in vain.
   * @param signal Aborts when everything ends; what is unfinished then is left as it is.
   */
  readonly handle: (
    waiting: WaitingRecord,
    failures: number,
    signal: AbortSignal,
  ) => Promise<Handled>;
  /** Told of what `handle` throws. */
  readonly onFault: (error: unknown) => void;
}

interface Lane {
  readonly items: WaitingRecord[];
  /** Ids of the items. */
  readonly ids: Set<string>;
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Milliseconds after which is tried again what this machine failed at. */
const FAULT_WAIT = 15_000;

/** The chats of one account. */
export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #lanes = new Map<string, Lane>();
  /** What is under way; not what waits for room, which others may take long to make. */
  readonly #active = new Set<Promise<Handled>>();
  readonly #stop = new AbortController();

  /**
   * No chats yet.
   *
   * @param options How to work.
   */
  constructor(options: ConversationsOptions) {
    this.#options = options;
  }

  /** How many messages wait or are worked at. */
  get size(): number {
    return this.#lanes.values().reduce((sum, { items }) => sum + items.length, 0);
  }

  /**
   * Takes a message; one that is there already is not taken twice.
   *
   * @param waiting The message.
   */
  push(waiting: WaitingRecord): void {
    if (this.#stop.signal.aborted) return;
    const key = sessionKey(waiting);
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      const fresh = { items: [waiting], ids: new Set([waiting.id]), failures: 0, timer: undefined };
      this.#lanes.set(key, fresh);
      this.#turn(key, fresh);
    } else if (!lane.ids.has(waiting.id)) {
      lane.ids.add(waiting.id);
      lane.items.push(waiting);
    }
  }

  /** Interrupts what is under way, and begins nothing more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const { timer } of this.#lanes.values()) clearTimeout(timer);
    await Promise.all(this.#active);
    this.#lanes.clear();
  }

  #turn(key: string, lane: Lane): void {
    void this.#options.gate.run(() => {
      const active = this.#first(lane);
      this.#active.add(active);
      return active.finally(() => this.#active.delete(active));
    }).then((handled) => {
      if (!this.#stop.signal.aborted) this.#next(key, lane, handled);
    });
  }

  async #first({ items, failures }: Lane): Promise<Handled> {
    const { signal } = this.#stop;
    const [first] = items;
    if (signal.aborted || first === undefined) return "done";
    try {
      return await this.#options.handle(first, failures, signal);
    } catch (error) {
      if (!signal.aborted) this.#options.onFault(error);
      return { retryMs: FAULT_WAIT };
    }
  }

  #next(key: string, lane: Lane, handled: Handled): void {
    if (handled !== "done") {
      lane.failures++;
      lane.timer = setTimeout(() => this.#turn(key, lane), handled.retryMs);
      return;
    }
    lane.failures = 0;
    const done = lane.items.shift();
    if (done) lane.ids.delete(done.id);
    if (lane.items.length === 0) this.#lanes.delete(key);
    else this.#turn(key, lane);
  }
}
