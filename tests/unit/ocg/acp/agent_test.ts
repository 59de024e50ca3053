import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { AgentError } from "../../../../lib/agent/agent_error.ts";
import { MeshError } from "../../../../lib/error.ts";
import { chatAccounts } from "../../../../lib/ocg/accounts.ts";
import { acpAgents } from "../../../../lib/ocg/acp/agent.ts";
import type { AcpProgramOptions } from "../../../../lib/ocg/acp/program.ts";
import { LONGEST_ANSWER } from "../../../../lib/ocg/acp/turn.ts";
import type { ChatAgent } from "../../../../lib/ocg/chat_agent.ts";
import { parseOcgConfig } from "../../../../lib/ocg/config.ts";
import type { AcpConfig } from "../../../../lib/ocg/config_types.ts";
import { until } from "../fakes.ts";

const PROGRAM = new URL("../../../fakes/acp_agent.ts", import.meta.url).pathname;
const [ACCOUNT] = chatAccounts(
  parseOcgConfig('{"channels": {"fake": {}}}').config,
  () => undefined,
);

/** Shorter than usual: what is waited for here does not come. */
const PATIENT: AcpProgramOptions = { backoff: { firstMs: 50, mostMs: 400 }, cancelMs: 500 };

function config(more: Partial<AcpConfig> = {}): AcpConfig {
  const denoDir = Deno.env.get("DENO_DIR");
  return {
    command: Deno.execPath(),
    args: ["run", "--quiet", "--no-lock", "--no-check", "-A", PROGRAM],
    timeoutMs: 120_000,
    ...more,
    env: { ...(denoDir ? { DENO_DIR: denoDir } : {}), ...more.env },
  };
}

/** An agent, and what asks it. */
function agentOf(made: AcpConfig, options = PATIENT, make = acpAgents(options)) {
  assert(ACCOUNT);
  const agent = make(made, ACCOUNT);
  return { agent, [Symbol.asyncDispose]: async () => await agent.stop?.() };
}

async function ask(agent: ChatAgent, text: string, chat = "1", before: string[] = []) {
  const pieces: string[] = [];
  const said = before.map((content, at) => ({
    role: at % 2 === 0 ? "user" as const : "assistant" as const,
    content,
  }));
  const messages = [...said, { role: "user" as const, content: text }];
  const session = `fake:default:${chat}`;
  const { signal } = new AbortController();
  const onText = (piece: string) => pieces.push(piece);
  const answer = await agent.ask({ messages, session, target: "" }, { signal, onText });
  return { ...answer, pieces };
}

async function failure(asking: Promise<unknown>): Promise<AgentError> {
  return await assertRejects(() => asking, AgentError);
}

