import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fakeAgent, streamed } from "../../unit/ocg/fakes.ts";
import { eventually } from "../eventually.ts";
import { ChannelMachine } from "./channels.ts";
import { Visitor } from "./visitor.ts";

Deno.test("on a fresh machine there is a page to chat on, whose link no log shows", async () => {
  await using agent = fakeAgent(() => streamed(["Hello ", "Anna"]));
  await using machine = await ChannelMachine.with();
  const env = { OCG_AGENT_URL: agent.url, OCG_MODEL: "m" };
  await using gateway = await machine.start(["--port", String(machine.port)], env);
  const link = await machine.link();
  assertMatch(link, new RegExp(`^http://127\\.0\\.0\\.1:${machine.port}/chat#[\\w-]{43}$`));

  const anna = await Visitor.open(link);
  assertEquals((await anna.say("Hi")).status, 202);
  const said = await anna.heard("Hello Anna");
  assertEquals(said.map(({ from, text }) => [from, text]), [["person", "Hi"], [
    "bot",
    "Hello Anna",
  ]]);
  assertEquals(agent.asked.map(({ model, messages }) => [model, messages]), [
    ["m", [{ role: "user", content: "Hi" }]],
  ]);
  const answered = await gateway.heard("ocg-answered");
  assertEquals([answered.characters, answered.said], [10, undefined]);
  const [, token = "?"] = link.split("#");
  assertEquals((gateway.run.stdout + gateway.run.stderr).includes(token), false);
  assertEquals(gateway.run.stdout.includes("Hello Anna"), false);
});

Deno.test("with verbose the log tells what is said, and still no secret", async () => {
  await using agent = fakeAgent(() => streamed(["Fine"]));
  const apiKey = "sk-very-secret";
  const config = { agentUrl: agent.url, model: "gpt", apiKey, verbose: true };
  await using machine = await ChannelMachine.with(config);
  await machine.node.run(["ocg", "start", "--background"]);
  const anna = await Visitor.open(await machine.link());
  await anna.say("How are you?");
  await anna.heard("Fine");
  await machine.node.run(["ocg", "stop"]);
  const log = await machine.log();
  assertMatch(
    log,
    /in {2}webchat:default:[0-9a-f]{32}: 12 characters → gpt @ http.*: "How are you\?"/,
  );
  assertMatch(log, /out webchat:default:[0-9a-f]{32}: 4 characters, 1 message: "Fine"/);
  assertEquals(log.includes(apiKey), false);
});

Deno.test("a message that a power cut caught is answered by the next start, once", async () => {
  const asked = Promise.withResolvers<void>();
  let power = false;
  await using agent = fakeAgent(async () => {
    if (power) return streamed(["Here ", "I am"]);
    asked.resolve();
    // The first question gets no answer before the power is gone.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return streamed(["Too late"]);
  });
  await using machine = await ChannelMachine.with({ agentUrl: agent.url });
  let anna: Visitor;
  const key = crypto.randomUUID();
  {
    await using gateway = await machine.start();
    anna = await Visitor.open(await machine.link());
    assertEquals((await anna.say("Are you there?", key)).status, 202);
    await asked.promise;
    await gateway.kill();
  }
  power = true;
  await using _gateway = await machine.start();
  await anna.heard("Here I am");
  // The page, which did not hear that it was taken, says it again.
  assertEquals((await anna.say("Are you there?", key)).status, 202);
  await anna.say("And now?");
  const said = await anna.heard("Here I am");
  assertEquals(
    said.filter(({ text }) => text === "Are you there?").length,
    1,
  );
  assertEquals(
    agent.asked.filter(({ messages }) => messages[0]?.content === "Are you there?").length,
    2,
  );
  assertEquals(said.some(({ text }) => text === "Too late"), false);
});

Deno.test("an answer by callback finds its chat over a power cut, once", async () => {
  const callback = Promise.withResolvers<string>();
  await using agent = fakeAgent((_, request) => {
    callback.resolve(request.headers.get("x-ocg-callback") ?? "");
    return Response.json({ status: "accepted" }, { status: 202 });
  });
  const config = { agentUrl: agent.url, async: true, callbackHost: "127.0.0.1" };
  await using machine = await ChannelMachine.with(config);
  let anna: Visitor;
  {
    await using gateway = await machine.start();
    anna = await Visitor.open(await machine.link());
    await anna.say("Think about it");
    await gateway.heard("ocg-forwarded");
    // Until it is written down that the agent has it, the next start would ask again.
    await eventually("that nothing waits", async () => {
      const folder = Deno.readDir(`${machine.node.state}/ocg/waiting`);
      return (await Array.fromAsync(folder)).every(({ name }) => !name.endsWith(".json"));
    });
    await gateway.kill();
  }
  const url = await callback.promise;
  assertMatch(
    url,
    new RegExp(`^http://127\\.0\\.0\\.1:${machine.port}/ocg/callback/[0-9a-f]{64}$`),
  );
  await using gateway = await machine.start();
  const { callbacks_open } = await machine.node.json(["ocg", "status"]);
  assertEquals(callbacks_open, 1);
  const answer = async (reply: string) => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ reply }) });
    return [response.status, await response.json()];
  };
  assertEquals(await answer("I have thought"), [200, { ok: true }]);
  const said = await anna.heard("I have thought");
  assertEquals((await gateway.heard("ocg-answered")).characters, 14);
  const [status] = await answer("I have thought");
  assertEquals(status, 404);
  assertEquals(said.filter(({ from }) => from === "bot").length, 1);
  assertEquals(agent.asked.length, 1);
  for await (const { name } of Deno.readDir(`${machine.node.state}/ocg/callbacks`)) {
    assertEquals(name.includes(url.slice(-64)), false);
  }
});

Deno.test("what came while nothing ran is answered after a restart in the background", async () => {
  await using machine = await ChannelMachine.with();
  await machine.configure({ agentUrl: "http://127.0.0.1:1/v1/chat/completions" });
  await machine.node.run(["ocg", "start", "--background"]);
  const link = await machine.link();
  const anna = await Visitor.open(link);
  await anna.say("Hello?");
  await anna.heard("⚠️ The agent cannot be reached right now.");
  const before = await machine.node.json(["ocg", "status"]);
  const after = await machine.node.json(["ocg", "restart"]);
  assertEquals([before.processes[0].pid === after.pid, after.already_running], [false, false]);
  assertEquals(after.webchat_url, link);
  assertStringIncludes((await anna.history()).map(({ text }) => text).join(), "Hello?");
});
