/**
 * The deliveries of a root in a daemon: the workers that make them, and what is told of them.
 *
 * @module
 */
import type { Outbox, OutboxEntry } from "../lib/delivery/outbox.ts";
import { type DeliveryEvent, DeliveryWorker } from "../lib/delivery/worker.ts";
import { requeueLost } from "../lib/mesh/outgoing.ts";
import { HANDOVER_PROTOCOL, peerOfLane } from "../lib/ogp/handover/entry.ts";
import type { OgpNode } from "../lib/ogp/node.ts";
import type { Chore } from "./chores.ts";
import type { Tell } from "./daemon_event.ts";
import type { RootNodes } from "./outbox.ts";
import type { Watch } from "./watch.ts";

/** Milliseconds between looks for messages of commands that were killed. */
const REQUEUE_EVERY = 60_000;

/** Which messages are looked at while the daemon runs: recent ones, that no command is busy with. */
const RECENT = { newest: 100, olderThanMs: 30_000 };

/** Most messages that the owner's agent gets at a time. */
const HANDED_AT_A_TIME = 4;

/** Works off an outbox, and tells what becomes of it in the order in which it happens. */
export class Deliveries {
  /** Makes the deliveries to peers. */
  readonly worker: DeliveryWorker;
  /** Hands messages to the owner's agent, where there is a gateway that gets some. */
  readonly #handing: DeliveryWorker | undefined;
  readonly #ogp: OgpNode | undefined;
  readonly #tell: Tell;
  readonly #watch: Pick<Watch, "attempted">;
  #told: Promise<void> = Promise.resolve();

  /**
   * Nothing is delivered before {@link start}.
   *
   * @param outbox What to work off.
   * @param nodes Whose deliveries they are.
   * @param tell Told of what becomes of them.
   * @param watch Who measures.
   */
  constructor(
    outbox: Outbox,
    { ogp }: RootNodes,
    tell: Tell,
    watch: Pick<Watch, "attempted"> = {},
  ) {
    this.#ogp = ogp;
    this.#tell = tell;
    this.#watch = watch;
    const onEvent = (event: DeliveryEvent) => this.#happened(event);
    this.worker = new DeliveryWorker(outbox, { onEvent });
    this.#handing = ogp &&
      new DeliveryWorker(outbox, { onEvent, local: true, concurrency: HANDED_AT_A_TIME });
  }

  /** Starts working in the background. */
  start(): void {
    this.worker.start();
    this.#handing?.start();
  }

  /** Ends the work, and waits until all of it is told. */
  async stop(): Promise<void> {
    await Promise.all([this.worker.stop(), this.#handing?.stop()]);
    await this.#told;
  }

  #happened(event: DeliveryEvent): void {
    const { entry, ms } = event;
    if (ms !== undefined) this.#watch.attempted?.(entry.protocol, ms);
    if (!this.#ogp || entry.protocol === "mesh") {
      tellDelivery(event, entry.to, this.#tell);
      return;
    }
    // A gateway's name is on disk; what happened first is told first all the same.
    this.#told = this.#told.then(async () => {
      tellDelivery(event, await nameOf(this.#ogp, entry), this.#tell);
    });
  }
}

/**
 * The chore of picking up what commands left that were killed while they sent.
 *
 * @param nodes Whose messages are looked at.
 * @param outbox Where they are queued.
 * @param tell Told of each.
 * @returns The chore; at the start it looks at everything.
 */
export function requeueing({ mesh, ogp }: RootNodes, outbox: Outbox, tell: Tell): Chore {
  return {
    everyMs: REQUEUE_EVERY,
    first: true,
    async run(first) {
      const which = first ? {} : RECENT;
      for (const message_id of mesh ? await requeueLost(mesh, outbox, which) : []) {
        tell({ kind: "requeued", message_id });
      }
      if (!ogp) return;
      const { requeueLostOgp } = await import("../lib/ogp/outgoing.ts");
      for (const message_id of await requeueLostOgp(ogp, outbox, which)) {
        tell({ kind: "requeued", message_id, protocol: "ogp" });
      }
      const { requeueHandovers } = await import("../lib/ogp/handover/requeue.ts");
      for (const message_id of await requeueHandovers(ogp, outbox, which)) {
        tell({ kind: "requeued", message_id, protocol: HANDOVER_PROTOCOL });
      }
    },
  };
}

/** What a gateway is called here, else the beginning of its key; for a handover, whose message it is. */
async function nameOf(ogp: OgpNode | undefined, { to }: OutboxEntry): Promise<string> {
  const name = peerOfLane(to);
  const peer = await ogp?.state.peers.get(name).catch(() => undefined);
  return peer?.alias ?? peer?.displayName ?? name.slice(0, 16);
}

function tellDelivery({ entry, attempt, error }: DeliveryEvent, to: string, tell: Tell): void {
  const { id: message_id, protocol } = entry;
  const about = { to, message_id, ...(protocol === "mesh" ? {} : { protocol }) };
  if (error !== undefined) tell({ kind: "fault", error: `${message_id}: ${error}` });
  switch (attempt?.state) {
    case "accepted":
      return tell({ kind: "delivered", ...about });
    case "queued": {
      const { next_attempt_at, last_error } = attempt.entry;
      const reason = last_error?.reason ?? "unknown";
      return tell({ kind: "waiting", ...about, reason, next_attempt_at });
    }
    case "failed":
      return tell({ kind: "dead", ...about, reason: attempt.entry.last_error?.reason ?? "" });
  }
}
