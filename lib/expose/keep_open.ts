/**
 * Keeps a tunnel open until it is told not to: a program that ends, or whose URL leads nowhere any more, is
 * started again, after longer and longer pauses, and a new URL is proven and published as the first was.
 *
 * @module
 */
import { codeOf, MeshError, messageOf } from "../error.ts";
import { mayPass, prove, sleep } from "./prove.ts";
import { Tunnel, TunnelError, type TunnelOptions } from "./tunnel.ts";

/** What happens meanwhile. */
export type ExposeEvent =
  /** The URL leads here, and has been published. */
  | { readonly kind: "open"; readonly url: string; readonly pid: number; readonly again: boolean }
  /** The owner has to do something in the tunnel's own service. */
  | { readonly kind: "ask"; readonly text: string }
  /** The tunnel is gone, and is opened again later. */
  | { readonly kind: "lost"; readonly reason: string; readonly againInMs: number };

/** How long things may take, in milliseconds. */
export interface Patience {
  /** From the program's start to its URL. Default 60 s. */
  readonly urlMs: number;
  /** From the URL to the way being open. Default 15 s. */
  readonly connectedMs: number;
  /** From there until the URL has led here. Default 2 min. */
  readonly proofMs: number;
  /** Between looks whether it still does. Default 1 min. */
  readonly checkEveryMs: number;
  /** Between asking the program to end and ending it. Default 3 s. */
  readonly graceMs: number;
  /** Before the program is started again. */
  readonly pauseMs: (failures: number, limited: boolean) => number;
}

/** What it takes. */
export interface KeepOpenOptions extends Omit<TunnelOptions, "onAsk"> {
  /** Looks once whether a URL leads here; throws if not. */
  readonly look: (url: string, signal: AbortSignal) => Promise<void>;
  /** Whether what is exposed runs at all; while it does not, the tunnel is not to blame. */
  readonly isServing: () => Promise<boolean>;
  /** Makes a proven URL known. */
  readonly publish: (url: string, pid: number) => Promise<void>;
  /** Told of what happens. */
  readonly onEvent: (event: ExposeEvent) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Where the usual times do not do. */
  readonly patience?: Partial<Patience>;
}

/** Looks that have to fail in a row. */
const FAILED_LOOKS = 3;

/** Milliseconds after which a run counts as one that worked. */
const STEADY_MS = 60_000;

const USUAL: Patience = {
  urlMs: 60_000,
  connectedMs: 15_000,
  proofMs: 120_000,
  checkEveryMs: 60_000,
  graceMs: 3_000,
  pauseMs: pauseAfter,
};

/**
 * How long to wait before a tunnel program is started again.
 *
 * @param failures How many runs before it failed in a row.
 * @param limited Whether its service said that it is asked too often.
 * @returns Milliseconds: 1 s, doubled with each failure up to 5 min; never below 1 min for `limited`.
 *
 * @example
 * ```ts
 * import { pauseAfter } from "./keep_open.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([0, 1, 5, 50].map((n) => pauseAfter(n, false)), [1000, 2000, 32_000, 300_000]);
 * assertEquals(pauseAfter(0, true), 60_000);
 * ```
 */
export function pauseAfter(failures: number, limited: boolean): number {
  const pause = Math.min(1000 * 2 ** Math.min(failures, 20), 300_000);
  return limited ? Math.max(pause, 60_000) : pause;
}

/**
 * Opens a tunnel, and keeps it open until the signal ends it. The program has ended when this returns or
 * throws.
 *
 * @param options What it takes.
 * @throws {MeshError} If the first run does not get to a working URL: `unavailable`, `timeout`, `refused`.
 * Later failures are told, and tried again.
 */
export async function keepOpen(options: KeepOpenOptions): Promise<void> {
  const { signal, onEvent } = options;
  const patience = { ...USUAL, ...options.patience };
  let failures = 0;
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    let run: Run | undefined;
    try {
      run = new Run(options, patience);
      await run.open(!isFirst);
      throw await run.lost();
    } catch (error) {
      if (signal.aborted) return;
      if (isFirst && !run?.openedAt) throw error;
      const openMs = run?.openedAt ? performance.now() - run.openedAt : 0;
      // One that is gone as soon as it is open is no success: its service would be asked all the time.
      if (openMs >= STEADY_MS) failures = 0;
      const limited = error instanceof TunnelError && error.limited;
      const againInMs = patience.pauseMs(failures++, limited);
      onEvent({ kind: "lost", reason: messageOf(error), againInMs });
      await run?.close();
      await sleep(againInMs, signal);
    } finally {
      await run?.close();
    }
  }
}

/** One run of the program, seen from its start to its end. */
class Run {
  /** When its URL was found to work, in milliseconds of this process. */
  openedAt: number | undefined;
  readonly #options: KeepOpenOptions;
  readonly #patience: Patience;
  readonly #tunnel: Tunnel;
  #url = "";

  constructor(options: KeepOpenOptions, patience: Patience) {
    this.#options = options;
    this.#patience = patience;
    this.#tunnel = new Tunnel({
      ...options,
      onAsk: (text) => options.onEvent({ kind: "ask", text }),
    });
  }

  async open(again: boolean): Promise<void> {
    const { look, publish, onEvent, signal } = this.#options;
    const { urlMs, connectedMs, proofMs } = this.#patience;
    this.#url = (await this.#tunnel.url(urlMs, connectedMs, signal)).replace(/\/+$/, "");
    const proof = new AbortController();
    const proven = prove(
      (interrupt) => look(this.#url, interrupt),
      proofMs,
      AbortSignal.any([signal, proof.signal]),
    );
    // A program that has ended meanwhile will not be proven any more.
    const end = (async () => {
      throw await this.#tunnel.ended;
    })();
    try {
      await Promise.race([proven, end]);
    } finally {
      proof.abort();
      await proven.catch(() => {});
    }
    const { pid } = this.#tunnel;
    await publish(this.#url, pid);
    this.openedAt = performance.now();
    onEvent({ kind: "open", url: this.#url, pid, again });
  }

  /** Settles when the tunnel is of no use any more, with why. */
  async lost(): Promise<Error> {
    const { signal } = this.#options;
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const looking = this.#looks(either);
    const interrupted = sleep(2 ** 31 - 1, either)
      .then(() => new MeshError("interrupted", "Interrupted"));
    try {
      return await Promise.race([this.#tunnel.ended, looking, interrupted]);
    } finally {
      over.abort();
      await Promise.all([looking, interrupted]);
    }
  }

  async close(): Promise<void> {
    await this.#tunnel.close(this.#patience.graceMs);
  }

  async #looks(signal: AbortSignal): Promise<Error> {
    let failed = 0;
    while (!signal.aborted) {
      await sleep(this.#patience.checkEveryMs, signal);
      if (signal.aborted) break;
      const error = await this.#look(signal);
      failed = error ? failed + 1 : 0;
      if (error && (failed >= FAILED_LOOKS || !mayPass(error))) return error;
    }
    return new MeshError("interrupted", "Interrupted");
  }

  /** Why the URL does not lead here, if it is the tunnel's fault. */
  async #look(signal: AbortSignal): Promise<Error | undefined> {
    try {
      await this.#options.look(this.#url, signal);
    } catch (error) {
      const ours = (error as { ownFault?: unknown }).ownFault === true;
      if (signal.aborted || ours || !await this.#options.isServing()) return undefined;
      return error instanceof Error ? error : new MeshError(codeOf(error), messageOf(error));
    }
  }
}
