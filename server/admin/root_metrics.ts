/**
 * Numbers about a root and its channels that are looked up when somebody asks for metrics.
 *
 * @module
 */
import type { OutboxCollections } from "../../lib/delivery/outbox_state.ts";
import type { OutboxEntry } from "../../lib/delivery/outbox.ts";
import type { Metrics } from "../../lib/metrics/metrics.ts";
import type { Measured } from "../../lib/metrics/series.ts";
import type { Collection } from "../../lib/store/store.ts";

/** How a channel is, as far as metrics tell. */
export interface ChannelState {
  /** Its id, such as `telegram`. */
  readonly channel: string;
  /** How it is. */
  readonly state: "stopped" | "connecting" | "running" | "failed";
}

const STATES: readonly ChannelState["state"][] = ["stopped", "connecting", "running", "failed"];

/** Milliseconds for which a look at the queue is good: two numbers are made of one. */
const FRESH = 1_000;

/**
 * Adds the queue of a root: how long it is, and how old its oldest entry.
 *
 * @param metrics Where to.
 * @param collections The outbox.
 * @param now The present.
 */
export function queueMetrics(
  metrics: Metrics,
  { outbox, failed }: OutboxCollections,
  now: () => Date = () => new Date(),
): void {
  let last: { at: number; entries: Promise<readonly OutboxEntry[]> } | undefined;
  const entries = () => {
    const at = performance.now();
    if (!last || at - last.at > FRESH) last = { at, entries: entriesOf(outbox) };
    return last.entries;
  };
  metrics.gauge(
    "mesh_queue_entries",
    "Deliveries that wait (queued) and that were given up (dead), on the whole state directory.",
    async () => {
      const waiting = (await entries()).length;
      return [[{ state: "queued" }, waiting], [{ state: "dead" }, (await failed.ids()).length]];
    },
  );
  metrics.gauge(
    "mesh_queue_oldest_seconds",
    "Age of the oldest delivery that waits; 0 if none does.",
    async (): Promise<Measured> => {
      const times = (await entries()).map(({ created_at }) => Date.parse(created_at))
        .filter((time) => !isNaN(time));
      const oldest = times.reduce((a, b) => Math.min(a, b), now().getTime());
      return [[{}, (now().getTime() - oldest) / 1000]];
    },
  );
}

/**
 * Adds the chat channels by state.
 *
 * @param metrics Where to.
 * @param channels Tells how they are; all accounts of a gateway fit.
 */
export function channelMetrics(
  metrics: Metrics,
  channels: () => readonly ChannelState[] | Promise<readonly ChannelState[]>,
): void {
  metrics.gauge("mesh_channels", "Accounts of chat channels, by channel and state.", async () => {
    const counts = new Map<string, Map<string, number>>();
    for (const { channel, state } of await channels()) {
      const of = counts.get(channel) ?? new Map<string, number>(STATES.map((one) => [one, 0]));
      counts.set(channel, of.set(state, (of.get(state) ?? 0) + 1));
    }
    return [...counts].flatMap(([channel, of]) =>
      [...of].map(([state, count]): Measured[number] => [{ channel, state }, count])
    );
  });
}

async function entriesOf(outbox: Collection<OutboxEntry>): Promise<readonly OutboxEntry[]> {
  return (await outbox.list()).entries.map(({ value }) => value);
}
