/**
 * What of a daemon is logged: its events, each with how much it matters, and its requests.
 *
 * @module
 */
import type { LogLevel } from "../lib/log/level.ts";
import type { DaemonEvent } from "./daemon_event.ts";
import type { AnsweredRequest, Watch } from "./watch.ts";

/** Where it is logged; a `Logging` fits. */
export interface EventLog {
  /** Whether it takes what matters so much. */
  logs(level: LogLevel): boolean;
  /** Logs something. */
  log(
    level: LogLevel,
    category: string,
    message: string,
    properties?: Readonly<Record<string, unknown>>,
  ): void;
}

/** What events are about, by the beginning of their kind; deliveries are the rest. */
const CATEGORIES: readonly (readonly [beginning: string, category: string])[] = [
  ["contact", "mesh"],
  ["message", "mesh"],
  ["ogp-", "ogp"],
  ["ocg-", "ocg"],
  ["fault", "fault"],
  ["listening", "daemon"],
];

/**
 * Logs an event.
 *
 * @param log Where to.
 * @param event What happened.
 * @param words The same for people.
 */
export function logEvent(
  log: EventLog,
  event: DaemonEvent | { readonly kind: string },
  words: string,
): void {
  const { kind, ...properties } = event;
  const [, category] = CATEGORIES.find(([beginning]) => kind.startsWith(beginning)) ?? [];
  log.log(levelOf(event), category ?? "delivery", words, { event: kind, ...properties });
}

/** Kinds that an owner may have to do something about. */
const WARNINGS: ReadonlySet<string> = new Set([
  "dead",
  "waiting",
  "ocg-agent-failed",
  "ocg-undelivered",
]);

function levelOf(event: DaemonEvent | { readonly kind: string }): LogLevel {
  if (event.kind === "fault") return "error";
  if (WARNINGS.has(event.kind)) return "warning";
  if ("claimsUrlOf" in event && event.claimsUrlOf !== undefined) return "warning";
  return "state" in event && event.state === "failed" ? "warning" : "info";
}

/**
 * Logs requests at the level `debug`, and those that failed by our fault as warnings.
 *
 * @param log Where to.
 * @returns Told of requests by a daemon.
 */
export function logRequests(log: EventLog): NonNullable<Watch["answered"]> {
  return ({ method, path, status, ms }: AnsweredRequest) => {
    const level = status >= 500 ? "warning" : "debug";
    // Most requests are not logged, and cost no words.
    if (!log.logs(level)) return;
    const took = Math.round(ms * 10) / 10;
    log.log(level, "http", `${method} ${path} ${status} in ${took} ms`, {
      method,
      status,
      ms: took,
    });
  };
}

/**
 * Several who watch as one.
 *
 * @param watches Those who watch.
 * @returns Tells all of them.
 */
export function watchAll(...watches: readonly Watch[]): Watch {
  return {
    received: (...told) => watches.forEach((one) => one.received?.(...told)),
    step: (...told) => watches.forEach((one) => one.step?.(...told)),
    attempted: (...told) => watches.forEach((one) => one.attempted?.(...told)),
    answered: (...told) => watches.forEach((one) => one.answered?.(...told)),
  };
}
