import { assert, assertEquals } from "@std/assert";
import { pause as brake, resume } from "../../../lib/delivery/pause.ts";
import { type Carrier, Outbox } from "../../../lib/delivery/outbox.ts";
import { retryPolicy } from "../../../lib/delivery/retry_policy.ts";
import { DeliveryWorker } from "../../../lib/delivery/worker.ts";
import { ACCEPTED, Bench, FakeCarrier, OWN_FAULT, REFUSED, UNREACHABLE } from "./memory.ts";

/** A root with a carrier to peers and one to the owner's own programs, and a worker for each. */
class TwoLanes implements AsyncDisposable {
  readonly bench = new Bench();
  readonly toPeers = this.bench.carrier;
  readonly own = new FakeCarrier();
  readonly outbox: Outbox;
  readonly workers: DeliveryWorker[];

  constructor({ concurrency = 4 } = {}) {
    const { bench, own } = this;
    const local: Carrier = {
      local: true,
      policy: retryPolicy({ waits: [0, 1, 1], jitter: 0 }),
      inOrder: ({ to }) => to.includes("/"),
      send: (entry, signal) => own.send(entry, signal),
      settle: (entry, state, detail) => own.settle(entry, state, detail),
    };
    this.outbox = new Outbox({
      store: bench.store(),
      entries: bench.entries,
      failed: bench.failed,
      policy: retryPolicy({ jitter: 0 }),
      carriers: { fake: bench.carrier, local },
      now: () => new Date(bench.now),
    });
    const now = () => bench.now;
    this.workers = [
      new DeliveryWorker(this.outbox, { now }),
      new DeliveryWorker(this.outbox, { now, local: true, concurrency }),
    ];
  }

  start(): void {
    for (const worker of this.workers) worker.start();
  }

  async add(id: string, to: string, protocol = "local"): Promise<void> {
    await this.outbox.add(id, protocol, to);
    this.bench.now++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()));
  }
}

async function until(what: string, come: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!come()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come`);
    await pause(2);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("each worker works off its own, and a slow program holds no peer up", async () => {
  await using lanes = new TwoLanes({ concurrency: 1 });
  const slow = Promise.withResolvers<void>();
  lanes.own.answer = () => slow.promise.then(() => ACCEPTED);
  for (let i = 0; i < 30; i++) await lanes.add(`h${i}`, `p${i}`);
  await lanes.add("m1", "stan", "fake");
  lanes.start();
  await until("the message", () => lanes.toPeers.settled.includes("m1 accepted"));
  assertEquals(lanes.own.sent, ["h0"]);
  slow.resolve();
  await until("all", () => lanes.own.settled.length === 30);
  assertEquals(lanes.toPeers.sent, ["m1"]);
});

Deno.test("only so many are at a program at a time", async () => {
  await using lanes = new TwoLanes({ concurrency: 3 });
  let now = 0;
  let most = 0;
  lanes.own.answer = async () => {
    most = Math.max(most, ++now);
    await pause(5);
    now--;
    return ACCEPTED;
  };
  for (let i = 0; i < 12; i++) await lanes.add(`h${i}`, `p${i}`);
  lanes.start();
  await until("all", () => lanes.own.settled.length === 12);
  assertEquals(most, 3);
});

Deno.test("a pause of everything outgoing is none for the owner's own programs", async () => {
  await using lanes = new TwoLanes();
  await brake(lanes.bench.store(), new Date(lanes.bench.now));
  await lanes.add("h1", "p/c");
  await lanes.add("m1", "stan", "fake");
  lanes.start();
  await until("the handover", () => lanes.own.settled.length === 1);
  assertEquals(lanes.toPeers.sent, []);
  await resume(lanes.bench.store());
  await until("the message", () => lanes.toPeers.settled.length === 1);
});

Deno.test("in a conversation nothing overtakes what waits for its next attempt", async () => {
  await using lanes = new TwoLanes();
  let down = true;
  lanes.own.answer = () => down ? { kind: "retry", reason: "down" } : ACCEPTED;
  await lanes.add("h1", "p/c");
  await lanes.add("h2", "p/c");
  await lanes.add("other", "p/d");
  lanes.start();
  await until("two attempts", () => lanes.own.sent.length === 2);
  await lanes.add("h3", "p/c");
  await pause(150);
  assertEquals(lanes.own.sent.toSorted(), ["h1", "other"]);
  down = false;
  lanes.bench.now += 1000;
  await lanes.add("wake", "q/e");
  await until("all", () => lanes.own.settled.length === 5);
  const order = lanes.own.settled.filter((line) => line.startsWith("h"));
  assertEquals(order, ["h1 accepted", "h2 accepted", "h3 accepted"]);
});

Deno.test("what is given up, or what this machine could not try, keeps its order, too", async () => {
  await using lanes = new TwoLanes();
  lanes.own.answer = ({ id }) => id === "h1" ? REFUSED : id === "h2" ? OWN_FAULT : ACCEPTED;
  for (const id of ["h1", "h2", "h3"]) await lanes.add(id, "p/c");
  lanes.start();
  await until("two attempts", () => lanes.own.sent.length === 2);
  await pause(150);
  assertEquals([lanes.own.sent, lanes.own.settled], [["h1", "h2"], ["h1 failed"]]);
});

Deno.test("outside of conversations what waits holds nothing up", async () => {
  await using lanes = new TwoLanes();
  lanes.own.answer = ({ id }) => id === "h1" ? UNREACHABLE : ACCEPTED;
  await lanes.add("h1", "p");
  lanes.start();
  await until("the first", () => lanes.own.sent.length === 1);
  await lanes.add("h2", "p");
  await until("the second", () => lanes.own.settled.includes("h2 accepted"));
  assert(lanes.bench.entries.records.has("h1"));
});

Deno.test("a carrier's own schedule counts", async () => {
  await using lanes = new TwoLanes();
  lanes.own.answer = () => ({ kind: "retry", reason: "down" });
  await lanes.add("h1", "p");
  lanes.bench.now = Date.parse(lanes.bench.entry("h1").next_attempt_at);
  for (const wait of [1000, 1000]) {
    await lanes.outbox.attempt("h1");
    assertEquals(lanes.bench.dueIn("h1"), wait);
    lanes.bench.now += wait;
  }
  assertEquals((await lanes.outbox.attempt("h1")).state, "failed");
});
