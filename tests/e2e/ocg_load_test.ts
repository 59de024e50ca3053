import { assert, assertEquals } from "@std/assert";
import { type Asked, EDITING, fakeAgent, runGateway, WHOLE } from "../unit/ocg/fakes.ts";
import { temporaryRoot } from "../unit/store/temporary_root.ts";
import { eventually } from "./eventually.ts";

const CHATS = 1_000;
const MESSAGES = 2;

/** Far more than it takes. */
const PATIENCE = 240_000;

/** What a chat is told: long enough to be cut into many pieces, and nobody else's. */
function answerTo(chat: string, message: string): string {
  const secret = `${chat}/${message}`;
  return Array.from({ length: 12 }, (_, i) => `${secret} said “${i}” 🙂`).join(" ");
}

/** Streams an answer in pieces of odd sizes, cut within characters, with pauses in between. */
function streamedOddly(text: string): Response {
  const event = (content: string) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\r\n\r\n`;
  const words = text.split(/(?<= )/).map(event).join("");
  const bytes = new TextEncoder().encode(`${words}data: [DONE]\r\n\r\n`);
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      const size = 1 + Math.floor(Math.random() * 400);
      controller.enqueue(bytes.subarray(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** Who asks is in the session, and what is in the question: an answer to another one would show. */
function answered({ user, messages }: Asked): Response {
  const chat = user.split(":")[2] ?? "";
  return streamedOddly(answerTo(chat, messages.at(-1)?.content ?? ""));
}

for (const [kind, capabilities] of [["can edit", EDITING], ["cannot edit", WHOLE]] as const) {
  Deno.test(`of 1,000 chats at once on a channel that ${kind}, each gets its own answers, once and in order`, async () => {
    await using root = await temporaryRoot();
    const open = new Map<string, number>();
    let overlaps = 0;
    await using agent = fakeAgent((asked) => {
      if (open.get(asked.user)) overlaps++;
      open.set(asked.user, 1);
      const response = answered(asked);
      const done = new TransformStream<Uint8Array, Uint8Array>({
        flush: () => void open.set(asked.user, 0),
      });
      return new Response(response.body?.pipeThrough(done), response);
    });
    const long = { ...capabilities, maxLength: 4096 };
    const config = { agentUrl: agent.url, concurrency: CHATS };
    await using running = await runGateway(root.path, config, long);
    const { channel, events } = running;
    const chats = Array.from({ length: CHATS }, (_, i) => `chat-${i}`);
    for (let i = 0; i < MESSAGES; i++) {
      await Promise.all(chats.map((chat) => channel.write(chat, `${i}`, `m${i}`)));
    }
    const done = () => events.filter(({ type }) => type === "answered").length;
    await eventually("all answers", () => done() === CHATS * MESSAGES, PATIENCE);
    for (const chat of chats) {
      const expected = Array.from({ length: MESSAGES }, (_, i) => answerTo(chat, `m${i}`));
      assertEquals(channel.texts(chat), expected);
    }
    assertEquals(agent.asked.length, CHATS * MESSAGES);
    assertEquals(overlaps, 0, "a chat's questions are asked one after the other");
    assertEquals(events.filter(({ type }) => type === "fault" || type === "agent_failed"), []);
    assertEquals(await running.state.waiting.ids(), []);
    assert(done() === CHATS * MESSAGES, "nothing came twice");
  });
}
