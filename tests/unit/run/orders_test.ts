import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { placeFile } from "../../../lib/run/order_files.ts";
import { giveOrder, OrderTaker, type TakeOrder } from "../../../lib/run/orders.ts";
import { announce, type Running } from "../../../lib/run/run_file.ts";
import { eventually } from "../../e2e/eventually.ts";
import { temporaryRoot } from "../mesh/parties.ts";

const PATIENCE = { patienceMs: 30_000 };

const RUNNING: Running = {
  pid: 4711,
  name: "ocg",
  host: "127.0.0.1",
  port: 3457,
  started_at: "2026-11-21T12:00:00.000Z",
};

/** A daemon that does what `take` does. */
async function daemonThat(take: TakeOrder) {
  const root = await temporaryRoot();
  const withdraw = await announce(root.path, RUNNING);
  const faults: unknown[] = [];
  const taker = new OrderTaker(root.path, RUNNING, take, (error) => faults.push(error));
  taker.start();
  let ended = false;
  const end = async () => {
    if (ended) return;
    ended = true;
    await taker.stop();
    await withdraw();
  };
  return {
    root: root.path,
    faults,
    end,
    files: async () => {
      const names = await Array.fromAsync(Deno.readDir(`${root.path}/run`), ({ name }) => name);
      return names.filter((name) => !name.endsWith(".json"));
    },
    async [Symbol.asyncDispose]() {
      await end();
      await root[Symbol.asyncDispose]();
    },
  };
}

Deno.test("an order is taken once and its answer comes back, whatever JSON holds", async () => {
  const taken: unknown[] = [];
  await using daemon = await daemonThat((order) => {
    taken.push(order);
    return Promise.resolve({ echo: order });
  });
  const order = { do: "send", text: "Grüße 🌍\n\u0000", list: [1, null, true] };
  assertEquals(await giveOrder(daemon.root, RUNNING, order, PATIENCE), { echo: order });
  assertEquals(taken, [order]);
  assertEquals(await daemon.files(), []);
});

Deno.test("an order that was given before the daemon looked is taken, too", async () => {
  await using root = await temporaryRoot();
  const withdraw = await announce(root.path, RUNNING);
  const answer = giveOrder(root.path, RUNNING, 7, PATIENCE);
  await eventually("the order", async () => {
    const names = await Array.fromAsync(Deno.readDir(`${root.path}/run`), ({ name }) => name);
    return names.some((name) => name.endsWith(".order"));
  });
  const taker = new OrderTaker(root.path, RUNNING, (order) => Promise.resolve(order));
  taker.start();
  assertEquals(await answer, 7);
  await taker.stop();
  await withdraw();
});

Deno.test("many orders at once are each answered with their own", async () => {
  await using daemon = await daemonThat((order) => Promise.resolve(order));
  const numbers = Array.from({ length: 40 }, (_, i) => i);
  const answers = numbers.map((n) => giveOrder(daemon.root, RUNNING, n, PATIENCE));
  assertEquals(await Promise.all(answers), numbers);
  assertEquals(await daemon.files(), []);
});

Deno.test("an error comes back with its code, its hint and when to try again", async () => {
  await using daemon = await daemonThat(() => {
    throw new MeshError("not_found", 'There is no channel "x"', { hint: "look", retryAfter: 3 });
  });
  const error = await assertRejects(
    () => giveOrder(daemon.root, RUNNING, {}, PATIENCE),
    MeshError,
    'There is no channel "x"',
  );
  assertEquals([error.code, error.hint, error.retryAfter], ["not_found", "look", 3]);
  assertEquals(daemon.faults, []);
});

