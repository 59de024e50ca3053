/**
 * The log of who was let in, refused and approved: `audit/<date>.jsonl` below the root, append-only, a
 * line an event. It tells the owner afterwards what happened; nothing is decided by reading it.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/** One event. Values of foreign origin are cut to 200 characters. */
export interface AuditEvent {
  /** What happened, such as `contact.approved` or `message.refused`. */
  readonly event: string;
  /** Anything that helps to understand it; never a secret, never a message's text. */
  readonly [detail: string]: string | number | boolean | undefined;
}

/** How much may be written. */
export interface AuditOptions {
  /** Most refusals written a minute; the rest is counted. Default 60. */
  readonly refusalsPerMinute?: number;
  /** Most refusals written a day, of some hundred bytes each. Default 5,000. */
  readonly refusalsPerDay?: number;
  /** The present; for tests. */
  readonly now?: () => Date;
}

const LONGEST_VALUE = 200;
const MINUTE = 60_000;
const DAY = 24 * 3_600_000;

/** Appends events. A person's decisions are on disk before they take effect; refusals are best effort. */
export class AuditLog {
  readonly #folder: string;
  readonly #limits: readonly Budget[];
  readonly #now: () => Date;
  #suppressed = 0;

  /**
   * @param root The state directory.
   * @param options Limits and clock.
   */
  constructor(root: string, options: AuditOptions = {}) {
    const { refusalsPerMinute = 60, refusalsPerDay = 5000, now = () => new Date() } = options;
    this.#folder = `${root}/audit`;
    this.#limits = [new Budget(refusalsPerMinute, MINUTE), new Budget(refusalsPerDay, DAY)];
    this.#now = now;
  }

  /**
   * Writes a decision and returns when it is on disk.
   *
   * @param event What was decided.
   * @throws {MeshError} `io` if it cannot be written: then the decision must not take effect.
   */
  async decision(event: AuditEvent): Promise<void> {
    try {
      await this.#append(event, true);
    } catch (error) {
      throw new MeshError("io", `Cannot write the audit log in "${this.#folder}"`, {
        cause: error,
      });
    }
  }

  /**
   * Writes a refusal, unless a stranger has filled this minute or day already: then it is only counted,
   * and the count is written with the next one. Never fails.
   *
   * @param event What was refused.
   */
  async refusal(event: AuditEvent): Promise<void> {
    const time = this.#now().getTime();
    if (!this.#limits.every((limit) => limit.hasRoom(time))) {
      this.#suppressed++;
      return;
    }
    for (const limit of this.#limits) limit.spend();
    const suppressed = this.#suppressed;
    this.#suppressed = 0;
    // A refusal stands whether or not it could be written down.
    await this.#append({ ...event, ...(suppressed > 0 ? { suppressed } : {}) }, false).catch(
      () => {},
    );
  }

  async #append(event: AuditEvent, durable: boolean): Promise<void> {
    const at = this.#now().toISOString();
    const line = JSON.stringify({ at, ...shorten(event) }) + "\n";
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = `${this.#folder}/${at.slice(0, 10)}.jsonl`;
    using file = await Deno.open(path, { append: true, create: true, mode: 0o600 });
    // One write of one line: lines of several processes do not mix.
    await file.write(new TextEncoder().encode(line));
    if (durable) await file.syncData();
  }
}

/** So many events in each period of a length; the periods follow the clock. */
class Budget {
  #period = 0;
  #spent = 0;

  constructor(readonly most: number, readonly length: number) {}

  hasRoom(time: number): boolean {
    const period = Math.floor(time / this.length);
    if (period !== this.#period) this.#spent = 0;
    this.#period = period;
    return this.#spent < this.most;
  }

  spend(): void {
    this.#spent++;
  }
}

function shorten(event: AuditEvent): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([key, value]) => [
      key,
      typeof value === "string" ? value.slice(0, LONGEST_VALUE) : value,
    ]),
  );
}
