import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { TelegramChannel } from "../../../lib/ocg/channels/telegram/telegram.ts";
import { eventually } from "../../e2e/eventually.ts";
import { FakeTelegram } from "../../fakes/telegram_api.ts";
import { temporaryRoot } from "../store/temporary_root.ts";
import { type Asked, EDITING, fakeAgent, runGateway, type Running, streamed } from "./fakes.ts";

const PATIENCE = 30_000;

/** A gateway whose only channel is a bot at a fake server. */
function botAt(
  root: string,
  fake: FakeTelegram,
  agentUrl: string,
  more: Record<string, unknown> = {},
): Promise<Running> {
  const config = { agentUrl, channels: { telegram: {} }, ...more };
  return runGateway(root, config, EDITING, {
    factories: {
      telegram: ({ account }) =>
        new TelegramChannel({
          account,
          botToken: fake.token,
          apiRoot: fake.apiRoot,
          pollSeconds: 2,
          backoff: { firstMs: 20, mostMs: 80 },
          editEveryMs: 100,
        }),
    },
  });
}

interface Scene {
  readonly root: string;
  readonly fake: FakeTelegram;
  readonly agentUrl: string;
  readonly asked: Asked[];
}

/** Runs a test with a fake server and an agent, which repeats what it is told unless the test says more. */
async function scene(
  work: (scene: Scene) => Promise<void>,
  answer: (asked: Asked, request: Request) => Response | Promise<Response> = (asked) =>
    streamed(["re: ", textOf(asked)]),
): Promise<void> {
  await using root = await temporaryRoot();
  await using agent = fakeAgent(answer);
  const fake = await FakeTelegram.start();
  try {
    await work({ root: root.path, fake, agentUrl: agent.url, asked: agent.asked });
  } finally {
    await fake.close();
  }
}

function textOf({ messages }: Asked): string {
  return messages.at(-1)?.content ?? "";
}

/** What the chats show, in order. */
function shown(fake: FakeTelegram): string[] {
  return [...fake.texts.values()];
}

async function shows(fake: FakeTelegram, ...texts: string[]): Promise<void> {
  await eventually(
    JSON.stringify(texts),
    () => JSON.stringify(shown(fake)) === JSON.stringify(texts),
    PATIENCE,
  ).catch(() => assertEquals(shown(fake), texts));
}

