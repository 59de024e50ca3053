/**
 * Probes many targets at once and hands out results as they come.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { DEFAULT_TIMEOUT_MS, probe, type ProbeFailureKind, type ProbeResult } from "./probe.ts";
import type { Target, TargetSet } from "./targets.ts";

/** How to scan. */
export interface ScanOptions {
  /** How many probes run at once, 1 to 4,096. Default 256. */
  readonly concurrency?: number;
  /** Milliseconds per probe. Default 500. */
  readonly timeoutMs?: number;
  /** Milliseconds for the whole scan, from its first step on. Default: as long as it takes. */
  readonly deadlineMs?: number;
  /** Ends the scan; what was found until then is still handed out. */
  readonly signal?: AbortSignal;
  /** Told after each probe, before its result is handed out. */
  readonly onProgress?: (summary: ScanSummary) => void;
}

/** How far a scan is. `answered + refused + silent + failed` is `probed`. */
export interface ScanSummary {
  /** How many targets there are. */
  readonly total: number;
  /** How many were asked, up to a result. */
  readonly probed: number;
  /** Agents. */
  readonly answered: number;
  /** Machines that are there and do not listen. */
  readonly refused: number;
  /** Addresses where nothing is, or nothing that answers in time. */
  readonly silent: number;
  /** Whatever else: other servers, damaged answers, forged cards, unknown names. */
  readonly failed: number;
  /** Targets that were not asked, or not to the end, because the scan ended before. */
  readonly skipped: number;
  /** How long it has taken, in whole milliseconds. */
  readonly millis: number;
  /** What ended it. */
  readonly endedBy: "running" | "done" | "deadline" | "interrupted";
}

/** A scan: walk over it once to make it happen. */
export interface Scan extends AsyncIterable<ProbeResult> {
  /** How far it is; final after the walk. */
  readonly summary: ScanSummary;
}

/** A timer cannot wait for longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Scans. Nothing happens before the first step of the walk. No more than `concurrency` probes run, and no
 * more than as many results wait to be handed out, so a slow walk slows the scan down.
 *
 * At the deadline, at an abort and when the walk is broken off, running probes are aborted and awaited:
 * nothing goes on behind the caller's back. An abort ends the walk normally, without an exception.
 *
 * @param targets Whom to ask; walked over as the scan goes on.
 * @param options Limits.
 * @returns The scan.
 * @throws {MeshError} `usage` if an option makes no sense.
 *
 * @example
 * ```ts
 * import { scan } from "./scanner.ts";
 * import { parseTargets } from "./targets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const run = scan(parseTargets(["127.0.0.1-9:1023"]), { deadlineMs: 10_000 });
 * for await (const result of run) if (result.ok) throw new Error("An agent on port 1023?");
 * assertEquals(run.summary.probed, 9);
 * assertEquals(run.summary.endedBy, "done");
 * ```
 */
export function scan(targets: TargetSet, options: ScanOptions = {}): Scan {
  const { concurrency = 256, timeoutMs = DEFAULT_TIMEOUT_MS, deadlineMs = Infinity } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 4096) {
    throw unusable(`${concurrency} probes at once`, "between 1 and 4096");
  }
  if (!(timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS)) {
    throw unusable(`a timeout of ${timeoutMs} ms`, "more than 0");
  }
  if (Number.isNaN(deadlineMs)) throw unusable("this deadline", "a number of milliseconds");
  const run = new Run(targets, { ...options, concurrency, timeoutMs, deadlineMs });
  const walk = run.walk();
  return {
    get summary() {
      return run.summary;
    },
    [Symbol.asyncIterator]: () => walk,
  };
}

type Settled =
  & ScanOptions
  & Required<Pick<ScanOptions, "concurrency" | "timeoutMs" | "deadlineMs">>;

class Run {
  private readonly counts = { answered: 0, refused: 0, silent: 0, failed: 0 };
  private readonly running = new Set<Promise<void>>();
  private readonly stop = new AbortController();
  private ready: ProbeResult[] = [];
  private change = Promise.withResolvers<void>();
  private fault: { readonly error: unknown } | undefined;
  private endedBy: ScanSummary["endedBy"] = "running";
  private startedAt: number | undefined;
  private endedAt: number | undefined;

  constructor(private readonly targets: TargetSet, private readonly options: Settled) {}

  get summary(): ScanSummary {
    const { answered, refused, silent, failed } = this.counts;
    const total = this.targets.size;
    const probed = answered + refused + silent + failed;
    const now = this.endedAt ?? performance.now();
    return {
      total,
      probed,
      ...this.counts,
      skipped: this.endedBy === "running" ? 0 : total - probed,
      millis: Math.round(now - (this.startedAt ?? now)),
      endedBy: this.endedBy,
    };
  }

  async *walk(): AsyncGenerator<ProbeResult, void> {
    const { signal, deadlineMs } = this.options;
    this.startedAt = performance.now();
    const onAbort = () => this.end("interrupted");
    signal?.addEventListener("abort", onAbort, { once: true });
    const timer = deadlineMs <= LONGEST_TIMER_MS
      ? setTimeout(() => this.end("deadline"), Math.max(0, deadlineMs))
      : undefined;
    if (signal?.aborted) onAbort();
    else if (deadlineMs <= 0) this.end("deadline");
    const left = this.targets[Symbol.iterator]();
    try {
      while (this.refill(left) || this.running.size > 0 || this.ready.length > 0) {
        await this.change.promise;
        this.change = Promise.withResolvers();
        if (this.fault) throw this.fault.error;
        const results = this.ready;
        this.ready = [];
        yield* results;
        await nextTurn();
      }
      this.end("done");
    } finally {
      this.end("interrupted");
      left.return?.();
      await Promise.all(this.running);
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      this.endedAt = performance.now();
    }
  }

  /** Starts as many probes as there is room for. Whether there are more targets is only known afterwards. */
  private refill(left: Iterator<Target>): boolean {
    let started = false;
    while (this.endedBy === "running" && this.running.size < this.options.concurrency) {
      const next = left.next();
      if (next.done) break;
      this.start(next.value);
      started = true;
    }
    return started;
  }

  private start(target: Target): void {
    const { timeoutMs } = this.options;
    const work = probe(target, { timeoutMs, signal: this.stop.signal }).then(
      (result) => this.take(result),
    ).catch((error) => {
      if (!this.stop.signal.aborted) this.fault ??= { error };
    }).finally(() => {
      this.running.delete(work);
      this.change.resolve();
    });
    this.running.add(work);
  }

  private take(result: ProbeResult): void {
    this.counts[result.ok ? "answered" : countedAs(result.kind)]++;
    this.ready.push(result);
    this.options.onProgress?.(this.summary);
  }

  private end(by: ScanSummary["endedBy"]): void {
    if (this.endedBy !== "running") return;
    this.endedBy = by;
    this.stop.abort(new DOMException("The scan has ended", "AbortError"));
  }
}

function countedAs(kind: ProbeFailureKind): "refused" | "silent" | "failed" {
  if (kind === "refused") return kind;
  return kind === "timeout" || kind === "unreachable" ? "silent" : "failed";
}

/**
 * A turn of the event loop between two refills. Without it, targets that refuse at once are replaced at
 * once, the runtime serves the newest connections first, and older ones run into their timeout unserved.
 */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function unusable(what: string, allowed: string): MeshError {
  return new MeshError("usage", `Cannot scan with ${what}`, { hint: `It must be ${allowed}` });
}
