import { assert, assertEquals, assertMatch } from "@std/assert";
import { notifyConfig } from "../../lib/notify/config.ts";
import { openOgpState } from "../../lib/ogp/state.ts";
import { type Asked, fakeAgent, streamed } from "../unit/ocg/fakes.ts";
import { eventually, pause } from "./eventually.ts";
import { TestNode } from "./node.ts";
import { OurGateway } from "./ogp/helpers.ts";
import { HAS_TERMINAL, typing } from "./on_terminal.ts";

/** A machine without an identity, with an agent. */
async function machine(
  answer: (body: Asked, request: Request) => Response | Promise<Response>,
  config: Record<string, unknown> = {},
) {
  const node = await TestNode.empty("ann");
  const agent = fakeAgent(answer);
  await Deno.mkdir(node.state, { mode: 0o700 });
  const file = { agentUrl: agent.url, model: "m", apiKey: "sk-secret", ...config };
  await Deno.writeTextFile(`${node.state}/ocg.json`, JSON.stringify(file), { mode: 0o600 });
  return {
    node,
    agent,
    async [Symbol.asyncDispose]() {
      await agent[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    },
  };
}

const last = ({ messages }: Asked) => messages.at(-1)?.content ?? "";

Deno.test("lines that are piped in are answered in their order, and nothing is kept", async (t) => {
  await using ann = await machine(({ messages }) =>
    streamed(["Heard ", messages.map(({ content }) => content).join("+")])
  );
  const { node, agent } = ann;

  await t.step("as text", async () => {
    const { stdout, stderr } = await node.run(["ocg", "chat"], { stdin: "one\n\ntwo" });
    assertEquals([stdout, stderr], ["Heard one\n\nHeard two\n\n", ""]);
    assertEquals(agent.asked.map(({ user, model }) => [user, model]), [
      ["terminal:default:terminal", "m"],
      ["terminal:default:terminal", "m"],
    ]);
    const left = await Array.fromAsync(Deno.readDir(node.state), ({ name }) => name);
    assertEquals(left, ["ocg.json"]);
  });

  await t.step("as a document a line, with what was said before", async () => {
    const args = ["ocg", "chat", "--json", "--history", "5", "--model", "other"];
    const { stdout } = await node.run(args, { stdin: "one\ntwo\n" });
    const lines = stdout.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map(({ ms: _, ...line }) => line), [
      { ok: true, question: "one", answer: "Heard one" },
      { ok: true, question: "two", answer: "Heard one+Heard one+two" },
    ]);
    assertEquals(agent.asked.at(-1)?.model, "other");
  });

  await t.step("no agent, no answer", async () => {
    const away = ["--agent-url", "http://127.0.0.1:1/v1/chat/completions"];
    const { stdout, stderr } = await node.run(["ocg", "chat", ...away], { stdin: "x", code: 6 });
    assertMatch(stdout, /cannot be reached right now/);
    assertMatch(stderr, /mesh: Cannot reach http:\/\/127\.0\.0\.1:1.*\nhint: start the agent/);
    const json = await node.run(["ocg", "chat", "--json", ...away], { stdin: "x", code: 6 });
    const { ok, error } = JSON.parse(json.stdout);
    assertEquals([ok, error], [false, "unreachable"]);
    await node.json(["ocg", "chat", "--agent-url", "ftp://x"], { code: 2 });
    await node.run(["ocg", "chat", "--history", "x"], { code: 2 });
  });
});

Deno.test("the configured key goes to the configured agent only", async () => {
  const keys: (string | null)[] = [];
  const heard = (_: Asked, request: Request) => {
    keys.push(request.headers.get("authorization"));
    return streamed(["ok"]);
  };
  await using ann = await machine(heard);
  await using other = fakeAgent(heard);
  await ann.node.run(["ocg", "chat"], { stdin: "x" });
  await ann.node.run(["ocg", "chat", "--agent-url", other.url], { stdin: "x" });
  await ann.node.run(["ocg", "test", "--agent-url", other.url]);
  assertEquals(keys, ["Bearer sk-secret", null, null]);
});

