/**
 * Works an outbox off in a daemon: each entry when it is due, one at a time per peer, several peers side
 * by side. The disk is the truth: the worker looks at it when something changed and from time to time,
 * and keeps nothing but the times at which it has to look again. Entries of protocols that this process
 * does not speak are another one's; while everything outgoing is paused, it rests. What goes to the owner's
 * own programs is a worker's of its own, so that a slow program holds no peer up, and no pause holds it up.
 *
 * @module
 */
import { correlate } from "../log/correlation.ts";
import type { Attempt, Outbox, OutboxEntry, Outcome } from "./outbox.ts";
import { ownFault } from "./outbox.ts";

/** What a worker tells about an entry. `error` is a failure of this machine; the entry stays. */
export interface DeliveryEvent {
  /** The entry before the attempt. */
  readonly entry: OutboxEntry;
  /** What came of it. */
  readonly attempt?: Attempt;
  /** Why this machine could not try. */
  readonly error?: string;
  /** Milliseconds that the attempt took; absent where nothing was tried. */
  readonly ms?: number;
}

/** How a worker works. */
export interface WorkerOptions {
  /** Told after each attempt. */
  readonly onEvent?: (event: DeliveryEvent) => void;
  /** Whether it works off what goes to the owner's own programs, and nothing else. Default no. */
  readonly local?: boolean;
  /** Most peers served at a time. Default 16. */
  readonly concurrency?: number;
  /** Milliseconds between looks at the disk when nothing seems to happen. Default 30,000. */
  readonly rescanMs?: number;
  /** The present; for tests. */
  readonly now?: () => number;
}

/** Milliseconds after which an entry is looked at again that another process was busy with. */
const BUSY_WAIT = 2_000;

/** Milliseconds after which an entry is tried again when this machine itself failed. */
const FAULT_WAIT = 15_000;

/** Milliseconds between looks at the disk when nothing can tell of changes. */
const UNWATCHED_RESCAN = 3_000;

/** Milliseconds between looks whether a pause is over. */
const PAUSED_WAIT = 1_000;

/** Milliseconds in which hints are gathered before the disk is looked at again. */
const GATHER_WAIT = 50;

