/**
 * The loop guard: two agents that answer each other for ever stop when the day's budget of their
 * conversation, or of the peer, is spent. Messages and bytes count, and what comes in counts apart from
 * what goes out.
 *
 * The defaults stop what cannot be people's doing and cost little: a conversation of 200 messages each way
 * in a day is a runaway, and 5,000 of one peer are one every 17 seconds, day and night.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import type { DayTallies, Spending, Tally } from "../ledger/day_tallies.ts";
import { assertRawKey } from "./doorman.ts";

/** Where the budgets are counted, below the state directory. */
export const DAYS_FOLDER = "ogp/traffic/days";

/** How much may pass in a day (UTC) and direction. */
export interface LoopLimits {
  /** Messages of one peer. */
  readonly peerMessages: number;
  /** Bytes of one peer. */
  readonly peerBytes: number;
  /** Messages of one conversation. */
  readonly conversationMessages: number;
  /** Bytes of one conversation. */
  readonly conversationBytes: number;
}

/** The limits where the owner has set none. */
export const DEFAULT_LOOP_LIMITS: LoopLimits = {
  peerMessages: 5000,
  peerBytes: 50_000_000,
  conversationMessages: 200,
  conversationBytes: 5_000_000,
};

/** Whether a message comes from the peer or goes to it. */
export type Direction = "in" | "out";

/** One message that passes. */
export interface Passage {
  /** Which way. */
  readonly direction: Direction;
  /** The peer's raw key, 64 lower-case hex digits. */
  readonly peerKey: string;
  /** The conversation as the sender calls it, if it does; each peer's conversations are its own. */
  readonly conversationId?: string | undefined;
  /** The message's length in bytes. */
  readonly bytes: number;
  /** The present. */
  readonly now: Date;
}

/** What of its budgets a peer has used today. */
export interface LoopUsage {
  /** What came from it. */
  readonly in: Tally;
  /** What went to it. */
  readonly out: Tally;
  /** What may, each way. */
  readonly limit: Tally;
}

/**
 * Keeps the budgets.
 *
 * @example
 * ```ts
 * import { DEFAULT_LOOP_LIMITS, LoopGuard } from "./loop_guard.ts";
 * import { DayTallies } from "../ledger/day_tallies.ts";
 * import { MeshError } from "../error.ts";
 * import { assertRejects } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * using days = new DayTallies(folder);
 * const guard = new LoopGuard(days, { ...DEFAULT_LOOP_LIMITS, conversationMessages: 1 });
 * const passage = { direction: "in", peerKey: "0f".repeat(32), bytes: 500 } as const;
 * await guard.spend({ ...passage, conversationId: "c1", now: new Date() });
 * await assertRejects(
 *   () => guard.spend({ ...passage, conversationId: "c1", now: new Date() }),
 *   MeshError,
 *   "conversation",
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class LoopGuard {
  readonly #days: DayTallies;
  readonly #limits: LoopLimits;

  /**
   * A guard who counts in these tallies.
   *
   * @param days Where the budgets are counted; stays the caller's to close.
   * @param limits How much may pass.
   */
  constructor(days: DayTallies, limits: LoopLimits = DEFAULT_LOOP_LIMITS) {
    this.#days = days;
    this.#limits = limits;
  }

  /**
   * Lets a message pass if both its peer's and its conversation's budget have room for it. If not, neither
   * has less than before.
   *
   * @param passage The message.
   * @throws {MeshError} `rate_limited` with the seconds until the next day (UTC), `too_large` for a
   * message that no day has room for, `bad_key` for a key in another form; or that the budgets cannot be
   * counted, and then it does not pass either.
   */
  async spend({ direction, peerKey, conversationId, bytes, now }: Passage): Promise<void> {
    assertRawKey(peerKey);
    const peer = `${direction}.${peerKey}`;
    const conversation = conversationId ? `${peer}.${conversationId}` : undefined;
    const limit = this.#conversationLimit();
    if (conversation !== undefined) {
      const there = await this.#days.check(conversation, limit, bytes, now);
      if (!there.ok) throw this.#spent("this conversation", there, limit, bytes);
    }
    // The peer's budget is spent first: it bounds how many conversations a peer can make up in a day.
    const ofPeer = await this.#days.spend(peer, this.#peerLimit(), bytes, now);
    if (!ofPeer.ok) throw this.#spent("this peer", ofPeer, this.#peerLimit(), bytes);
    if (conversation === undefined) return;
    let passed = false;
    try {
      const spending = await this.#days.spend(conversation, limit, bytes, now);
      if (!spending.ok) throw this.#spent("this conversation", spending, limit, bytes);
      passed = true;
    } finally {
      if (!passed) await this.#refund(peer, bytes, now);
    }
  }

  /**
   * Tells what a peer has used today.
   *
   * @param peerKey The peer's raw key, 64 lower-case hex digits.
   * @param now The present.
   * @returns Its totals of the day (UTC) and the limit.
   * @throws {MeshError} `bad_key` for a key in another form, or that the budgets cannot be read.
   */
  async usage(peerKey: string, now: Date): Promise<LoopUsage> {
    assertRawKey(peerKey);
    return {
      in: await this.#days.read(`in.${peerKey}`, now),
      out: await this.#days.read(`out.${peerKey}`, now),
      limit: this.#peerLimit(),
    };
  }

  #peerLimit(): Tally {
    return { messages: this.#limits.peerMessages, bytes: this.#limits.peerBytes };
  }

  #conversationLimit(): Tally {
    return { messages: this.#limits.conversationMessages, bytes: this.#limits.conversationBytes };
  }

  async #refund(peer: string, bytes: number, now: Date): Promise<void> {
    try {
      await this.#days.refund(peer, bytes, now);
    } catch {
      // Then the peer has one message less today; what is told is why this one does not pass.
    }
  }

  #spent(
    whose: string,
    { exceeded, retryAfterSeconds }: Spending & { ok: false },
    limit: Tally,
    bytes: number,
  ): MeshError {
    if (bytes > limit.bytes) {
      const message = `A message of ${bytes} bytes is more than the daily budget of ${whose}, ` +
        `${limit.bytes} bytes`;
      return new MeshError("too_large", message, { hint: HINT });
    }
    const message = `The daily budget of ${whose} is spent: ${limit[exceeded]} ${exceeded}`;
    return new MeshError("rate_limited", message, { hint: HINT, retryAfter: retryAfterSeconds });
  }
}

const HINT = 'mesh ogp status shows the budgets; "ogp.loopLimits" in config.json sets them';
