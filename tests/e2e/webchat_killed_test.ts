import { assertEquals } from "@std/assert";
import { eventually } from "./eventually.ts";
import { ChannelMachine } from "./ocg/channels.ts";
import { type Asked, fakeAgent, streamed } from "../unit/ocg/fakes.ts";
import { browserTest, connected, lastOf, saysIt, send } from "./webchat/at_the_page.ts";
import { PATIENCE, Person } from "./webchat/chromium.ts";
import { speak, type Spoken } from "./webchat/scene.ts";

browserTest(
  "killed while an answer is streamed, the program gives the whole answer after its next start",
  async (browser) => {
    const spoken: Spoken[] = [];
    await using agent = fakeAgent((asked: Asked) => {
      if (lastOf(asked) !== "story") return streamed(["fine"]);
      const one = speak();
      spoken.push(one);
      one.say("Once upon ");
      return one.response;
    });
    await using machine = await ChannelMachine.with({ agentUrl: agent.url });
    await using daemon = await machine.start();
    await using person = await Person.sitDown(browser);
    const page = await person.open(await machine.link());
    await connected(page);
    await send(page, "hello");
    await saysIt(page, ["You: hello", "Answer: fine"]);
    await send(page, "story");
    await page.getByText("Once upon").waitFor();
    await daemon.kill();
    await page.getByText("Connection lost, trying again").waitFor();
    await send(page, "meanwhile");
    await using _second = await machine.start();
    const agentAgain = await eventually("the question, again", () => spoken[1], PATIENCE);
    agentAgain.say("a time.");
    agentAgain.end();
    const before = ["You: hello", "Answer: fine", "You: story", "Answer: Once upon a time."];
    await saysIt(page, [...before, "You: meanwhile", "Answer: fine"]);
    // What the first program was told has no reader any more.
    await Promise.resolve().then(() => spoken[0]!.end()).catch(() => {});
  },
);

browserTest(
  "killed between question and callback, the program delivers the answer after its next start",
  async (browser) => {
    const callbacks: string[] = [];
    await using agent = fakeAgent((_, request) => {
      callbacks.push(request.headers.get("x-ocg-callback") ?? "");
      return Response.json({ status: "accepted" }, { status: 202 });
    });
    await using machine = await ChannelMachine.with({ agentUrl: agent.url, async: true });
    await using daemon = await machine.start();
    await using person = await Person.sitDown(browser);
    const page = await person.open(await machine.link());
    await connected(page);
    await send(page, "take your time");
    const callback = await eventually("the question", () => callbacks[0], PATIENCE);
    await daemon.kill();
    await using _second = await machine.start();
    await connected(page);
    const post = () =>
      fetch(callback, { method: "POST", body: JSON.stringify({ reply: "Here it is." }) });
    const answers = await Promise.all([post(), post()]);
    assertEquals(answers.map(({ status }) => status).toSorted(), [200, 404]);
    await Promise.all(answers.map((answer) => answer.body?.cancel()));
    await saysIt(page, ["You: take your time", "Answer: Here it is."]);
  },
);
