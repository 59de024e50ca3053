import { assertEquals, assertGreater } from "@std/assert";
import { TelegramChannel } from "../../lib/ocg/channels/telegram/telegram.ts";
import { eventually } from "../e2e/eventually.ts";
import { EDITING, fakeAgent, runGateway } from "../unit/ocg/fakes.ts";
import { temporaryRoot } from "../unit/store/temporary_root.ts";
import { BOT, BotApi } from "./bot_api.ts";
import { namedFolder } from "./install.ts";

const PATIENCE = 30_000;

/** Runs a gateway with a bot at the server; the agent says what it was told, slowly. */
function telegramTest(
  name: string,
  work: (api: BotApi, asked: { messages: { content: string }[] }[]) => Promise<void>,
): void {
  const folder = namedFolder();
  Deno.test({
    name: folder === undefined ? `${name} (deno task test:telegram)` : name,
    ignore: folder === undefined,
    async fn() {
      await using root = await temporaryRoot();
      await using api = await BotApi.start(folder!);
      await using agent = fakeAgent(({ messages }) => slowly(messages.at(-1)?.content ?? ""));
      const config = { agentUrl: agent.url, channels: { telegram: {} } };
      await using running = await runGateway(root.path, config, EDITING, {
        factories: {
          telegram: ({ account }) =>
            new TelegramChannel({
              account,
              botToken: BOT.token,
              apiRoot: api.apiRoot,
              pollSeconds: 1,
              editEveryMs: 200,
            }),
        },
      });
      await work(api, agent.asked);
      // What the chat shows already may still be on its way to its end.
      const isIdle = () => running.gateway.status()[0]?.waiting === 0;
      await eventually("the end", isIdle, PATIENCE);
    },
  });
}

/** Streams a text word by word, over a second. */
function slowly(text: string): Response {
  const words = `You said: ${text}`.split(/(?<= )/);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const content of words) {
        const event = JSON.stringify({ choices: [{ index: 0, delta: { content } }] });
        controller.enqueue(encoder.encode(`data: ${event}\n\n`));
        await new Promise((resolve) => setTimeout(resolve, 1000 / words.length));
      }
      controller.enqueue(encoder.encode("data: [DONE]\n\n"));
      controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

telegramTest("a person writes to the bot and sees the answer grow", async (api, asked) => {
  const question = "the quick brown fox jumps over the lazy dog";
  await api.say(question);
  const seen = new Set<string>();
  await eventually("the answer", async () => {
    const [first] = await api.written();
    if (first) seen.add(first.message.text);
    return first?.message.text === `You said: ${question}`;
  }, PATIENCE);
  assertGreater(seen.size, 1, "it was edited");
  assertEquals((await api.written()).length, 1);
  assertEquals(asked.length, 1);
});

telegramTest("in a group it answers those who address it", async (api, asked) => {
  const group = { id: -1009, type: "supergroup", title: "Harbour" };
  await api.say("not for the bot", group);
  const text = `@${BOT.username} when?`;
  const entities = [{ type: "mention", offset: 0, length: BOT.username.length + 1 }];
  await api.say(text, group, { entities });
  await eventually("the answer", async () => {
    return (await api.written()).some(({ message }) => message.text === "You said: when?");
  }, PATIENCE);
  const chats = (await api.written()).map(({ message }) => String(message.chat_id));
  assertEquals(chats, ["-1009"]);
  assertEquals(asked.map(({ messages }) => messages.at(-1)?.content), ["when?"]);
});

telegramTest("many messages in a row are answered in order", async (api) => {
  const texts = ["one", "two", "three"];
  for (const text of texts) await api.say(text);
  const answers = texts.map((text) => `You said: ${text}`);
  await eventually("all answers", async () => {
    const written = (await api.written()).map(({ message }) => message.text);
    return JSON.stringify(written) === JSON.stringify(answers);
  }, PATIENCE);
});
