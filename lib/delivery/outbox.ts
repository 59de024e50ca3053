/**
 * Deliveries under way: what still has to reach a peer, kept on disk until the peer has answered.
 *
 * An entry says only which message goes to whom, how often it was tried and when it is tried next; the
 * message itself is the protocol's record. Every step leaves something that the next start picks up:
 * the message is stored before its entry, the receipt before the entry is removed, the dead letter before
 * the entry is removed. An attempt holds a claim on its entry, so any number of processes may work on one
 * outbox.
 *
 * The schedule is a promise of how long we try. So only an attempt that was due and that this machine
 * could make counts: one before its time, by an owner's command or because the peer was just heard from,
 * costs the message nothing when it fails. While the owner has paused everything outgoing, nothing is tried.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { correlate, currentCorrelation } from "../log/correlation.ts";
import type { Collection, Store } from "../store/store.ts";
import { nextAttempt } from "./next_attempt.ts";
import { isPaused } from "./pause.ts";
import type { RetryPolicy } from "./retry_policy.ts";

/** A delivery under way, or, below `failed`, one that was given up. */
export interface OutboxEntry {
  /** The message's id; also the entry's name. */
  readonly id: string;
  /** The protocol that the message belongs to. */
  readonly protocol: string;
  /** The id of the peer that it goes to. */
  readonly to: string;
  /** When it was queued, ISO 8601. */
  readonly created_at: string;
  /** How many attempts have failed. */
  readonly attempts: number;
  /** When it is tried next, ISO 8601. */
  readonly next_attempt_at: string;
  /** How the last attempt failed. */
  readonly last_error?: DeliveryError;
  /** What it was queued for, as logs name it: 32 hex digits. */
  readonly correlation?: string;
}

/** Why an attempt failed. */
export interface DeliveryError {
  /** When, ISO 8601. */
  readonly at: string;
  /** One sentence. */
  readonly reason: string;
  /** The HTTP status of the peer's answer, if there was one. */
  readonly status?: number;
}

/**
 * What came of an attempt. `accepted` and `refused` are the peer's own words; `retry` is everything that
 * may pass. A failure of this machine is none of them: it is thrown, or is a `retry` with `ownFault`, and
 * costs the message nothing.
 */
export type Outcome =
  | { readonly kind: "accepted"; readonly answer: unknown }
  | {
    readonly kind: "refused";
    readonly reason: string;
    readonly status?: number;
    /** What else the peer said, for the message's receipt. */
    readonly answer?: unknown;
  }
  | {
    readonly kind: "retry";
    readonly reason: string;
    readonly status?: number;
    /** Seconds that the peer asked to wait. */
    readonly retryAfter?: number;
    /** This machine's network failed, so the attempt does not count. */
    readonly ownFault?: boolean;
    /** The peer could not be reached at all, so other messages to it would fail the same way. */
    readonly unreachable?: boolean;
    /** Nothing was tried, so nothing counts; the next attempt is due then, ISO 8601. */
    readonly postponedTo?: string;
    /** Everything outgoing is paused, so nothing was tried; the entry on disk is as it was. */
    readonly paused?: boolean;
  };

/** An attempt that did not succeed. */
export type Failure = Exclude<Outcome, { readonly kind: "accepted" }>;

/**
 * Where an entry stands after an attempt. `busy`: another process is at it, or only another one speaks its
 * protocol; `gone`: it is settled.
 */
export type Attempt =
  | { readonly state: "accepted"; readonly answer: unknown }
  | { readonly state: "queued"; readonly entry: OutboxEntry; readonly outcome: Outcome }
  | { readonly state: "failed"; readonly entry: OutboxEntry }
  | { readonly state: "busy" }
  | { readonly state: "gone" };

/** How an attempt is made. */
export interface AttemptOptions {
  /** Interrupts it; the entry stays as it is. */
  readonly signal?: AbortSignal;
  /** Recorded as the outcome without sending. */
  readonly assume?: Outcome;
}

/** Why nothing is tried while everything outgoing is paused. */
const PAUSED = "Everything outgoing is paused; mesh resume lets it go on";

/** What a protocol does for its deliveries. */
export interface Carrier {
  /** Nothing of it leaves this machine's owner, so it goes on while everything outgoing is paused. */
  readonly local?: boolean;
  /** When it is tried again; by default as everything else is. */
  readonly policy?: RetryPolicy;
  /** Whether nothing else with the same `to` may be tried before the entry is settled. Default no. */
  inOrder?(entry: OutboxEntry): boolean;
  /** Makes one attempt. A throw is this machine's fault and leaves the entry as it is. */
  send(entry: OutboxEntry, signal?: AbortSignal): Promise<Outcome>;
  /** Writes down what became of the message, durably, before its entry is removed or changed. */
  settle(
    entry: OutboxEntry,
    state: "queued" | "accepted" | "failed",
    answer: unknown,
  ): Promise<void>;
}

