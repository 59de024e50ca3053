import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { recordName } from "../../../lib/ocg/state.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { EDITING, fakeAgent, runGateway, streamed, until, WHOLE } from "./fakes.ts";

Deno.test("a streamed answer appears early, grows by edits at the platform's pace, and ends exact", async () => {
  await using root = await temporaryRoot();
  const words = Array.from({ length: 60 }, (_, i) => `word${i} `);
  await using agent = fakeAgent(() => streamed(words, 5));
  await using running = await runGateway(root.path, { agentUrl: agent.url, model: "m" });
  const { channel, events } = running;
  await channel.write("1", "a", "hello");
  await until(() => events.some(({ type }) => type === "answered"));
  const shown = channel.texts("1");
  assertEquals(shown.join(" "), words.join("").trim());
  assert(shown.length > 1 && shown.every((text) => text.length <= 200));
  const gaps = channel.editTimes.slice(1).map((time, i) => time - (channel.editTimes[i] ?? 0));
  assert(channel.editTimes.length > 2);
  assert(gaps.every((gap) => gap >= EDITING.editEveryMs - 3), gaps.join());
  assert(channel.typings > 0);
  assertEquals(agent.asked, [{
    model: "m",
    messages: [{ role: "user", content: "hello" }],
    stream: true,
    user: "fake:default:1",
  }]);
});

Deno.test("a channel that cannot edit gets whole paragraphs, each once", async () => {
  await using root = await temporaryRoot();
  const text = Array.from({ length: 6 }, (_, i) => `Paragraph ${i}. ` + "x ".repeat(70)).join(
    "\n\n",
  );
  const pieces = text.match(/[^]{1,50}/g) ?? [];
  await using agent = fakeAgent(() => streamed(pieces, 3));
  await using running = await runGateway(root.path, { agentUrl: agent.url }, WHOLE);
  const { channel, events } = running;
  await channel.write("1", "a", "hello");
  await until(() => channel.texts("1").length > 0);
  assert(!events.some(({ type }) => type === "answered"), "nothing came before the end");
  await until(() => events.some(({ type }) => type === "answered"));
  assertEquals(channel.texts("1").join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
});

Deno.test("a message that the platform repeats is answered once", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(({ messages }) => streamed([`to ${messages[0]?.content}`]));
  await using running = await runGateway(root.path, { agentUrl: agent.url });
  const { channel, events } = running;
  await Promise.all([channel.write("1", "a", "x"), channel.write("1", "a", "x")]);
  await until(() => events.some(({ type }) => type === "answered"));
  await channel.write("1", "a", "x");
  await channel.write("1", "b", "y");
  await until(() => events.filter(({ type }) => type === "answered").length === 2);
  assertEquals(channel.texts("1"), ["to x", "to y"]);
});

Deno.test("in a chat one answer follows the other, and chats do not wait for each other", async () => {
  await using root = await temporaryRoot();
  const open = Promise.withResolvers<void>();
  await using agent = fakeAgent(async ({ messages, user }) => {
    if (user.endsWith(":slow")) await open.promise;
    return streamed([messages[0]?.content ?? ""]);
  });
  await using running = await runGateway(root.path, { agentUrl: agent.url });
  const { channel } = running;
  const texts = Array.from({ length: 5 }, (_, i) => `m${i}`);
  await Promise.all(texts.map((text) => channel.write("slow", text, text)));
  await channel.write("quick", "q", "q");
  await until(() => channel.texts("quick").length === 1);
  assertEquals(agent.asked.filter(({ user }) => user.endsWith(":slow")).length, 1);
  open.resolve();
  await until(() => channel.texts("slow").length === 5);
  assertEquals(channel.texts("slow"), texts);
});

Deno.test("a thousand chats at once: none lost, none mixed", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(({ messages, user }) =>
    streamed([user, " says ", messages[0]?.content ?? ""])
  );
  await using running = await runGateway(root.path, { agentUrl: agent.url, concurrency: 100 });
  const { channel, events } = running;
  const chats = Array.from({ length: 1000 }, (_, i) => String(i));
  await Promise.all(chats.map((chat) => channel.write(chat, "a", `hi ${chat}`)));
  const answered = () => events.filter(({ type }) => type === "answered").length;
  await until(() => answered() === chats.length, 90_000);
  for (const chat of chats) {
    assertEquals(channel.texts(chat), [`fake:default:${chat} says hi ${chat}`]);
  }
});

