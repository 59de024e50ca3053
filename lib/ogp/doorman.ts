/**
 * The doorman: whether an approved peer may have this intent, about this topic, now. What he counts
 * belongs to the peer's whole key, whatever it calls itself.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import type { RateLedgers } from "../ledger/rate_ledgers.ts";
import { allowed, quoted } from "./scope_rules.ts";
import type { ScopeGrants } from "./scope_types.ts";

/** Where the rates are counted, below the state directory. */
export const RATES_FOLDER = "ogp/traffic/rates";

/** Somebody at the door. */
export interface Visit {
  /** The peer's raw key, 64 lower-case hex digits. */
  readonly peerKey: string;
  /** What the owner granted the peer; `undefined` or `null` for a v0.1 peer without grants. */
  readonly grants: ScopeGrants | null | undefined;
  /** The intent as received. */
  readonly intent: string;
  /** The topic as received, if there is one. */
  readonly topic?: string | undefined;
  /** The present. */
  readonly now: Date;
}

/**
 * Admits or refuses, by scope and then by rate.
 *
 * @example
 * ```ts
 * import { Doorman } from "./doorman.ts";
 * import { RateLedgers } from "../ledger/rate_ledgers.ts";
 * import { MeshError } from "../error.ts";
 * import { assertRejects } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * using rates = new RateLedgers(folder);
 * const doorman = new Doorman(rates);
 * const visit = { peerKey: "0f".repeat(32), grants: undefined, now: new Date() };
 * await doorman.admit({ ...visit, intent: "message" });
 * await assertRejects(
 *   () => doorman.admit({ ...visit, intent: "deploy" }),
 *   MeshError,
 *   "Intent 'deploy' not in granted scope",
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class Doorman {
  readonly #rates: RateLedgers;

  /**
   * A doorman who counts in these ledgers.
   *
   * @param rates Where the rates are counted; stays the caller's to close.
   */
  constructor(rates: RateLedgers) {
    this.#rates = rates;
  }

  /**
   * Lets a message in, which then counts towards the rate of its intent. Scopes for one intent with
   * different rates count all of its messages, each against its own limit.
   *
   * @param visit Who wants what.
   * @throws {MeshError} `refused` if no scope covers it, `rate_limited` with the seconds to wait if the
   * rate is used up, `bad_key` for a key in another form; or that the rates cannot be counted, and then
   * it is not let in either.
   */
  async admit({ peerKey, grants, intent, topic, now }: Visit): Promise<void> {
    assertRawKey(peerKey);
    const allowance = allowed(grants, intent, topic, now);
    if (!allowance.ok) throw new MeshError("refused", allowance.reason);
    const taking = await this.#rates.take(`${peerKey}.${intent}`, allowance.rate, now);
    if (taking.ok) return;
    throw new MeshError("rate_limited", `Rate limit exceeded for intent ${quoted(intent)}`, {
      hint: `try again in ${taking.retryAfterSeconds} s`,
      retryAfter: taking.retryAfterSeconds,
    });
  }
}

/**
 * Makes sure that a key has the one form under which things are counted: another form of the same key
 * would be counted apart.
 *
 * @param peerKey What should be 64 lower-case hex digits.
 * @throws {MeshError} `bad_key` if it is not.
 */
export function assertRawKey(peerKey: string): void {
  if (/^[0-9a-f]{64}$/.test(peerKey)) return;
  throw new MeshError("bad_key", "Cannot count for a key that is not 64 lower-case hex digits");
}
