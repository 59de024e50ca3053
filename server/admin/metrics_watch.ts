/**
 * Where the counters of a daemon get their numbers from: its events, and what is measured on the way.
 *
 * @module
 */
import { HANDOVER_PROTOCOL } from "../../lib/ogp/handover/entry.ts";
import type { Attempted, Metrics } from "../../lib/metrics/metrics.ts";
import type { OcgTold, Tell } from "../daemon_event.ts";
import { surfaceOf } from "../openapi/surface_of.ts";
import type { Watch } from "../watch.ts";

/** What deliveries' events are counted as. */
const ATTEMPTED: Readonly<Record<"delivered" | "waiting" | "dead", Attempted>> = {
  delivered: "accepted",
  waiting: "waiting",
  dead: "dead",
};

/** Most conversations whose agent is waited for at a time; of more, not all are measured. */
const MOST_WAITING = 10_000;

/**
 * Counts a daemon's events.
 *
 * @param metrics Where they are counted.
 * @param clock Milliseconds of a clock that never goes back; for tests.
 * @returns Takes events; those that count nothing are left alone.
 */
export function metricsTell(
  metrics: Metrics,
  clock: () => number = () => performance.now(),
): Tell {
  const chats = new ChatCounts(metrics, clock);
  return (event) => {
    switch (event.kind) {
      case "contact":
        return metrics.requests.add({ protocol: "mesh" });
      case "ogp-request":
        return metrics.requests.add({ protocol: "ogp" });
      case "delivered":
      case "waiting":
      case "dead": {
        const { protocol = "mesh", kind } = event;
        const outcome = ATTEMPTED[kind];
        if (protocol === HANDOVER_PROTOCOL) metrics.agentAnswers.add({ surface: "ogp", outcome });
        else metrics.sent.add({ protocol, outcome });
        return;
      }
      case "fault":
        return metrics.faults.add();
      case "ocg-message":
      case "ocg-answered":
      case "ocg-forwarded":
      case "ocg-agent-failed":
      case "ocg-undelivered":
      case "ocg-stranger":
        return chats.count(event);
    }
  };
}

/** What happens in a chat. */
type InChat = Extract<OcgTold, { readonly chat: string }>;

/** Counts what happens in chats: an agent's turn is from a message to what becomes of it. */
class ChatCounts {
  readonly #metrics: Metrics;
  readonly #clock: () => number;
  readonly #since = new Map<string, number>();

  constructor(metrics: Metrics, clock: () => number) {
    this.#metrics = metrics;
    this.#clock = clock;
  }

  count(event: InChat): void {
    const { received, sent } = this.#metrics;
    const protocol = "ocg";
    const chat = `${event.channel}\0${event.account}\0${event.chat}`;
    switch (event.kind) {
      case "ocg-message":
        received.add({ protocol, outcome: "accepted" });
        if (this.#since.size < MOST_WAITING && !this.#since.has(chat)) {
          this.#since.set(chat, this.#clock());
        }
        return;
      case "ocg-stranger":
        return received.add({ protocol, outcome: "refused" });
      case "ocg-answered":
        sent.add({ protocol, outcome: "accepted" });
        return this.#turn(chat, "accepted");
      case "ocg-forwarded":
        return this.#turn(chat, "waiting");
      case "ocg-agent-failed":
        return this.#turn(chat, "dead");
      case "ocg-undelivered":
        return sent.add({ protocol, outcome: event.again ? "waiting" : "dead" });
    }
  }

  #turn(chat: string, outcome: Attempted): void {
    const surface = "ocg";
    this.#metrics.agentAnswers.add({ surface, outcome });
    const begun = this.#since.get(chat);
    this.#since.delete(chat);
    if (begun === undefined) return;
    this.#metrics.agentSeconds.observe({ surface }, (this.#clock() - begun) / 1000);
  }
}

/**
 * Measures what is no event.
 *
 * @param metrics Where it is measured.
 * @returns Told of it by a daemon.
 */
export function metricsWatch(metrics: Metrics): Watch {
  return {
    received: (protocol, outcome) => metrics.received.add({ protocol, outcome }),
    step: (protocol, step, ms) =>
      (step === "verify" ? metrics.verifySeconds : metrics.storeSeconds)
        .observe({ protocol }, ms / 1000),
    attempted: (protocol, ms) => {
      if (protocol === HANDOVER_PROTOCOL) {
        metrics.agentSeconds.observe({ surface: "ogp" }, ms / 1000);
      }
    },
    answered: ({ path, status }) =>
      metrics.http.add({ surface: surfaceOf(path), status: String(status) }),
  };
}
