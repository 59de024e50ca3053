import { assertEquals, assertMatch } from "@std/assert";
import { findProgram } from "../../lib/process/find_program.ts";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";
import { callBack, configure, PATIENCE } from "./ocg/async_machine.ts";
import { webchatChat } from "./ocg/chats.ts";
import { freePort } from "./ports.ts";

const EXAMPLE = new URL("../../etc/examples/agent.mjs", import.meta.url).pathname;
const SECRET = "a shared secret";

/** Node where there is one, else the Deno that runs the tests. */
async function exampleProgram(): Promise<string[]> {
  const node = await findProgram("node");
  return node ? [node, EXAMPLE] : [Deno.execPath(), "run", "--no-config", "-A", EXAMPLE];
}

/** The example as a process, at a port of its own. */
async function startExample(env: Record<string, string>) {
  const port = freePort();
  const [command = "", ...args] = await exampleProgram();
  const child = new Deno.Command(command, {
    args,
    env: { ...env, PORT: String(port) },
    stdout: "piped",
  }).spawn();
  let said = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const piece of child.stdout) said += decoder.decode(piece, { stream: true });
  })();
  await eventually("the example", () => said.includes("\n"), PATIENCE);
  return {
    url: /http\S+/.exec(said)?.[0] ?? "",
    said: () => said,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await Promise.all([child.status, reading]);
    },
  };
}

for (const [how, secret] of [["unsigned", undefined], ["signed", SECRET]] as const) {
  Deno.test(`the example of an agent works as printed, ${how}`, async () => {
    await using example = await startExample(secret ? { CALLBACK_SECRET: secret } : {});
    await using node = await TestNode.empty("ann");
    const chat = webchatChat();
    const port = freePort();
    await configure(node, {
      agentUrl: example.url,
      async: true,
      callbackHost: "127.0.0.1",
      callbackPort: port,
      ...(secret ? { callbackSecret: secret } : {}),
      channels: { webchat: chat.settings },
    });
    await using run = node.start(["ocg", "start", "--json"]);
    await run.until("its channel", () => /"state": ?"running"/.test(run.stdout) || undefined);
    await chat.say("Hello, “agent” 🙂", port);
    await eventually("the answer", async () => (await chat.seen(port)).length > 0, PATIENCE);
    assertEquals(await chat.seen(port), ["You said: Hello, “agent” 🙂"]);
    await eventually("its word", () => example.said().includes("brought an answer"), PATIENCE);
    const unknown = `http://127.0.0.1:${port}/ocg/callback/${"0".repeat(64)}`;
    assertEquals(await callBack(unknown, "x", secret), 404);
  });
}

Deno.test("an example that signs with another secret is told so", async () => {
  await using example = await startExample({ CALLBACK_SECRET: "not that one" });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ error: "The signature is missing or wrong" }, { status: 401 }),
  );
  const callback = `http://127.0.0.1:${server.addr.port}/ocg/callback/x`;
  const ask = async (body: string, headers: Record<string, string>) => {
    const response = await fetch(example.url, { method: "POST", body, headers });
    await response.body?.cancel();
    return response.status;
  };
  const question = JSON.stringify({ messages: [{ role: "user", content: "hi" }] });
  assertEquals(await ask(question, { "x-ocg-callback": callback }), 202);
  assertEquals(await ask(question, {}), 400);
  assertEquals(await ask("{", { "x-ocg-callback": callback }), 400);
  await eventually("its word", () => example.said().includes("not wanted"), PATIENCE);
  assertMatch(example.said(), /the answer is not wanted: 401 .*signature/);
});
