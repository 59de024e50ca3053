import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { ocgOrder } from "../../../lib/ocg/order_client.ts";
import type { AccountReport, OcgOrder } from "../../../lib/ocg/orders.ts";
import { takeOcgOrder } from "../../../lib/ocg/take_order.ts";
import { OrderTaker } from "../../../lib/run/orders.ts";
import { announce, OCG } from "../../../lib/run/run_file.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, runGateway, WHOLE } from "./fakes.ts";

let daemons = 0;

/** A gateway with two accounts that takes orders, as in a daemon. */
async function ordered(root: string, capabilities = EDITING) {
  const accounts = { a: {}, b: { enabled: false } };
  const running = await runGateway(root, { channels: { fake: { accounts } } }, capabilities);
  const { gateway } = running;
  let reloads = 0;
  const parts = {
    gateway,
    reload: () => Promise.resolve(void reloads++),
    webchatUrl: () => "http://127.0.0.1:1/chat#x",
  };
  const daemon = {
    pid: ++daemons,
    name: OCG,
    host: "127.0.0.1",
    port: 1,
    started_at: new Date(Date.now() + daemons).toISOString(),
  };
  const taker = new OrderTaker(root, daemon, (order, signal) => takeOcgOrder(parts, order, signal));
  const withdraw = await announce(root, daemon);
  taker.start();
  return {
    ...running,
    reloads: () => reloads,
    async [Symbol.asyncDispose]() {
      await taker.stop();
      await withdraw();
      await running[Symbol.asyncDispose]();
    },
  };
}

function states(accounts: readonly AccountReport[]): string[] {
  return accounts.map(({ account, status }) => `${account} ${status.state}`);
}

Deno.test("without a gateway an order is refused with the command that starts one", async () => {
  await using root = await temporaryRoot();
  const error = await assertRejects(() => ocgOrder(root.path, { do: "status" }), MeshError);
  assertEquals([error.code, error.message, error.hint], [
    "unavailable",
    "The channel gateway does not run",
    "mesh ocg start --background",
  ]);
});

Deno.test("channels are looked at, started and stopped by order", async () => {
  await using root = await temporaryRoot();
  await using daemon = await ordered(root.path);
  const { accounts, webchat } = await ocgOrder(root.path, { do: "status" });
  assertEquals(states(accounts), ["a running", "b stopped"]);
  assertEquals(webchat?.url, "http://127.0.0.1:1/chat#x");
  assertEquals(Number.isNaN(Date.parse(accounts[0]!.status.since)), false);

  const act = async (action: "start" | "stop" | "restart", account?: string) =>
    states(
      (await ocgOrder(root.path, { do: "channel", action, channel: "fake", account })).accounts,
    );
  assertEquals(await act("start", "b"), ["b running"]);
  assertEquals(await act("stop"), ["a stopped", "b stopped"]);
  assertEquals(await act("restart", "a"), ["a running"]);
  await ocgOrder(root.path, { do: "reload" });
  assertEquals(daemon.reloads(), 1);
  const error = await assertRejects(() => act("stop", "c"), MeshError);
  assertEquals(error.code, "not_found");
});

Deno.test("something is said by order, in as many messages as the channel needs", async () => {
  await using root = await temporaryRoot();
  await using daemon = await ordered(root.path, WHOLE);
  const order = { do: "send", channel: "fake", account: "a", target: "fake:direct:7" } as const;
  const { messageIds } = await ocgOrder(root.path, { ...order, text: "word ".repeat(60) });
  assertEquals(messageIds.length, daemon.channel.in("7").length);
  assertEquals(messageIds.length > 1, true);
  const refusals: [OcgOrder, string][] = [
    [{ ...order }, '"text" or "mediaUrl" is needed'],
    [{ ...order, text: "x", account: "b" }, 'Channel "fake" does not run here'],
    [{ ...order, mediaUrl: "https://a.example/b.png" }, 'Channel "fake" cannot send media'],
    [{ do: "dance" } as unknown as OcgOrder, "does not know this order"],
    [{ do: "channel", action: "stop", channel: "" }, 'does not know this order (at "channel")'],
  ];
  for (const [wrong, sentence] of refusals) {
    await assertRejects(() => ocgOrder(root.path, wrong), MeshError, sentence);
  }
});

Deno.test("whoever says more than a channel takes at the moment is told how much of it is there", async () => {
  await using root = await temporaryRoot();
  await using running = await ordered(root.path, WHOLE);
  running.channel.failing = (_, text) => {
    if (text.startsWith("B")) throw new MeshError("rate_limited", "wait", { retryAfter: 7 });
  };
  const text = "A".repeat(190) + "\n" + "B".repeat(190);
  const order = { do: "send", channel: "fake", account: "a", target: "1", text } as const;
  const error = await assertRejects(() => ocgOrder(root.path, order), MeshError);
  assertEquals([error.code, error.message, error.retryAfter], [
    "rate_limited",
    "Only 1 of 2 messages are in the chat: wait",
    7,
  ]);
});

Deno.test("of several gateways the one is asked that runs the account", async () => {
  await using root = await temporaryRoot();
  await using first = await ordered(root.path);
  await using second = await ordered(root.path);
  assertEquals(states((await ocgOrder(root.path, { do: "status" })).accounts), [
    "a running",
    "b stopped",
  ]);
  await first.gateway.stopChannel("fake", "a");
  await second.gateway.startChannel("fake", "a");
  assertEquals(states((await ocgOrder(root.path, { do: "status" })).accounts), [
    "a running",
    "b stopped",
  ]);
  const order = { channel: "fake", account: "a" } as const;
  await ocgOrder(root.path, { do: "send", ...order, target: "7", text: "hello" });
  await ocgOrder(root.path, { do: "channel", action: "stop", ...order });
  assertEquals(second.gateway.status()[0]?.status.state, "stopped");
});