/** Works off one outbox until it is stopped. */
export class DeliveryWorker {
  readonly #outbox: Outbox;
  readonly #options: WorkerOptions;
  readonly #local: boolean;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  readonly #stopped = new Promise<void>((resolve) =>
    this.#stop.signal.addEventListener("abort", () => resolve(), { once: true })
  );
  /** When to look again at entries that the disk alone would call due. */
  readonly #notBefore = new Map<string, number>();
  /** Peers that something waits for, as of the last look at the disk. */
  #waiting: ReadonlySet<string> = new Set();
  /** Peers that were just heard from. */
  readonly #heard = new Set<string>();
  readonly #activePeers = new Map<string, Promise<void>>();
  #unwatched = false;
  #wake: () => void = () => {};
  #running: Promise<void> | undefined;

  /**
   * A worker that has not started.
   *
   * @param outbox What to work off.
   * @param options How.
   */
  constructor(outbox: Outbox, options: WorkerOptions = {}) {
    this.#outbox = outbox;
    this.#options = options;
    this.#local = options.local ?? false;
    this.#now = options.now ?? Date.now;
  }

  /** Starts working in the background. */
  start(): void {
    this.#running ??= Promise.all([this.#loop(), this.#watch()]).then(() => undefined);
  }

  /** Interrupts attempts under way, which leaves their entries queued, and ends. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
    await Promise.all(this.#activePeers.values());
  }

  /**
   * Tries what waits for a peer that could not be reached: it was just heard from. What the peer has
   * answered already, such as that it wants to be left alone for a while, keeps its time. Costs nothing
   * while nothing waits for the peer.
   *
   * @param to The peer's id.
   */
  peerIsUp(to: string): void {
    if (!this.#waiting.has(to)) return;
    this.#heard.add(to);
    this.#wake();
  }

  async #load(): Promise<OutboxEntry[]> {
    const { entries } = await this.#outbox.entries.list();
    const ours = entries.map(({ value }) => value).filter((entry) =>
      this.#outbox.carries(entry) && this.#outbox.isLocal(entry) === this.#local
    );
    return ours.sort((a, b) => a.created_at < b.created_at ? -1 : 1);
  }

  async #watch(): Promise<void> {
    try {
      for await (const _ of this.#outbox.entries.watch(this.#stop.signal)) this.#wake();
    } catch {
      // The system has a limit on watches. Without one the disk is looked at more often.
      this.#unwatched = true;
      this.#wake();
    }
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const woken = new Promise<void>((resolve) => this.#wake = resolve);
      const started = performance.now();
      const next = await this.#round().catch(() => FAULT_WAIT);
      const took = performance.now() - started;
      await this.#sleep(next, woken);
      // Every file that appears or goes is a hint: many hints become one look at the disk, and looking
      // at a long queue takes a part of the time only.
      const gather = Math.max(GATHER_WAIT, 3 * took);
      if (!this.#stop.signal.aborted) await this.#sleep(gather, this.#stopped);
    }
  }

  /** Starts what is due; returns the milliseconds until something else may be. */
  async #round(): Promise<number> {
    if (!this.#local && await this.#outbox.isPaused()) return PAUSED_WAIT;
    const entries = await this.#load();
    const now = this.#now();
    const due: OutboxEntry[] = [];
    let next = this.#unwatched ? UNWATCHED_RESCAN : Infinity;
    next = Math.min(next, this.#options.rescanMs ?? 30_000);
    const held = new Set<string>();
    for (const entry of entries) {
      if (held.has(entry.to)) continue;
      const wait = this.#dueAt(entry) - now;
      if (wait <= 0) due.push(entry);
      else {
        next = Math.min(next, wait);
        if (this.#outbox.isInOrder(entry)) held.add(entry.to);
      }
    }
    const byPeer = Map.groupBy(due, ({ to }) => to);
    this.#waiting = new Set(entries.map(({ to }) => to));
    const known = new Set(entries.map(({ id }) => id));
    for (const id of this.#notBefore.keys()) if (!known.has(id)) this.#notBefore.delete(id);
    for (const peer of this.#heard) {
      if (!byPeer.has(peer) && !this.#activePeers.has(peer)) this.#heard.delete(peer);
    }
    for (const [peer, entries] of byPeer) {
      if (this.#activePeers.size >= (this.#options.concurrency ?? 16)) break;
      if (this.#activePeers.has(peer)) continue;
      this.#heard.delete(peer);
      const work = this.#serve(entries).finally(() => {
        this.#activePeers.delete(peer);
        this.#wake();
      });
      this.#activePeers.set(peer, work);
    }
    return next;
  }

  /** In milliseconds since 1970. */
  #dueAt(entry: OutboxEntry): number {
    const answered = entry.last_error?.status !== undefined;
    const hurried = this.#heard.has(entry.to) && !answered;
    const due = hurried ? 0 : Date.parse(entry.next_attempt_at) || 0;
    return Math.max(due, this.#notBefore.get(entry.id) ?? 0);
  }

  /** Sends a peer's due entries in the order they were written. */
  async #serve(entries: readonly OutboxEntry[]): Promise<void> {
    let assume: Outcome | undefined;
    for (const entry of entries) {
      if (this.#stop.signal.aborted) return;
      const begun = performance.now();
      try {
        const attempt = await this.#outbox.attempt(entry.id, {
          signal: this.#stop.signal,
          ...(assume ? { assume } : {}),
        });
        if (attempt.state === "queued" && this.#stop.signal.aborted) return;
        const outcome = retryIn(attempt);
        if (outcome?.paused) return;
        if (attempt.state === "busy") this.#notBefore.set(entry.id, this.#now() + BUSY_WAIT);
        else {
          const ms = assume || attempt.state === "gone" ? {} : { ms: performance.now() - begun };
          this.#tell({ entry, attempt, ...ms });
        }
        if (outcome?.unreachable || outcome?.postponedTo !== undefined) assume = outcome;
        if (attempt.state === "accepted" && !this.#local) this.peerIsUp(entry.to);
        const settled = attempt.state !== "busy" && attempt.state !== "queued";
        if (!settled && this.#outbox.isInOrder(entry)) return;
      } catch (error) {
        this.#notBefore.set(entry.id, this.#now() + FAULT_WAIT);
        this.#tell({ entry, error: ownFault(error) });
        if (this.#outbox.isInOrder(entry)) return;
      }
    }
  }

  /** Deliveries go on even if nobody can be told of them, such as when a log's disk is full. */
  #tell(event: DeliveryEvent): void {
    try {
      correlate(event.entry.correlation, () => this.#options.onEvent?.(event));
    } catch {
      // The entry tells the same, on its own disk.
    }
  }

  async #sleep(ms: number, woken: Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const slept = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
    await Promise.race([slept, woken]);
    clearTimeout(timer);
  }
}

function retryIn(attempt: Attempt): Extract<Outcome, { kind: "retry" }> | undefined {
  if (attempt.state !== "queued" || attempt.outcome.kind !== "retry") return undefined;
  return attempt.outcome;
}
