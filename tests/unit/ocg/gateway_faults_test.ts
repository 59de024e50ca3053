import { assertEquals } from "@std/assert";
import { chatAccounts } from "../../../lib/ocg/accounts.ts";
import type { ChatAgent } from "../../../lib/ocg/chat_agent.ts";
import { pauseFor } from "../../../lib/ocg/pause_for.ts";
import { pause } from "../../../lib/ocg/channels/pause.ts";
import { parseOcgConfig } from "../../../lib/ocg/config.ts";
import { dispatch } from "../../../lib/ocg/dispatch.ts";
import { takeMessage } from "../../../lib/ocg/intake.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, FakeChannel, runGateway } from "./fakes.ts";

Deno.test("a configuration that comes when the gateway is being stopped starts nothing any more", async () => {
  await using root = await temporaryRoot();
  await using running = await runGateway(root.path, { channels: {} });
  const { gateway } = running;
  const stopping = gateway.stop();
  const { config } = parseOcgConfig('{"channels": {"fake": {}}}');
  await gateway.configure(config);
  await stopping;
  assertEquals(gateway.status().filter(({ status }) => status.state === "running"), []);
});

Deno.test("an account that another program ran is taken over when that ends, and not before", async () => {
  await using root = await temporaryRoot();
  const first = await runGateway(root.path, {});
  await using second = await runGateway(root.path, {});
  const state = () => second.gateway.status()[0]?.status.state;
  await second.gateway.startFreed();
  assertEquals([state(), second.events.length], ["failed", 1]);
  await first[Symbol.asyncDispose]();
  await second.gateway.startFreed();
  assertEquals(state(), "running");
});

Deno.test("a message that is tried again, as the disk was full, is not over the day's budget for that", async () => {
  await using root = await temporaryRoot();
  await using running = await runGateway(root.path, { channels: {} });
  const { state, gateway } = running;
  const { config } = parseOcgConfig(
    '{"allowFrom": ["*"], "dailyMessages": 1, "channels": {"fake": {}}}',
  );
  const [account] = chatAccounts(config, () => undefined);
  if (!account) throw new Error("no account");
  const asked: string[] = [];
  const agent: ChatAgent = {
    ask({ id = "" }) {
      asked.push(id);
      return Promise.resolve({ text: "yes" });
    },
  };
  const channel = new FakeChannel("default", EDITING);
  const now = () => new Date();
  const parts = { state, account, channel, agent, callbacks: gateway.callbacks, now };
  for (const [failures, id] of ["a", "b"].entries()) {
    const taken = await takeMessage(state, account, {
      channel: "fake",
      account: "default",
      chat: "1",
      id,
      kind: "direct",
      sender: { id: "u1", name: "Anna" },
      text: "hi",
      addressed: true,
      sentAt: now(),
    }, now());
    if (taken.state !== "new") throw new Error(taken.state);
    const told = { ...parts, onEvent: () => {} };
    const { signal } = new AbortController();
    await dispatch(told, taken.waiting, failures, signal, () => {});
  }
  assertEquals(asked, ["a"]);
});

Deno.test("a platform that asks to wait for a month is not asked again at once", async () => {
  for (const wait of [pause, pauseFor]) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 100);
    await wait(31 * 86_400_000, stop.signal);
    clearTimeout(timer);
    assertEquals(stop.signal.aborted, true);
  }
});
