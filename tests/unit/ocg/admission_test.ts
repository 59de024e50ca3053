import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { approvePairing, listPairings, removePairing } from "../../../lib/ocg/pairing.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, runGateway, streamed, until } from "./fakes.ts";

const CODE = /code: ([A-Z2-9]{8})$/;

Deno.test("a stranger gets a code, and nothing reaches the agent until the owner approves it", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["welcome"]));
  let now = Date.parse("2026-11-21T12:00:00Z");
  const clock = { now: () => new Date(now) };
  const config = { agentUrl: agent.url, allowFrom: [] };
  await using running = await runGateway(root.path, config, EDITING, clock);
  const { channel, state } = running;
  await channel.write("1", "a", "let me in");
  await channel.write("1", "b", "please");
  await until(() => channel.texts("1").length === 1);
  const [, code = ""] = CODE.exec(channel.texts("1")[0] ?? "") ?? [];
  assertMatch(code, /^[A-Z2-9]{8}$/);
  now += 3_700_000;
  await channel.write("1", "c", "hello?");
  await until(() => channel.texts("1").length === 2);
  assertEquals(channel.texts("1")[1], channel.texts("1")[0]);
  await assertRejects(() => approvePairing(state, "AAAAAAAA", clock.now()), MeshError, "AAAAAAAA");
  const approved = await approvePairing(state, ` ${code.toLowerCase()}`, clock.now());
  assertEquals([approved.sender.id, approved.status], ["u1", "approved"]);
  await assertRejects(() => approvePairing(state, code, clock.now()), MeshError);
  assertEquals(agent.asked.length, 0);
  await channel.write("1", "d", "now?");
  await until(() => channel.texts("1").includes("welcome"));
  const who = { channel: "fake", account: "default", sender: "u1" };
  assertEquals(await removePairing(state, who), true);
  await channel.write("1", "e", "still?");
  await until(() => channel.texts("1").length === 4);
  assertEquals(agent.asked.length, 1);
});

Deno.test("a code holds for a day, and not more than a hundred wait", async () => {
  await using root = await temporaryRoot();
  let now = Date.parse("2026-11-21T12:00:00Z");
  const clock = { now: () => new Date(now) };
  await using running = await runGateway(root.path, { allowFrom: [] }, EDITING, clock);
  const { channel, state } = running;
  for (let i = 0; i < 105; i++) await channel.write(String(i), "a", "x");
  await until(() => channel.chats.size >= 100);
  assertEquals((await listPairings(state, clock.now())).length, 100);
  const [, code = ""] = CODE.exec(channel.texts("0")[0] ?? "") ?? [];
  now += 25 * 3_600_000;
  await assertRejects(() => approvePairing(state, code, clock.now()), MeshError);
  assertEquals(await listPairings(state, clock.now()), []);
});

Deno.test("in groups the bot hears only what is addressed to it, by whom the owner named", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["ok"]));
  await using running = await runGateway(root.path, {
    agentUrl: agent.url,
    allowFrom: ["anna"],
    allowChats: ["open"],
  });
  const { channel, events } = running;
  const group = { kind: "group" } as const;
  const [anna, bert] = [{ id: "anna", name: "bert" }, { id: "bert", name: "anna" }];
  await channel.write("g", "1", "chatter", { ...group, sender: anna, addressed: false });
  await channel.write("g", "2", "stranger", { ...group, sender: bert });
  await channel.write("g", "3", "friend", { ...group, sender: anna });
  await channel.write("open", "4", "anybody", { ...group, sender: bert });
  await channel.write("open", "5", "  ", { ...group, sender: bert });
  await until(() => events.filter(({ type }) => type === "answered").length === 2);
  assertEquals(agent.asked.map(({ messages }) => messages[0]?.content).sort(), [
    "anybody",
    "friend",
  ]);
  assertEquals(channel.in("g").map(({ replyTo }) => replyTo), ["3"]);
});

Deno.test("ids of any form are kept apart and stay in their folder", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(({ user }) => streamed([user.slice(-3)]));
  await using running = await runGateway(root.path, { agentUrl: agent.url });
  const { channel, state } = running;
  const chats = ["../../x", "a:b", "é".repeat(300), "x@y%", " ", "CON"];
  for (const chat of chats) {
    for (const id of ["../m", "m".repeat(500), ""]) await channel.write(chat, id, "x");
  }
  await until(async () => (await state.waiting.ids()).length === 0);
  for (const chat of chats) assertEquals(channel.texts(chat).length, 3);
  const below = Array.fromAsync(Deno.readDir(`${root.path}/ocg/messages`));
  assert((await below).length === chats.length);
});

Deno.test("whom a channel lets in by itself needs no approval", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["welcome"]));
  const config = { agentUrl: agent.url, allowFrom: [] };
  const capabilities = { ...EDITING, authenticated: true };
  await using running = await runGateway(root.path, config, capabilities);
  await running.channel.write("1", "a", "hello");
  await until(() => running.channel.texts("1").includes("welcome"));
});