Deno.test("what was taken before a stop is answered by the next start, once", async () => {
  await using root = await temporaryRoot();
  let hang = true;
  await using agent = fakeAgent(({ messages }) =>
    hang
      ? streamed(["The beginning of ", "something else", ...Array(500).fill("…")], 20)
      : streamed([`answer to ${messages[0]?.content}`])
  );
  const config = { agentUrl: agent.url };
  const first = await runGateway(root.path, config);
  await first.channel.write("1", "a", "x");
  await first.channel.write("1", "b", "y");
  await until(() => first.channel.texts("1").length > 0);
  const left = first.channel.in("1");
  await first[Symbol.asyncDispose]();
  hang = false;
  await using second = await runGateway(root.path, config, EDITING, {});
  // The platform still shows what was written before.
  second.channel.chats.set("1", left);
  await until(() => second.events.filter(({ type }) => type === "answered").length === 2);
  assertEquals(second.channel.texts("1"), ["answer to x", "answer to y"]);
});

Deno.test("an answer that a crash caught on disk is delivered without asking again", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["asked again"]));
  const config = { agentUrl: agent.url };
  const first = await runGateway(root.path, { ...config, channels: { fake: {} } }, WHOLE);
  first.channel.failing = () => {
    throw new MeshError("unavailable", "no network");
  };
  await first.channel.write("1", "a", "x");
  await until(() => first.events.some(({ type }) => type === "undelivered"));
  const messages = await first.state.messages({ channel: "fake", account: "default", chat: "1" });
  assertEquals((await messages.get(await recordName("a")))?.state, "answering");
  await first[Symbol.asyncDispose]();
  const asked = agent.asked.length;
  await using second = await runGateway(root.path, config, WHOLE);
  await until(() => second.channel.texts("1").length === 1);
  assertEquals(second.channel.texts("1"), ["asked again"]);
  assertEquals(agent.asked.length, asked);
});

Deno.test("a message that was taken but got no turn gets one when the platform repeats it", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["ok"]));
  await using running = await runGateway(root.path, { agentUrl: agent.url });
  const { channel, state } = running;
  const address = { channel: "fake", account: "default", chat: "1" };
  const at = new Date().toISOString();
  await (await state.messages(address)).create(await recordName("a"), {
    ...address,
    id: "a",
    kind: "direct",
    sender: { id: "u1", name: "Anna" },
    text: "x",
    sentAt: at,
    receivedAt: at,
    state: "waiting",
  });
  await channel.write("1", "a", "x");
  await until(() => channel.texts("1").length === 1);
});

Deno.test("an answer that the chat cannot take now is brought later, without what is there", async () => {
  await using root = await temporaryRoot();
  const text = Array.from({ length: 3 }, (_, i) => `${i} ` + "y".repeat(190)).join("\n");
  await using agent = fakeAgent(() => Response.json({ choices: [{ message: { content: text } }] }));
  await using running = await runGateway(root.path, { agentUrl: agent.url }, WHOLE);
  const { channel, events } = running;
  let sends = 0;
  channel.failing = () => {
    if (++sends === 2 || sends === 3) throw new MeshError("unavailable", "no network");
  };
  await channel.write("1", "a", "x");
  await until(() => events.some(({ type }) => type === "answered"), 30_000);
  assertEquals(channel.texts("1"), text.split("\n"));
});

Deno.test("an answer that the platform will never take is given up, and the next one comes", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(({ messages }) => streamed([messages[0]?.content ?? ""]));
  await using running = await runGateway(root.path, { agentUrl: agent.url }, WHOLE);
  const { channel, events } = running;
  channel.failing = (_, text) => {
    if (text === "bad") throw new MeshError("refused", "blocked");
  };
  await channel.write("1", "a", "bad");
  await channel.write("1", "b", "good");
  await until(() => channel.texts("1").length === 1);
  assertEquals(channel.texts("1"), ["good"]);
  assert(events.some((event) => event.type === "undelivered" && !event.again));
});

