import { assertEquals } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import type { GatewayOptions } from "../../../lib/ocg/gateway.ts";
import type { OcgState } from "../../../lib/ocg/state.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, runGateway, until } from "./fakes.ts";

/** An agent that only takes questions, and the tokens that it was given. */
function patientAgent() {
  const tokens: string[] = [];
  const agent = fakeAgent((_, request) => {
    tokens.push((request.headers.get("x-ocg-callback") ?? "").split("/").at(-1) ?? "");
    return new Response(null, { status: 202 });
  });
  return Object.assign(agent, { tokens });
}

function run(
  root: string,
  url: string,
  capabilities = EDITING,
  more: Partial<GatewayOptions> = {},
  through?: (state: OcgState) => OcgState,
) {
  return runGateway(root, { async: true, agentUrl: url }, capabilities, more, through);
}

const SIGNAL = new AbortController().signal;
const LINE = "x".repeat(199);

Deno.test("a picture by callback is shown once, also if its text has to be brought again", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  await using running = await run(root.path, agent.url);
  const { channel, gateway } = running;
  await channel.write("1", "a", "draw");
  await until(() => agent.tokens.length === 1);
  const answer = { text: "here", mediaUrl: "https://pictures.example/1.png", isError: false };
  const bring = () => gateway.callbacks.deliver(agent.tokens[0] ?? "", answer, SIGNAL);
  channel.failing = (_, text) => {
    if (text === "here") throw new MeshError("unavailable", "no network");
  };
  assertEquals(await bring().then(() => "ok", (error) => error.code), "unavailable");
  channel.failing = undefined;
  await bring();
  assertEquals(channel.in("1").map(({ text, mediaUrl }) => mediaUrl ?? text), [
    "https://pictures.example/1.png",
    "here",
  ]);
});

Deno.test("an answer by callback that was taken and not brought is brought by the next start, whole and once", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  const first = await run(root.path, agent.url);
  await first.channel.write("1", "a", "hello");
  await until(async () =>
    agent.tokens.length === 1 && (await first.state.waiting.ids()).length === 0
  );
  first.channel.failing = (_, text) => {
    if (text.startsWith("y")) throw new MeshError("unavailable", "no network");
  };
  const mediaUrl = "https://pictures.example/1.png";
  const answer = { text: `${LINE}\nyes`, mediaUrl, isError: false };
  const [token = ""] = agent.tokens;
  await first.gateway.callbacks.deliver(token, answer, SIGNAL).catch(() => {});
  const before = first.channel.in("1").map(({ text }) => text);
  await first[Symbol.asyncDispose]();
  await using second = await run(root.path, agent.url);
  await until(async () => (await second.state.waiting.ids()).length === 0);
  assertEquals([...before, ...second.channel.texts("1")], ["", LINE, "yes"]);
  const again = second.gateway.callbacks.deliver(token, answer, SIGNAL);
  assertEquals(await again.then(() => "ok", (error) => error.code), "not_found");
  assertEquals(agent.asked.length, 1);
});

Deno.test("an answer that comes in the moment in which the question is given up does not follow the apology", async () => {
  await using root = await temporaryRoot();
  await using agent = patientAgent();
  let giveUp: (() => Promise<void>) | undefined;
  const through = (inner: OcgState): OcgState => ({
    ...inner,
    async messages(address) {
      const messages = await inner.messages(address);
      return {
        name: messages.name,
        async get(id) {
          const value = await messages.get(id);
          await giveUp?.();
          return value;
        },
        has: (id) => messages.has(id),
        ids: () => messages.ids(),
        list: (options) => messages.list(options),
        watch: (signal) => messages.watch(signal),
        create: (id, value) => messages.create(id, value),
        put: (id, value) => messages.put(id, value),
        async update(id, change) {
          await giveUp?.();
          return await messages.update(id, change);
        },
        delete: (id) => messages.delete(id),
      };
    },
  });
  await using running = await run(root.path, agent.url, EDITING, {}, through);
  const { channel, gateway, state } = running;
  await channel.write("1", "a", "hello");
  await until(async () => agent.tokens.length === 1 && (await state.waiting.ids()).length === 0);
  giveUp = async () => {
    giveUp = undefined;
    for (const name of await state.callbacks.ids()) await state.callbacks.delete(name);
    const messages = await state.messages({ channel: "fake", account: "default", chat: "1" });
    const [name = ""] = await messages.ids();
    await messages.update(name, (now) => now && { ...now, state: "answering", answer: "sorry" });
  };
  const answer = { text: "late", isError: false };
  const brought = gateway.callbacks.deliver(agent.tokens[0] ?? "", answer, SIGNAL);
  assertEquals(await brought.then(() => "ok", (error) => error.code), "not_found");
  assertEquals(channel.texts("1"), []);
});