Deno.test({
  name: "on a terminal an answer is printed while it is written",
  ignore: !HAS_TERMINAL,
  fn: async () => {
    const more = Promise.withResolvers<void>();
    await using ann = await machine((body) => {
      if (last(body) !== "slow") return streamed(["It is ", "\u001b[2J", "noon."]);
      const encoder = new TextEncoder();
      const event = (content: string) =>
        encoder.encode(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`);
      const stream = new ReadableStream({
        async start(controller) {
          controller.enqueue(event("The first words"));
          await more.promise;
          controller.enqueue(event(" and the last."));
          controller.enqueue(encoder.encode("data: [DONE]\n\n"));
          controller.close();
        },
      });
      return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    });
    await using run = ann.node.start(["ocg", "chat"], typing("time\nslow\n"));
    await run.until("the beginning", () => run.stdout.includes("The first words") || undefined);
    await pause(50);
    assert(!run.stdout.includes("and the last"));
    more.resolve();
    const { code } = await run.end();
    assertEquals(code, 0);
    assertMatch(run.stdout, /The first words and the last\.\r\n/);
    assertMatch(run.stdout, /Talking to m @ http:\/\/127\.0\.0\.1:\d+\/\S+\. Ctrl-D ends it\./);
    assertMatch(run.stdout, /It is \\u001b\[2Jnoon\.\r\n\r\n> /);
  },
});

Deno.test("the smoke test says how long it took, or what to do", async (t) => {
  await t.step("each agent once, with the channels that talk to it", async () => {
    await using ann = await machine(() => streamed(["Fine, ", "thank ", "you."]), {
      channels: {
        telegram: { botToken: "1:a" },
        discord: { token: "t", accounts: { a: {}, b: { model: "big" } } },
        off: { enabled: false, model: "never" },
      },
    });
    const { agents, ok } = await ann.node.json(["ocg", "test"]);
    assertEquals(ok, true);
    assertEquals(
      // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
      agents.map((one: any) => [one.agent.model, one.channels, one.answer, one.pieces]),
      [
        ["m", ["telegram/default", "discord/a"], "Fine, thank you.", 3],
        ["big", ["discord/b"], "Fine, thank you.", 3],
      ],
    );
    assert(agents[0].first_ms <= agents[0].total_ms);
    const { stdout } = await ann.node.run(["ocg", "test", "--channel", "telegram"]);
    assertMatch(
      stdout,
      /^m @ http\S+ answers after [\d.]+ m?s \(first words after .* 3 pieces\)\n/,
    );
    assertMatch(stdout, /\n {2}answer {4}Fine, thank you\.\n$/);
    await ann.node.json(["ocg", "test", "--channel", "irc"], { code: 3 });
    assert(!stdout.includes("sk-secret"));
  });

  const failures: [string, () => Response, RegExp][] = [
    ["a wrong key", () => new Response("no", { status: 401 }), /"apiKey"/],
    ["a wrong path", () => new Response("no", { status: 404 }), /\/v1\/chat\/completions/],
    ["a page", () => new Response("<html>"), /\/v1\/chat\/completions/],
    ["no text", () => streamed([""]), /prompt/],
  ];
  for (const [what, answer, hint] of failures) {
    await t.step(what, async () => {
      await using ann = await machine(answer);
      const { ok, agents } = await ann.node.json(["ocg", "test"], { code: 6 });
      assertEquals([ok, agents[0].ok, agents[0].answer], [false, false, null]);
      assertMatch(agents[0].hint, hint);
      assertMatch(agents[0].chat_shows, /^⚠️ /);
    });
  }

  await t.step("an answer by callback, and one that does not come", async () => {
    let calls = true;
    const answered: Promise<unknown>[] = [];
    await using ann = await machine((body, request) => {
      const url = request.headers.get("x-ocg-callback") ?? "";
      if (calls) {
        const reply = JSON.stringify({ reply: `Later: ${last(body)}` });
        const call = eventually("the call", async () => {
          const { body, ok } = await fetch(url, { method: "POST", body: reply });
          await body?.cancel();
          return ok;
        });
        answered.push(call.catch((error) => error));
      }
      return new Response(null, { status: 202 });
    }, { async: true });
    const { agents } = await ann.node.json(["ocg", "test", "--text", "Hi"]);
    assertEquals([agents[0].async, agents[0].answer], [true, "Later: Hi"]);
    const { stdout } = await ann.node.run(["ocg", "chat"], { stdin: "one\ntwo\n" });
    assertEquals(stdout.trim().split("\n\n").sort(), ["Later: one", "Later: two"]);
    assertEquals(await Promise.all(answered), [true, true, true]);
    calls = false;
    const failed = await ann.node.json(["ocg", "test", "--timeout", "1s"], { code: 6 });
    assertMatch(failed.agents[0].hint, /X-OCG-Callback/);
  });
});

Deno.test("agents that are programs and peers are tested and talked to as well", async (t) => {
  await t.step("a program", async () => {
    const program = new URL("../fakes/acp_agent.ts", import.meta.url).pathname;
    const denoDir = Deno.env.get("DENO_DIR");
    await using ann = await machine(() => streamed(["no"]), {
      agentUrl: undefined,
      agentType: "acp",
      acp: {
        command: Deno.execPath(),
        args: ["run", "--quiet", "--no-lock", "--no-check", "-A", program],
        env: denoDir ? { DENO_DIR: denoDir } : {},
      },
    });
    const { agents } = await ann.node.json(["ocg", "test", "--text", "hello"]);
    assertEquals([agents[0].agent.type, agents[0].answer], ["acp", "re: hello"]);
    const { stdout } = await ann.node.run(["ocg", "chat"], { stdin: "hello" });
    assertEquals(stdout, "re: hello\n\n");
  });

  await t.step("a program that is not there", async () => {
    await using ann = await machine(() => streamed(["no"]), {
      ...{ agentUrl: undefined, agentType: "acp", acp: { command: "/nowhere/agent" } },
    });
    const { agents } = await ann.node.json(["ocg", "test"], { code: 6 });
    assertMatch(agents[0].hint, /acp/);
  });

  await t.step("a peer, and one without a gateway here", async () => {
    await using ann = await OurGateway.start("ann");
    await using bob = await OurGateway.start("bob");
    await using agent = fakeAgent((asked) => streamed([`re: ${/Q\d/.exec(last(asked))?.[0]}`]));
    await notifyConfig(openOgpState(bob.node.state).store).change({
      default: "local",
      targets: { local: { type: "agent", url: agent.url } },
    });
    await ann.json(["request", bob.url, "--alias", "bob"]);
    await bob.json(["approve", (await ann.card()).publicKey]);
    await ann.becomes((await bob.card()).publicKey, "approved");
    const url = ["--agent-url", "ogp:bob/planning"];
    const { agents } = await ann.node.json(["ocg", "test", "--text", "Q1?", ...url]);
    assertEquals([agents[0].agent.type, agents[0].answer], ["ogp", "re: Q1"]);
    await using none = await machine(() => streamed(["no"]));
    const failed = await none.node.json(["ocg", "test", ...url], { code: 6 });
    assertMatch(failed.agents[0].hint, /mesh init/);
  });
});

Deno.test("the version is that of the program", async () => {
  await using ann = await TestNode.empty("ann");
  const { version } = await ann.json(["ocg", "version"]);
  const { stdout } = await ann.run(["ocg", "version"]);
  const { stdout: whole } = await ann.run(["--version"]);
  assertEquals([version, stdout], [whole.trim(), whole]);
});
