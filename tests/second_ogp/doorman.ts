/**
 * What a peer was granted, and how often it may use it.
 *
 * @module
 */

/** One thing that a peer may do. */
export interface Scope {
  readonly intent: string;
  readonly enabled: boolean;
  readonly rateLimit?: { readonly requests: number; readonly windowSeconds: number };
  readonly topics?: readonly string[];
  readonly expiresAt?: string;
}

/** All that a peer may do. */
export interface ScopeGrants {
  readonly version: "0.2.0";
  readonly grantedAt: string;
  readonly scopes: readonly Scope[];
}

/** Why the doorman says no. */
export interface Refusal {
  readonly status: 403 | 429;
  readonly error: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** What is granted on an approval when the peer offered nothing. */
export const DEFAULT_INTENTS: readonly string[] = [
  "message",
  "agent-comms",
  "project.join",
  "project.contribute",
  "project.query",
  "project.status",
];

/** What the originals can do, and offer. */
export const ALL_INTENTS: readonly string[] = [
  "message",
  "task-request",
  "status-update",
  "agent-comms",
  "project.join",
  "project.contribute",
  "project.query",
  "project.status",
];

/** What a peer may do that never heard of scopes. */
const V01_INTENTS: readonly string[] = ["message", "task-request", "status-update"];

const RATE = { requests: 100, windowSeconds: 3600 };

/**
 * Grants for some intents.
 *
 * @param intents Their names.
 * @param more A rate other than 100 in an hour, or topics for agent-comms.
 * @returns The grants.
 */
export function grantsFor(
  intents: readonly string[] = DEFAULT_INTENTS,
  more: { rateLimit?: Scope["rateLimit"]; topics?: readonly string[] } = {},
): ScopeGrants {
  const scopes = intents.map((intent): Scope => ({
    intent,
    enabled: true,
    rateLimit: more.rateLimit ?? RATE,
    ...(more.topics && intent === "agent-comms" ? { topics: more.topics } : {}),
  }));
  return { version: "0.2.0", grantedAt: new Date().toISOString(), scopes };
}

/** Lets in what was granted. Counts as the originals do: by what a sender calls itself. */
export class Doorman {
  readonly #uses = new Map<string, number[]>();

  /**
   * Judges a message.
   *
   * @param grants What its sender was granted.
   * @param message The message.
   * @param now Milliseconds since 1970.
   * @returns Why not, if it is not let in.
   */
  refuses(
    grants: ScopeGrants | undefined,
    message: { intent?: unknown; from?: unknown; payload?: { topic?: unknown } },
    now: number,
  ): Refusal | undefined {
    const intent = String(message.intent);
    const scope = (grants ?? grantsFor(V01_INTENTS)).scopes.find((each) => each.intent === intent);
    if (!scope?.enabled) return no(`Intent '${intent}' not in granted scope`);
    if (scope.expiresAt && Date.parse(scope.expiresAt) < now) {
      return no(`Intent '${intent}' expired`);
    }
    if (scope.topics && intent === "agent-comms") {
      const topic = message.payload?.topic;
      if (typeof topic !== "string") return no(`Intent '${intent}' scope check failed`);
      if (!scope.topics.some((each) => topic === each || topic.startsWith(`${each}/`))) {
        return no(`Topic '${topic}' not allowed for intent '${intent}'`);
      }
    }
    return this.#overRate(scope, `${message.from}\n${intent}`, now);
  }

  #overRate({ intent, rateLimit }: Scope, bucket: string, now: number): Refusal | undefined {
    if (!rateLimit) return undefined;
    const window = rateLimit.windowSeconds * 1000;
    const uses = (this.#uses.get(bucket) ?? []).filter((at) => at > now - window);
    this.#uses.set(bucket, uses);
    if (uses.length >= rateLimit.requests) {
      const retryAfter = Math.ceil(((uses[0] ?? now) + window - now) / 1000);
      return { status: 429, error: `Rate limit exceeded for intent '${intent}'`, retryAfter };
    }
    uses.push(now);
    return undefined;
  }
}

function no(error: string): Refusal {
  return { status: 403, error };
}