async function isAlive(pid: number): Promise<boolean> {
  const { success } = await new Deno.Command("kill", {
    args: ["-0", String(pid)],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

Deno.test("a program answers in pieces, and what it prints beside that does no harm", async (t) => {
  await using running = agentOf(config({ env: { PASSWORD: "hunter22" } }));
  const { agent } = running;

  await t.step("an answer in pieces, without what it thinks", async () => {
    const { text, pieces } = await ask(agent, "hello");
    assertEquals([text, pieces], ["re: hello", ["re: ", "hello"]]);
  });

  await t.step("each chat has a session, which knows what was said", async () => {
    const [first, other] = await Promise.all([ask(agent, "count", "a"), ask(agent, "count", "b")]);
    const again = await ask(agent, "count", "a");
    const [pid, session, count] = again.text.split(" ");
    assertEquals(first.text, `${pid} ${session} 1`);
    assertEquals(count, "2");
    assertMatch(other.text, new RegExp(`^${pid} (?!${session} )s\\d+ 1$`));
  });

  await t.step("many chats at once keep apart", async () => {
    const chats = Array.from({ length: 50 }, (_, index) => `chat-${index}`);
    const answers = await Promise.all(chats.map((chat) => ask(agent, `of ${chat}`, chat)));
    assertEquals(answers.map(({ text }) => text), chats.map((chat) => `re: of ${chat}`));
  });

  await t.step("a new session is told what was said before, an old one not again", async () => {
    const { text } = await ask(agent, "all", "history", ["one", "two"]);
    assertEquals(text, "Earlier in this conversation:\n\nThey: one\n\nYou: two | all");
    assertEquals((await ask(agent, "all", "history", ["one", "two"])).text, "all");
  });

  await t.step("nonsense between its messages is passed over", async () => {
    assertEquals((await ask(agent, "nonsense")).text, "sense");
  });

  await t.step("it gets the environment that the owner gave it, and nothing else", async () => {
    const names = (await ask(agent, "env")).text.split(" ");
    const allowed = ["DENO_DIR", "HOME", "PASSWORD", "PATH", "PWD", "LD_LIBRARY_PATH"];
    assertEquals(names.filter((name) => !allowed.includes(name)), []);
    assert(names.includes("PASSWORD"));
  });

  await t.step(
    "it may do nothing that somebody would have to allow, and reads no files",
    async () => {
      assertEquals((await ask(agent, "tool")).text, "Let me look.\n\nI chose o-reject_once.");
      assertEquals((await ask(agent, "file")).text, "the client says -32601");
    },
  );

  await t.step("an answer without an end, or text, is said to be so", async () => {
    const answer = await ask(agent, "long");
    assertEquals([answer.text, answer.truncated], ["as far as I get", true]);
    assertEquals((await failure(ask(agent, "refuse"))).failure, "refused");
    assertEquals((await failure(ask(agent, "nothing"))).failure, "empty");
    const failed = await failure(ask(agent, "fail"));
    assertEquals(failed.failure, "failed");
    assertStringIncludes(failed.message, "error -32603: Internal error near [secret]");
  });

  await t.step("10 MB are cut, and the next question is answered", async () => {
    const huge = await failure(ask(agent, "huge"));
    assertEquals([huge.failure, huge.partial.length], ["too_large", LONGEST_ANSWER]);
    assertEquals((await ask(agent, "hello")).text, "re: hello");
  });
});

Deno.test("a program that does not answer is told to end, and left if it does not", async (t) => {
  await using running = agentOf(config({ timeoutMs: 1500 }));
  const { agent } = running;
  // The first start of a program may take longer than this test's patience with its answers.
  await until(() => ask(agent, "hello").then(() => true, () => false), 60_000);
  const first = await ask(agent, "count");

  await t.step("slow: the session goes on", async () => {
    const { failure: why, partial } = await failure(ask(agent, "slow"));
    assertEquals([why, partial], ["timeout", "well"]);
    await until(() => ask(agent, "hello").then(() => true, () => false), 60_000);
    const [pid, session] = (await ask(agent, "count")).text.split(" ");
    assertEquals(first.text.split(" ").slice(0, 2), [pid, session]);
  });

  await t.step("interrupted: it is told, and the question fails at once", async () => {
    const stop = new AbortController();
    const messages = [{ role: "user" as const, content: "slow" }];
    const asking = agent.ask({ messages, session: "s", target: "" }, {
      signal: stop.signal,
      onText: () => stop.abort(),
    });
    assertEquals((await failure(asking)).failure, "interrupted");
  });

  await t.step("deaf: the chat gets another session, and the program goes on", async () => {
    assertEquals((await failure(ask(agent, "deaf", "2"))).failure, "timeout");
    let text = "";
    await until(async () => {
      ({ text } = await ask(agent, "count", "2").catch(() => ({ text: "" })));
      return text !== "";
    }, 60_000);
    assertMatch(text, /^\d+ s\d+ 1$/);
    assertEquals(text.split(" ")[0], first.text.split(" ")[0]);
  });

  await t.step("silent altogether: another program takes its place", async () => {
    assertEquals((await failure(ask(agent, "freeze"))).failure, "timeout");
    let text = "";
    await until(async () => {
      ({ text } = await ask(agent, "count").catch(() => ({ text: "" })));
      return text !== "";
    }, 60_000);
    assert(text.split(" ")[0] !== first.text.split(" ")[0]);
  });
});

Deno.test("a program that dies is started again, and the chat is told what happened to its question", async (t) => {
  await using running = agentOf(config());
  const { agent } = running;
  const [pid] = (await ask(agent, "count")).text.split(" ");

  await t.step("in the middle of an answer", async () => {
    const [died, other] = await Promise.all([
      failure(ask(agent, "die")),
      failure(ask(agent, "slow", "other")),
    ]);
    assertEquals([died.failure, died.partial], ["cut_off", "half an "]);
    assertEquals(died.message, "The agent's program ended with exit code 9: out of memory");
    assertEquals(other.failure, "cut_off");
    const [next, session, count] = (await ask(agent, "count")).text.split(" ");
    assert(next !== pid);
    assertEquals([session, count], ["s1", "1"]);
  });

  await t.step("by a line without an end", async () => {
    const { failure: why } = await failure(ask(agent, "line"));
    assertEquals(why, "too_large");
    assertEquals((await ask(agent, "hello")).text, "re: hello");
  });

  await t.step("between two questions", async () => {
    const [now = ""] = (await ask(agent, "count")).text.split(" ");
    Deno.kill(Number(now), "SIGKILL");
    await until(async () => !await isAlive(Number(now)));
    assertEquals((await ask(agent, "hello")).text, "re: hello");
  });
});

Deno.test("a program that cannot begin says why, and is not started for every question", async (t) => {
  const slowly: AcpProgramOptions = { backoff: { firstMs: 60_000, mostMs: 60_000 } };
  const cases: [Partial<AcpConfig>, string, string][] = [
    [{ command: "/no/such/program" }, "misconfigured", "there is no such program"],
    [
      { env: { ACP_FAKE: "crash", PASSWORD: "hunter22" } },
      "unreachable",
      "exit code 3: no licence, and the password is [secret]",
    ],
    [{ env: { ACP_FAKE: "future" } }, "nonsense", "speaks version 99 of ACP, and not 1"],
  ];
  for (const [made, why, sentence] of cases) {
    await t.step(sentence, async () => {
      await using running = agentOf(config(made), slowly);
      const first = await failure(ask(running.agent, "hello"));
      assertEquals(first.failure, why);
      assertStringIncludes(first.message, sentence);
      const again = await failure(ask(running.agent, "hello"));
      assertEquals(again.failure, "unreachable");
      assertMatch(again.message, /started again in \d\d s/);
      assert(again.retryAfter !== undefined && again.retryAfter > 40);
    });
  }

  await t.step("one that says nothing at all", async () => {
    const mute = config({ env: { ACP_FAKE: "mute" } });
    await using running = agentOf(mute, { ...slowly, handshakeMs: 300 });
    const { failure: why, message } = await failure(ask(running.agent, "hello"));
    assertEquals([why, message], ["timeout", "The agent's program did not begin within 0.3 s"]);
  });

  await t.step("one that wants to be signed in, and one that mixes its sessions up", async () => {
    await using locked = agentOf(config({ env: { ACP_FAKE: "locked" } }));
    const { failure: why, message } = await failure(ask(locked.agent, "hello"));
    assertEquals(why, "misconfigured");
    assertStringIncludes(message, "wants to be signed in");
    await using mixed = agentOf(config({ env: { ACP_FAKE: "same" } }));
    assertEquals((await ask(mixed.agent, "hello", "1")).text, "re: hello");
    assertEquals((await failure(ask(mixed.agent, "hello", "2"))).failure, "nonsense");
  });

  await t.step("a folder that is no absolute path", () => {
    const error = catches(() => agentOf(config({ cwd: "here" })));
    assert(error instanceof MeshError && error.code === "config_invalid");
  });
});

Deno.test("a program that takes a no for its end did not answer", async () => {
  await using running = agentOf(config({ env: { ACP_FAKE: "pushy" } }));
  const { failure: why, partial } = await failure(ask(running.agent, "tool"));
  assertEquals([why, partial], ["tool_calls", "Let me look."]);
});

Deno.test("accounts that are configured alike share a program, which ends with the last of them", async () => {
  const make = acpAgents(PATIENT);
  const [one, two] = [agentOf(config(), PATIENT, make), agentOf(config(), PATIENT, make)];
  await using other = agentOf(config({ env: { OTHER: "1" } }), PATIENT, make);
  const pid = async (agent: ChatAgent) => Number((await ask(agent, "count")).text.split(" ")[0]);
  const shared = await pid(one.agent);
  assertEquals(await pid(two.agent), shared);
  assert(await pid(other.agent) !== shared);
  await one.agent.stop?.();
  await one.agent.stop?.();
  assertEquals(await pid(two.agent), shared);
  await two.agent.stop?.();
  assertEquals(await isAlive(shared), false);
  assert(await pid(one.agent) !== shared);
  await one.agent.stop?.();
});

function catches(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
