import { assertEquals } from "@std/assert";
import { notifyConfig } from "../../lib/notify/config.ts";
import { openOgpState } from "../../lib/ogp/state.ts";
import { type Asked, fakeAgent } from "../unit/ocg/fakes.ts";
import { eventually } from "./eventually.ts";
import { configure } from "./ocg/async_machine.ts";
import { webchatChat } from "./ocg/chats.ts";
import { OurGateway } from "./ogp/helpers.ts";
import { freePort } from "./ports.ts";
import type { Run } from "./program.ts";

/** A peer is tried for a while before the chat is told, and the machine may be busy. */
const PATIENCE = 90_000;

function questionOf({ messages }: Asked): string {
  const last = messages.at(-1)?.content ?? "";
  // Peers' words come in a frame that says whose they are.
  return /Q\d[^\n]*\?/.exec(last)?.[0] ?? last;
}

Deno.test("a chat talks to a federated peer's agent, amid kills", async (t) => {
  await using ann = await OurGateway.start("ann");
  await using bob = await OurGateway.start("bob");
  let held: Promise<void> = Promise.resolve();
  await using agent = fakeAgent(async (asked) => {
    const content = `re: ${questionOf(asked)}`;
    await held;
    return Response.json({ choices: [{ message: { role: "assistant", content } }] });
  });
  // It is also told who asks to federate.
  const questions = () => agent.asked.map(questionOf).filter((one) => /^Q\d/.test(one));
  await notifyConfig(openOgpState(bob.node.state).store).change({
    default: "local",
    targets: { local: { type: "agent", url: agent.url } },
  });
  const { publicKey } = await ann.card();
  await ann.json(["request", bob.url, "--alias", "bob"]);
  await bob.json(["approve", publicKey]);
  await ann.becomes((await bob.card()).publicKey, "approved");

  const chat = webchatChat();
  const port = freePort();
  await configure(ann.node, {
    agentUrl: "ogp:bob/planning",
    callbackHost: "127.0.0.1",
    callbackPort: port,
    channels: { webchat: chat.settings },
  });
  const runs: Run[] = [];
  const start = async () => {
    const run = ann.node.start(["ocg", "start", "--json"]);
    runs.push(run);
    await run.until("its channel", () => /"state": ?"running"/.test(run.stdout) || undefined);
    return run;
  };
  const expected: string[] = [];
  const shows = async (text: string) => {
    expected.push(text);
    await eventually(
      `"${text}"`,
      async () => (await chat.seen(port)).length >= expected.length,
      PATIENCE,
    );
    assertEquals(await chat.seen(port), expected);
  };

  try {
    let channels = await start();

    await t.step("the reply is the answer", async () => {
      await chat.say("Q1 how are you?", port);
      await shows("re: Q1 how are you?");
    });

    await t.step("killed while the peer's agent thinks, it is not asked twice", async () => {
      const thinking = Promise.withResolvers<void>();
      held = thinking.promise;
      await chat.say("Q2 what is new?", port);
      await eventually("the question", () => questions().length === 2, PATIENCE);
      channels.kill("SIGKILL");
      await channels.ended;
      thinking.resolve();
      channels = await start();
      await shows("re: Q2 what is new?");
      assertEquals(questions(), ["Q1 how are you?", "Q2 what is new?"]);
    });

    await t.step("without a gateway of its own that replies could be brought to", async () => {
      await ann.down();
      await chat.say("Q3 still there?", port);
      await shows("re: Q3 still there?");
    });

    await t.step(
      "a peer that is away is said to be so, and does not hear of it later",
      async () => {
        await bob.down("SIGKILL");
        await chat.say("Q4 anybody?", port);
        await shows("⚠️ The agent cannot be reached right now.");
        await bob.up();
        await chat.say("Q5 back again?", port);
        await shows("re: Q5 back again?");
        assertEquals(questions().filter((one) => one.startsWith("Q4")), []);
        assertEquals(questions().length, 4);
      },
    );
  } finally {
    for (const run of runs) await run[Symbol.asyncDispose]();
  }
});