/** What an outbox works with. */
export interface OutboxOptions {
  /** The root that it is part of. */
  readonly store: Store;
  /** Deliveries under way. */
  readonly entries: Collection<OutboxEntry>;
  /** Dead letters. */
  readonly failed: Collection<OutboxEntry>;
  /** When to try again. */
  readonly policy: RetryPolicy;
  /** How each protocol sends. */
  readonly carriers: Readonly<Record<string, Carrier>>;
  /** The present; for tests. */
  readonly now?: () => Date;
}

/** The deliveries of one root. */
export class Outbox {
  /** Deliveries under way. */
  readonly entries: Collection<OutboxEntry>;
  /** Dead letters. */
  readonly failed: Collection<OutboxEntry>;
  readonly #options: OutboxOptions;
  readonly #now: () => Date;

  /**
   * An outbox in a root; nothing is read or written yet.
   *
   * @param options Store, collections, policy and carriers.
   */
  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.entries = options.entries;
    this.failed = options.failed;
  }

  /**
   * Queues a message that is stored already. Queueing it again changes nothing.
   *
   * @param id The message's id.
   * @param protocol The protocol whose carrier sends it.
   * @param to The peer's id.
   */
  async add(id: string, protocol: string, to: string): Promise<void> {
    const now = this.#now().toISOString();
    const correlation = currentCorrelation();
    await this.entries.create(id, {
      id,
      protocol,
      to,
      created_at: now,
      attempts: 0,
      next_attempt_at: now,
      ...(correlation === undefined ? {} : { correlation }),
    });
  }

  /**
   * Queues a message and makes the first attempt itself, before a daemon on the same root can.
   *
   * @param id The message's id.
   * @param protocol The protocol whose carrier sends it.
   * @param to The peer's id.
   * @param options As for {@link attempt}.
   * @returns Where the entry stands.
   */
  async send(
    id: string,
    protocol: string,
    to: string,
    options: AttemptOptions = {},
  ): Promise<Attempt> {
    return await this.#claimed(id, async () => {
      await this.add(id, protocol, to);
      return await this.#attempt(id, options);
    });
  }

  /**
   * Makes one attempt now, whenever the entry would be due.
   *
   * @param id The entry's id.
   * @param options `signal` interrupts it; `assume` is an outcome to record without sending, for a peer
   * that was found to be unreachable a moment ago.
   * @returns Where the entry stands.
   */
  async attempt(id: string, options: AttemptOptions = {}): Promise<Attempt> {
    return await this.#claimed(id, () => this.#attempt(id, options));
  }

  /**
   * Makes one attempt now; a dead letter gets a new life for it, with all attempts before it.
   *
   * @param id The entry's or the dead letter's id.
   * @param options As for {@link attempt}.
   * @returns Where the entry stands.
   */
  async retry(id: string, options: AttemptOptions = {}): Promise<Attempt> {
    return await this.#claimed(id, async () => {
      await this.#revive(id);
      return await this.#attempt(id, options);
    });
  }

  /**
   * Forgets a delivery or a dead letter. The message itself stays.
   *
   * @param id The entry's id.
   * @param reason Why, for the message's receipt.
   * @returns Whether there was one; `busy` if an attempt is under way right now.
   * @throws {MeshError} `refused` if this process does not speak its protocol: the message's receipt
   * could not be written, and the message would be queued again.
   */
  async drop(id: string, reason: string): Promise<"dropped" | "absent" | "busy"> {
    await using claim = await this.#options.store.tryClaim(`outbox-${id}`);
    if (!claim) return "busy";
    const entry = await this.entries.get(id) ?? await this.failed.get(id);
    if (!entry) return "absent";
    const carrier = this.#carrier(entry);
    if (!carrier) {
      const sentence = `Cannot drop "${id}": nothing here speaks "${entry.protocol}"`;
      throw new MeshError("refused", sentence);
    }
    await carrier.settle(entry, "failed", { reason });
    const queued = await this.entries.delete(id);
    const dead = await this.failed.delete(id);
    return queued || dead ? "dropped" : "absent";
  }

  /**
   * Whether this process can send an entry; another one on the root may speak other protocols.
   *
   * @param entry The entry.
   * @returns `false` if there is no carrier for it here.
   */
  carries({ protocol }: Pick<OutboxEntry, "protocol">): boolean {
    return Object.hasOwn(this.#options.carriers, protocol);
  }

  /**
   * Whether an entry is handed to the owner's own programs, and not sent to a peer.
   *
   * @param entry The entry.
   * @returns `false` also if there is no carrier for it here.
   */
  isLocal(entry: Pick<OutboxEntry, "protocol">): boolean {
    return this.#carrier(entry)?.local ?? false;
  }

  /**
   * Whether what came later and has the same `to` waits until an entry is settled.
   *
   * @param entry The entry.
   * @returns What its carrier says.
   */
  isInOrder(entry: OutboxEntry): boolean {
    return this.#carrier(entry)?.inOrder?.(entry) ?? false;
  }

  /**
   * Whether the owner has paused everything outgoing.
   *
   * @returns What the root says right now.
   */
  async isPaused(): Promise<boolean> {
    return await isPaused(this.#options.store);
  }

  async #revive(id: string): Promise<void> {
    const dead = await this.failed.get(id);
    if (!dead || !this.carries(dead) || await this.entries.has(id)) return;
    const now = this.#now().toISOString();
    await this.entries.put(id, { ...dead, attempts: 0, next_attempt_at: now });
    await this.#carrier(dead)?.settle(dead, "queued", undefined);
    await this.failed.delete(id);
  }

  async #claimed(id: string, work: () => Promise<Attempt>): Promise<Attempt> {
    await using claim = await this.#options.store.tryClaim(`outbox-${id}`);
    return claim ? await work() : { state: "busy" };
  }

  async #attempt(id: string, { signal, assume }: AttemptOptions = {}): Promise<Attempt> {
    const entry = await this.entries.get(id);
    if (!entry) return { state: "gone" };
    const carrier = this.#carrier(entry);
    if (!carrier) return { state: "busy" };
    if (!carrier.local && await this.isPaused()) return this.#paused(entry);
    const early = Date.parse(entry.next_attempt_at) > this.#now().getTime();
    return await correlate(entry.correlation, async () => {
      const outcome = assume ?? await carrier.send(entry, signal);
      // What was interrupted tells nothing about the peer.
      if (signal?.aborted && outcome.kind === "retry") return { state: "queued", entry, outcome };
      return await this.#record(entry, outcome, carrier, early);
    });
  }

  #carrier(entry: Pick<OutboxEntry, "protocol">): Carrier | undefined {
    return this.carries(entry) ? this.#options.carriers[entry.protocol] : undefined;
  }

  /** The disk is left alone: what was wrong before the pause is still what is wrong. */
  #paused(entry: OutboxEntry): Attempt {
    const last_error = { at: this.#now().toISOString(), reason: PAUSED };
    return {
      state: "queued",
      entry: { ...entry, last_error },
      outcome: { kind: "retry", reason: PAUSED, paused: true },
    };
  }

  async #record(
    entry: OutboxEntry,
    outcome: Outcome,
    carrier: Carrier,
    early: boolean,
  ): Promise<Attempt> {
    if (outcome.kind === "accepted") {
      await carrier.settle(entry, "accepted", outcome.answer);
      await this.entries.delete(entry.id);
      await this.failed.delete(entry.id);
      return { state: "accepted", answer: outcome.answer };
    }
    const counts = outcome.kind === "refused" ||
      !(outcome.ownFault || outcome.postponedTo !== undefined || early);
    const failed = this.#failed(entry, outcome, counts);
    const policy = carrier.policy ?? this.#options.policy;
    const next = nextAttempt(failed, outcome, { early, policy, now: this.#now() });
    if (next === null) {
      await this.failed.put(entry.id, failed);
      await carrier.settle(failed, "failed", detailOf(failed, outcome));
      await this.entries.delete(entry.id);
      return { state: "failed", entry: failed };
    }
    const queued = { ...failed, next_attempt_at: new Date(next).toISOString() };
    await this.entries.put(entry.id, queued);
    return { state: "queued", entry: queued, outcome };
  }

  #failed(entry: OutboxEntry, outcome: Failure, counts: boolean): OutboxEntry {
    // What was not tried tells less than what was.
    if (outcome.kind === "retry" && outcome.postponedTo && entry.last_error) return entry;
    return {
      ...entry,
      attempts: entry.attempts + (counts ? 1 : 0),
      last_error: {
        at: this.#now().toISOString(),
        reason: outcome.reason,
        ...(outcome.status === undefined ? {} : { status: outcome.status }),
      },
    };
  }
}

function detailOf({ last_error }: OutboxEntry, outcome: Failure): unknown {
  const answer = outcome.kind === "refused" ? outcome.answer : undefined;
  return answer === undefined ? last_error : { ...last_error, answer };
}

/**
 * The sentence that tells why an attempt by this machine itself went wrong.
 *
 * @param error What was thrown.
 * @returns One sentence.
 */
export function ownFault(error: unknown): string {
  return `This machine could not try: ${messageOf(error)}`;
}