Deno.test("a failure that nobody foresaw is answered, told, and leaves the daemon taking", async () => {
  await using daemon = await daemonThat((order) => {
    if (order === 1) throw new TypeError("broken");
    return Promise.resolve("fine");
  });
  const error = await assertRejects(
    () => giveOrder(daemon.root, RUNNING, 1, PATIENCE),
    MeshError,
    "broken",
  );
  assertEquals(error.code, "unexpected");
  assertEquals(daemon.faults.length, 1);
  assertEquals(await giveOrder(daemon.root, RUNNING, 2, PATIENCE), "fine");
});

Deno.test("who is out of patience hears so, and the work is told that nobody waits", async () => {
  const gone = Promise.withResolvers<void>();
  await using daemon = await daemonThat(async (_, signal) => {
    signal.addEventListener("abort", () => gone.resolve());
    await gone.promise;
  });
  const error = await assertRejects(
    () => giveOrder(daemon.root, RUNNING, {}, { patienceMs: 300 }),
    MeshError,
    'The daemon "ocg" (process 4711) did not answer within 0.3 seconds',
  );
  assertEquals(error.code, "unavailable");
  await gone.promise;
  await daemon.end();
  assertEquals(await daemon.files(), []);
});

Deno.test("who is interrupted waits no longer", async () => {
  await using daemon = await daemonThat((_, signal) =>
    new Promise((resolve) => signal.addEventListener("abort", resolve))
  );
  const stop = new AbortController();
  const given = giveOrder(daemon.root, RUNNING, {}, { ...PATIENCE, signal: stop.signal });
  const refused = assertRejects(() => given, MeshError, "Interrupted");
  await eventually("the order", async () => (await daemon.files()).length > 0);
  stop.abort();
  await refused;
});

Deno.test("an order to a daemon that ends meanwhile, or has ended, is not waited for", async () => {
  await using daemon = await daemonThat((_, signal) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  );
  const given = assertRejects(() => giveOrder(daemon.root, RUNNING, {}, PATIENCE), MeshError);
  await eventually("the order", async () => (await daemon.files()).length > 0);
  await daemon.end();
  await given;
  await assertRejects(
    () => giveOrder(daemon.root, RUNNING, {}, PATIENCE),
    MeshError,
    'The daemon "ocg" (process 4711) has ended',
  );
  assertEquals(await daemon.files(), []);
});

Deno.test("what dead askers and dead daemons left is swept, and never taken", async () => {
  const taken: unknown[] = [];
  await using daemon = await daemonThat((order) => Promise.resolve(taken.push(order)));
  const mine = `${daemon.root}/run/ocg-4711-${Date.parse(RUNNING.started_at)}`;
  for (const path of [`${mine}.dead.order`, `${mine}.dead.answer`, `${mine}.gone.order.part`]) {
    await Deno.writeTextFile(path, '"boo"');
  }
  await Deno.writeTextFile(`${daemon.root}/run/ocg-1-2.x.answer`, "{}");
  await giveOrder(daemon.root, RUNNING, "mine", PATIENCE);
  await eventually("the sweeping", async () => (await daemon.files()).length === 0);
  assertEquals(taken, ["mine"]);
});

Deno.test("an order is for one daemon, even where another has its number", async () => {
  await using daemon = await daemonThat(() => Promise.resolve("mine"));
  const other = { ...RUNNING, started_at: "2026-11-21T12:00:00.001Z" };
  const withdraw = await announce(daemon.root, other);
  await assertRejects(
    () => giveOrder(daemon.root, other, {}, { patienceMs: 500 }),
    MeshError,
    "did not answer",
  );
  await withdraw();
});

Deno.test("a file that holds no order is answered as such, if anybody waits", async () => {
  await using daemon = await daemonThat(() => Promise.resolve("taken"));
  const path = `${daemon.root}/run/ocg-4711-${Date.parse(RUNNING.started_at)}.odd`;
  using _held = await placeFile(`${path}.order`, "{not json");
  const text = await eventually(
    "the answer",
    () => Deno.readTextFile(`${path}.answer`).catch(() => undefined),
  );
  assertEquals(JSON.parse(text).error, "malformed");
});
