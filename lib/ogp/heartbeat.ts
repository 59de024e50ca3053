/**
 * Looks at each approved peer's gateway from time to time, so that the owner sees who is there, and what
 * waits for a peer goes out soon after it is back.
 *
 * @module
 */
import { isPaused } from "../delivery/pause.ts";
import { breakerState } from "./circuit_breaker.ts";
import { checkPeer, type PeerCheck, readHealth } from "./health.ts";
import type { OgpNode } from "./node.ts";
import type { OgpPeer, PeerHealth } from "./records.ts";

/** How to look. */
export interface HeartbeatOptions {
  /** Milliseconds between looks at a peer; 0 for none. Default: as configured. */
  readonly intervalMs?: number;
  /** Most peers asked at a time. Default 8. */
  readonly concurrency?: number;
  /** Milliseconds that a peer gets to answer. Default 5,000. */
  readonly timeoutMs?: number;
  /** Told after each look. */
  readonly onCheck?: (peer: OgpPeer, check: PeerCheck) => void;
  /** Told when looking itself went wrong, such as on a full disk. */
  readonly onFault?: (error: unknown) => void;
  /** Random numbers from 0 to below 1; for tests. */
  readonly random?: () => number;
}

/** How much a pause between two looks may differ from the interval, as a share of it, either way. */
const JITTER = 0.2;

/** Most milliseconds between looks at who the peers are. */
const LIST_EVERY = 60_000;

/** Looks at peers until it is stopped. */
export class Heartbeat {
  readonly #node: OgpNode;
  readonly #options: HeartbeatOptions;
  readonly #interval: number;
  readonly #random: () => number;
  readonly #stop = new AbortController();
  /** When each peer is looked at next, by key, in milliseconds of this process. */
  readonly #due = new Map<string, number>();
  #wake: () => void = () => {};
  #running: Promise<void> | undefined;

  /**
   * A heartbeat that has not started.
   *
   * @param node This gateway.
   * @param options How to look.
   */
  constructor(node: OgpNode, options: HeartbeatOptions = {}) {
    this.#node = node;
    this.#options = options;
    this.#interval = options.intervalMs ?? node.config.heartbeatMinutes * 60_000;
    this.#random = options.random ?? Math.random;
  }

  /** Starts looking in the background. Does nothing if the interval is 0. */
  start(): void {
    if (this.#interval > 0) this.#running ??= this.#loop();
  }

  /** Ends it, and interrupts what is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#running;
  }

  async #loop(): Promise<void> {
    // Peers become due at different times; a tenth of the interval is exact enough.
    const tick = Math.min(Math.max(this.#interval / 10, 10), LIST_EVERY);
    while (!this.#stop.signal.aborted) {
      try {
        if (!await isPaused(this.#node.state.store)) await this.#round();
      } catch (error) {
        this.#tell(() => this.#options.onFault?.(error));
      }
      await this.#sleep(tick);
    }
  }

  async #round(): Promise<void> {
    const peers = await this.#approved();
    const now = performance.now();
    const due: OgpPeer[] = [];
    for (const peer of peers) {
      const { publicKey } = peer;
      // A new peer's first look is at any time of the interval, so that a start asks nobody all at once.
      if (!this.#due.has(publicKey)) {
        this.#due.set(publicKey, now + this.#random() * this.#interval);
      }
      if ((this.#due.get(publicKey) ?? 0) <= now) due.push(peer);
    }
    const known = new Set(peers.map(({ publicKey }) => publicKey));
    for (const key of this.#due.keys()) if (!known.has(key)) this.#due.delete(key);
    const queue = due.values();
    const workers = Math.min(this.#options.concurrency ?? 8, due.length);
    await Promise.all(Array.from({ length: workers }, async () => {
      for (const peer of queue) await this.#look(peer);
    }));
  }

  async #look(peer: OgpPeer): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const jitter = 1 - JITTER + 2 * JITTER * this.#random();
    this.#due.set(peer.publicKey, performance.now() + this.#interval * jitter);
    const health = await readHealth(this.#node.state, peer.publicKey);
    if (this.#isNeedless(health)) return;
    const check = await checkPeer(this.#node, peer, {
      signal: this.#stop.signal,
      timeoutMs: this.#options.timeoutMs ?? 5000,
    });
    if (!this.#stop.signal.aborted) this.#tell(() => this.#options.onCheck?.(peer, check));
  }

  /** A peer that was just heard from needs no question, and one that is left alone gets none. */
  #isNeedless(health: PeerHealth | undefined): boolean {
    const now = this.#node.now();
    if (breakerState(health, now) === "open") return true;
    const age = now.getTime() - Date.parse(health?.lastSeenAt ?? "");
    return health?.failures.length === 0 && age >= 0 && age < this.#interval / 2;
  }

  async #approved(): Promise<OgpPeer[]> {
    const { entries } = await this.#node.state.peers.list();
    return entries.map(({ value }) => value).filter(({ status }) => status === "approved");
  }

  #tell(tell: () => void): void {
    try {
      tell();
    } catch {
      // The record of the peer's health tells the same.
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#stop.signal.aborted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }
}
