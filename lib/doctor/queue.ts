/**
 * How long messages have been waiting, and which were given up.
 *
 * @module
 */
import type { OutboxEntry } from "../delivery/outbox.ts";
import { recipientName } from "../ogp/recipient_name.ts";
import { type Check, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { everyRecord } from "./every_record.ts";
import { count, some, span } from "./words.ts";

/** An hour: by then four attempts have failed. */
const TOO_LONG = 3_600_000;

/** Looks at the outbox and the dead letters. */
export const queue: Check = {
  name: "queue",
  async run(context, signal) {
    const { state } = context;
    const isOver = () => signal.aborted;
    const waiting = new Deliveries();
    const dead = new Deliveries();
    await everyRecord(state.outbox, (entry) => waiting.add(entry), isOver);
    await everyRecord(state.failed, (entry) => {
      // After a crash in between an entry may be in both places; then it is still under way.
      if (!waiting.ids.has(entry.id)) dead.add(entry);
    }, isOver);
    const verdicts = [
      ...(waiting.ids.size > 0 ? [await waitingVerdict(context, waiting)] : []),
      ...(dead.ids.size > 0 ? [await deadVerdict(context, dead)] : []),
    ];
    return verdicts.length > 0 ? verdicts : ok("No message is waiting");
  },
};

async function waitingVerdict(context: DoctorContext, waiting: Deliveries): Promise<Verdict> {
  const age = context.now().getTime() - waiting.oldest;
  const wait = waiting.ids.size === 1 ? "waits" : "wait";
  const message =
    `${count(waiting.ids.size, "message")} to ${await waiting.receivers(context)} ${wait}` +
    (age > 0 && Number.isFinite(age) ? `, the oldest for ${span(age)}` : "");
  if ((await context.running()).length === 0) {
    return warning(`${message}, and nothing runs that delivers`, context.command("serve"));
  }
  return age > TOO_LONG ? warning(message, context.command("queue list")) : ok(message);
}

async function deadVerdict(context: DoctorContext, dead: Deliveries): Promise<Verdict> {
  const were = dead.ids.size === 1 ? "was" : "were";
  return warning(
    `${count(dead.ids.size, "message")} to ${await dead.receivers(context)} ${were} given up`,
    context.command("queue list"),
  );
}

/** Deliveries, as far as they matter here. */
class Deliveries {
  readonly ids = new Set<string>();
  readonly #receivers = new Map<string, Pick<OutboxEntry, "protocol" | "to">>();
  oldest = Infinity;

  add({ id, protocol, to, created_at }: OutboxEntry): void {
    this.ids.add(id);
    this.#receivers.set(`${protocol}:${to}`, { protocol, to });
    const time = Date.parse(created_at);
    if (time < this.oldest) this.oldest = time;
  }

  async receivers({ ogp }: DoctorContext): Promise<string> {
    const entries = [...this.#receivers.values()];
    const names = await Promise.all(entries.map((entry) => recipientName(ogp, entry)));
    return some([...new Set(names)]);
  }
}