Deno.test("an answer that waits for the owner to mend something is not given up", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["yes"]));
  await using running = await runGateway(root.path, { agentUrl: agent.url }, WHOLE);
  const { channel, events } = running;
  let tries = 0;
  channel.failing = () => {
    if (++tries === 1) throw new MeshError("refused", "no valid token", { hint: "give another" });
  };
  await channel.write("1", "a", "x");
  await until(() => events.some(({ type }) => type === "answered"), 30_000);
  assertEquals(channel.texts("1"), ["yes"]);
});

Deno.test("an agent's failure is one sentence in the chat, the details are an event", async () => {
  await using root = await temporaryRoot();
  const completion = (message: unknown, finish_reason = "stop") =>
    Response.json({ choices: [{ message, finish_reason }] });
  const answers: Record<string, () => Response> = {
    key: () => Response.json({ error: { message: "bad key sk-1" } }, { status: 401 }),
    tool: () => completion({ tool_calls: [{ id: "1" }] }),
    refusal: () => completion({ content: null, refusal: "I will not." }),
    long: () => completion({ content: "Once upon" }, "length"),
    cut: () =>
      new Response('data: {"choices":[{"delta":{"content":"Half of"}}]}\n\n', {
        headers: { "content-type": "text/event-stream" },
      }),
  };
  await using agent = fakeAgent(({ messages }) => answers[messages[0]?.content ?? ""]!());
  await using running = await runGateway(root.path, { agentUrl: agent.url, apiKey: "sk-1" });
  const { channel, events } = running;
  for (const what of Object.keys(answers)) await channel.write(what, what, what);
  await until(() => events.filter(({ type }) => type === "answered").length === 5);
  assertStringIncludes(channel.texts("key")[0] ?? "", "not set up correctly");
  assertStringIncludes(channel.texts("tool")[0] ?? "", "use a tool");
  assertStringIncludes(channel.texts("refusal")[0] ?? "", "declined");
  assertStringIncludes(channel.texts("long")[0] ?? "", "Once upon\n\n⚠️ The answer was cut off");
  assertStringIncludes(channel.texts("cut")[0] ?? "", "Half of\n\n⚠️ The agent broke off");
  const told = events.filter((event) => event.type === "agent_failed").map(({ error }) => error);
  assertEquals(told.length, 4);
  assert(told.some((error) => error.includes("401")) && !told.join().includes("sk-1"));
});

Deno.test("history is told if configured, without errors, oldest first", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(({ messages }) => {
    const last = messages.at(-1)?.content;
    return last === "fail" ? new Response("", { status: 500 }) : streamed([`re ${last}`]);
  });
  await using running = await runGateway(root.path, { agentUrl: agent.url, historyTurns: 2 });
  const { channel } = running;
  for (const [index, text] of ["one", "two", "fail", "three"].entries()) {
    await channel.write("1", text, text);
    await until(() => channel.texts("1").length === index + 1);
    await until(async () => (await running.state.waiting.ids()).length === 0);
  }
  await channel.write("2", "x", "other chat");
  await until(() => channel.texts("2").length === 1);
  assertEquals(agent.asked[3]?.messages.map(({ content }) => content), [
    "one",
    "re one",
    "two",
    "re two",
    "three",
  ]);
  assertEquals(agent.asked[4]?.messages.length, 1);
});

Deno.test("a chat has so many messages a day, and is told once", async () => {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(() => streamed(["ok"]));
  let day = "2026-11-21";
  await using running = await runGateway(
    root.path,
    { agentUrl: agent.url, dailyMessages: 2 },
    EDITING,
    { now: () => new Date(`${day}T12:00:00Z`) },
  );
  const { channel, state } = running;
  for (let i = 0; i < 5; i++) await channel.write("1", String(i), "x");
  await channel.write("2", "a", "x");
  await until(async () => (await state.waiting.ids()).length === 0);
  assertEquals(channel.texts("1").length, 3);
  assertStringIncludes(channel.texts("1")[2] ?? "", "2 messages for today");
  assertEquals([agent.asked.length, channel.texts("2").length], [3, 1]);
  day = "2026-11-22";
  await channel.write("1", "next", "x");
  await until(() => channel.texts("1").length === 4);
});
