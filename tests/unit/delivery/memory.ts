/**
 * An outbox in memory with a clock that stands still, for tests of delivery: nothing here depends on a
 * disk or on time that passes.
 *
 * @module
 */
import {
  type Carrier,
  Outbox,
  type OutboxEntry,
  type Outcome,
} from "../../../lib/delivery/outbox.ts";
import { type RetryPolicy, retryPolicy } from "../../../lib/delivery/retry_policy.ts";
import type { Change, Collection, Entry, Lock, Store } from "../../../lib/store/store.ts";

/** Where the clock of every test starts. */
export const START = Date.parse("2026-01-01T12:00:00Z");

/** The entries of an outbox in memory, which counts how often it is looked through. */
export class MemoryCollection implements Collection<OutboxEntry> {
  readonly name = "memory";
  /** What is stored. */
  readonly records = new Map<string, OutboxEntry>();
  /** How often it was listed. */
  lists = 0;
  /** Makes the next listing fail, once. */
  listFailure: Error | undefined;
  /** Makes watching fail. */
  watchFailure: Error | undefined;
  #changed = Promise.withResolvers<void>();

  get(id: string): Promise<OutboxEntry | undefined> {
    return Promise.resolve(this.records.get(id));
  }

  has(id: string): Promise<boolean> {
    return Promise.resolve(this.records.has(id));
  }

  create(id: string, value: OutboxEntry): Promise<boolean> {
    if (this.records.has(id)) return Promise.resolve(false);
    return this.put(id, value).then(() => true);
  }

  put(id: string, value: OutboxEntry): Promise<void> {
    this.records.set(id, structuredClone(value));
    this.#hint();
    return Promise.resolve();
  }

  async update(
    id: string,
    change: (current?: OutboxEntry) => OutboxEntry | undefined | Promise<OutboxEntry | undefined>,
  ): Promise<OutboxEntry | undefined> {
    const changed = await change(this.records.get(id));
    if (changed) await this.put(id, changed);
    return this.records.get(id);
  }

  delete(id: string): Promise<boolean> {
    const deleted = this.records.delete(id);
    if (deleted) this.#hint();
    return Promise.resolve(deleted);
  }

  list(): Promise<{ entries: Entry<OutboxEntry>[] }> {
    this.lists++;
    const failure = this.listFailure;
    this.listFailure = undefined;
    if (failure) return Promise.reject(failure);
    const modifiedAt = new Date(START);
    const entries = Array.from(this.records, ([id, value]) => ({ id, value, modifiedAt }));
    return Promise.resolve({ entries });
  }

  ids(): Promise<string[]> {
    return Promise.resolve([...this.records.keys()].sort());
  }

  async *watch(signal: AbortSignal): AsyncGenerator<Change> {
    if (this.watchFailure) throw this.watchFailure;
    signal.addEventListener("abort", () => this.#hint(), { once: true });
    while (!signal.aborted) {
      await this.#changed.promise;
      if (!signal.aborted) yield { id: "any" };
    }
  }

  #hint(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** A carrier that answers as it is told, and remembers. */
export class FakeCarrier implements Carrier {
  /** The ids that were sent, in order. */
  readonly sent: string[] = [];
  /** The receipts that were written, in order, as `id state`. */
  readonly settled: string[] = [];
  /** What was written with the last receipt. */
  detail: unknown;
  /** How sending ends. */
  answer: (entry: OutboxEntry, signal?: AbortSignal) => Outcome | Promise<Outcome> = () => ACCEPTED;
  /** Makes writing a receipt fail, once. */
  settleFailure: Error | undefined;

  async send(entry: OutboxEntry, signal?: AbortSignal): Promise<Outcome> {
    this.sent.push(entry.id);
    return await this.answer(entry, signal);
  }

  settle(
    entry: OutboxEntry,
    state: "queued" | "accepted" | "failed",
    detail?: unknown,
  ): Promise<void> {
    const failure = this.settleFailure;
    this.settleFailure = undefined;
    if (failure) return Promise.reject(failure);
    this.settled.push(`${entry.id} ${state}`);
    this.detail = detail;
    return Promise.resolve();
  }
}

/** The peer has it. */
export const ACCEPTED: Outcome = { kind: "accepted", answer: { ok: true } };
/** The peer does not want it. */
export const REFUSED: Outcome = { kind: "refused", reason: "no", status: 403 };
/** The peer has a bad moment. */
export const BUSY: Outcome = { kind: "retry", reason: "busy", status: 503 };
/** Nothing answers. */
export const UNREACHABLE: Outcome = { kind: "retry", reason: "silence", unreachable: true };
/** This machine has no network. */
export const OWN_FAULT: Outcome = { kind: "retry", reason: "no network", ownFault: true };

/** An outbox in memory, with all that it works with in reach. */
export class Bench {
  readonly entries = new MemoryCollection();
  readonly failed = new MemoryCollection();
  readonly carrier = new FakeCarrier();
  readonly outbox: Outbox;
  /** Claims that are held, by name. */
  readonly claims = new Set<string>();
  /** The present, in milliseconds since 1970. */
  now = START;
  /** The records of the root itself, where a pause is written down. */
  readonly root = new MemoryCollection();

  /** @param policy When to try again; the standard table without jitter by default. */
  constructor(policy: RetryPolicy = retryPolicy({ jitter: 0 })) {
    this.outbox = new Outbox({
      store: this.store(),
      entries: this.entries,
      failed: this.failed,
      policy,
      carriers: { fake: this.carrier },
      now: () => new Date(this.now),
    });
  }

  /** Queues a message. */
  async add(id: string, to = "stan"): Promise<void> {
    await this.outbox.add(id, "fake", to);
    this.now++;
  }

  /** An entry under way. */
  entry(id: string): OutboxEntry {
    const entry = this.entries.records.get(id);
    if (!entry) throw new Error(`"${id}" is not queued`);
    return entry;
  }

  /** In how many milliseconds an entry is due. */
  dueIn(id: string): number {
    return Date.parse(this.entry(id).next_attempt_at) - this.now;
  }

  /** The store that the outbox works with; its only collection is the root. */
  store(): Store {
    return {
      collection: <T>() => this.root as unknown as Collection<T>,
      withLock: (_name, work) => work(),
      tryClaim: (name) => {
        if (this.claims.has(name)) return Promise.resolve(undefined);
        this.claims.add(name);
        const release = () => Promise.resolve(void this.claims.delete(name));
        const lock: Lock = { release, [Symbol.asyncDispose]: release };
        return Promise.resolve(lock);
      },
    };
  }
}