Deno.test("a message to the bot is answered by the agent, whose answer grows by edits", async () => {
  const open = Promise.withResolvers<void>();
  const slow = async () => {
    const first = streamed(["The harbour ", "opens "]).body!.getReader();
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue((await first.read()).value!);
        controller.enqueue((await first.read()).value!);
        await open.promise;
        const event = { choices: [{ index: 0, delta: { content: "at six." } }] };
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`));
        controller.close();
        await first.cancel();
      },
    });
    return await Promise.resolve(
      new Response(body, { headers: { "content-type": "text/event-stream" } }),
    );
  };
  await scene(async ({ root, fake, agentUrl, asked }) => {
    await using _bot = await botAt(root, fake, agentUrl);
    fake.say("when?");
    await shows(fake, "The harbour opens");
    open.resolve();
    await shows(fake, "The harbour opens at six.");
    assertEquals(fake.of("sendMessage").length, 1);
    assertGreaterOrEqual(fake.of("editMessageText").length, 1);
    assertGreaterOrEqual(fake.of("sendChatAction").length, 1);
    assertEquals(asked.map(({ user }) => user), ["telegram:default:42"]);
  }, slow);
});

Deno.test("in a group the bot answers who addresses it, as an answer to that message", async () => {
  await scene(async ({ root, fake, agentUrl, asked }) => {
    await using _bot = await botAt(root, fake, agentUrl);
    const chat = { id: -1001, type: "supergroup", title: "Harbour" };
    fake.say("nobody asked you", { chat });
    const text = "@HelperBot when does it open?";
    const entities = [{ type: "mention", offset: 0, length: 10 }];
    const id = fake.say(text, { chat, entities });
    await shows(fake, "re: when does it open?");
    assertEquals(asked.map(textOf), ["when does it open?"]);
    const { chat_id, reply_parameters } = fake.of("sendMessage")[0]!.fields;
    assertEquals(chat_id, -1001);
    assertEquals(reply_parameters, { message_id: id, allow_sending_without_reply: true });
  });
});

Deno.test("a chat that Telegram makes wait gets its whole answer, once", async () => {
  await scene(async ({ root, fake, agentUrl, asked }) => {
    const later = {
      status: 429,
      description: "Too Many Requests: retry after 1",
      parameters: { retry_after: 1 },
    };
    fake.trouble("sendMessage", later);
    fake.trouble("editMessageText", later);
    {
      await using bot = await botAt(root, fake, agentUrl);
      fake.say("one");
      await shows(fake, "re: one");
      const [first, second] = fake.of("sendMessage");
      assertGreaterOrEqual(second!.at - first!.at, 950);
      // Longer than it would wait with a message in hand.
      const long = { ...later, parameters: { retry_after: 100_000 } };
      fake.trouble("sendMessage", long, long, long);
      fake.say("two");
      const undelivered = () => bot.events.some(({ type }) => type === "undelivered");
      await eventually("the refusal", undelivered, PATIENCE);
      assertEquals(bot.gateway.status()[0]?.waiting, 1);
    }
    fake.calm();
    // The answer has stayed on the disk, and the agent is not asked again.
    await using _bot = await botAt(root, fake, agentUrl);
    await shows(fake, "re: one", "re: two");
    assertEquals(asked.map(textOf), ["one", "two"]);
  });
});

Deno.test("a second poller is a status, and nothing is answered twice for it", async () => {
  await scene(async ({ root, fake, agentUrl, asked }) => {
    await using bot = await botAt(root, fake, agentUrl);
    const errors = () =>
      bot.events.map((event) => event.type === "channel" ? event.status.error ?? "" : "");
    await eventually("the conflict", async () => {
      const response = await fetch(`${fake.apiRoot}/bot${fake.token}/getUpdates`, {
        method: "POST",
        body: JSON.stringify({ timeout: 0 }),
      });
      await response.body?.cancel();
      return errors().some((error) => error.includes("Another program takes this bot's messages"));
    }, PATIENCE);
    fake.say("still here");
    await shows(fake, "re: still here");
    await eventually(
      "running again",
      () => bot.gateway.status()[0]?.status.state === "running",
      PATIENCE,
    );
    assertEquals(asked.length, 1);
  });
});

Deno.test("a network that is lost for a while loses no message and no answer", async () => {
  const open = Promise.withResolvers<void>();
  await scene(async ({ root, fake, agentUrl, asked }) => {
    await using bot = await botAt(root, fake, agentUrl);
    fake.say("one");
    await eventually("the question", () => asked.length === 1, PATIENCE);
    await fake.close();
    // The answer is known while nobody can be told.
    open.resolve();
    await eventually("the failure", () => bot.events.some(({ type }) => type === "undelivered"));
    fake.say("two");
    await fake.listen();
    await shows(fake, "re: one", "re: two");
    assertEquals(asked.map(textOf), ["one", "two"]);
  }, async (asked) => {
    await open.promise;
    return streamed(["re: ", textOf(asked)]);
  });
});

Deno.test("over restarts, orderly or not, each update is answered once", async () => {
  const hold = Promise.withResolvers<void>();
  const answer = async (asked: Asked) => {
    if (textOf(asked) === "held" && !open) {
      held++;
      await hold.promise;
    }
    return streamed(["re: ", textOf(asked)]);
  };
  let open = false;
  let held = 0;
  await scene(async ({ root, fake, agentUrl, asked }) => {
    const said: string[] = [];
    for (let run = 0; run < 3; run++) {
      await using _bot = await botAt(root, fake, agentUrl);
      for (let i = 0; i < 3; i++) {
        said.push(`${run}/${i}`);
        fake.say(`${run}/${i}`);
      }
      // Stopped in the middle: what has been taken waits on disk, the rest at Telegram.
      await eventually("an answer", () => fake.texts.size > run * 2, PATIENCE);
    }
    {
      await using bot = await botAt(root, fake, agentUrl);
      fake.say("held");
      await eventually("the question that hangs", () => held === 1, PATIENCE);
      assert(bot.gateway.status()[0]!.waiting > 0);
    }
    open = true;
    hold.resolve();
    await using bot = await botAt(root, fake, agentUrl);
    fake.say("last");
    await shows(fake, ...[...said, "held", "last"].map((text) => `re: ${text}`));
    await eventually("the end", () => bot.gateway.status()[0]?.waiting === 0, PATIENCE);
    assertEquals(new Set(asked.map(textOf)), new Set([...said, "held", "last"]));
    assertEquals(fake.pending, 0);
  }, answer);
});

Deno.test("an update that Telegram brings again, since its confirmation got lost, counts once", async () => {
  await scene(async ({ root, fake, agentUrl, asked }) => {
    const chat = { id: 42, type: "private", first_name: "Ada" };
    const from = { id: 42, is_bot: false, first_name: "Ada" };
    const message = { message_id: 7, date: 1_700_000_000, from, chat, text: "once" };
    await using _bot = await botAt(root, fake, agentUrl);
    for (let i = 0; i < 3; i++) fake.update({ message });
    fake.say("and on");
    await shows(fake, "re: once", "re: and on");
    assertEquals(asked.map(textOf), ["once", "and on"]);
  });
});

Deno.test("a long answer comes in messages within Telegram's limit, and all of it", async () => {
  const paragraphs = Array.from({ length: 60 }, (_, i) => `${i} ${"word ".repeat(40)}`.trim());
  await scene(async ({ root, fake, agentUrl }) => {
    await using bot = await botAt(root, fake, agentUrl);
    fake.say("all of it");
    await eventually(
      "the answer",
      () => bot.events.some(({ type }) => type === "answered"),
      60_000,
    );
    const parts = shown(fake);
    assertGreaterOrEqual(parts.length, 3);
    for (const part of parts) assert(part.length <= 4096);
    assertEquals(parts.join("\n\n").split("\n\n"), paragraphs);
  }, () => streamed(paragraphs.map((text) => `${text}\n\n`)));
});

Deno.test("a stranger gets a code and no agent, until the owner lets him in", async () => {
  await scene(async ({ root, fake, agentUrl, asked }) => {
    await using bot = await botAt(root, fake, agentUrl, { allowFrom: [] });
    fake.say("hello?");
    await eventually("the code", () => /this code: \w+/.test(shown(fake)[0] ?? ""), PATIENCE);
    assertEquals(asked.length, 0);
    assertEquals(bot.events.filter(({ type }) => type === "stranger").length, 1);
  });
});
