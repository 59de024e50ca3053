import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FakeTelegram } from "../fakes/telegram_api.ts";
import { fakeAgent, streamed } from "../unit/ocg/fakes.ts";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";
import { HAS_TERMINAL, typing } from "./on_terminal.ts";
import type { Run } from "./program.ts";

/** A machine without an identity, whose agent repeats what it is told. */
async function machine(config: Record<string, unknown> = {}) {
  const node = await TestNode.empty("ann");
  const agent = fakeAgent(({ messages }) =>
    streamed(["You said: ", messages.at(-1)?.content ?? "", "."])
  );
  await Deno.mkdir(node.state, { mode: 0o700 });
  const file = `${node.state}/ocg.json`;
  await Deno.writeTextFile(file, JSON.stringify({ agentUrl: agent.url, model: "m", ...config }));
  let daemon: Run | undefined;
  return {
    node,
    agent,
    file,
    saved: async () => JSON.parse(await Deno.readTextFile(file)),
    async start(): Promise<Run> {
      const run = node.start(["ocg", "start", "--host", "127.0.0.1", "--port", "0"]);
      daemon = run;
      await run.until("its address", () => /listening/.test(run.stdout) || undefined);
      return run;
    },
    async [Symbol.asyncDispose]() {
      if (daemon) {
        daemon.kill("SIGTERM");
        await daemon.ended;
        await daemon[Symbol.asyncDispose]();
      }
      await agent[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    },
  };
}

/** What the bot has said in a chat since some message. */
function said(telegram: FakeTelegram): string[] {
  return [...telegram.texts.values()];
}

Deno.test("a bot from its token to its removal", async (t) => {
  const telegram = await FakeTelegram.start();
  await using ann = await machine();
  const { node } = ann;
  const daemon = await ann.start();
  const channels = (...args: string[]) => node.json(["ocg", "channels", ...args]);
  const state = async () => {
    const { channels: [first] } = await channels("status", "--channel", "telegram");
    return first.status.state;
  };
  let code = "";

  await t.step("added, it is taken up by the gateway that runs", async () => {
    const { stdout, stderr } = await node.run(
      ["ocg", "channels", "add", "--channel", "telegram", "--token", "-"].concat(
        ["--set", `apiRoot=${telegram.apiRoot}`],
      ),
      { stdin: `${telegram.token}\n` },
    );
    assertEquals(stdout, "telegram/default is running as @HelperBot\n");
    assertStringIncludes(stderr, "The token is that of @HelperBot");
    assertMatch(stderr, /Nobody may talk to the agent yet/);
    assert(!stderr.includes(telegram.token));
    assertEquals(await ann.saved(), {
      agentUrl: ann.agent.url,
      model: "m",
      channels: { telegram: { botToken: telegram.token, apiRoot: telegram.apiRoot } },
    });
    if (Deno.build.os !== "windows") {
      assertEquals(((await Deno.stat(ann.file)).mode ?? 0) & 0o777, 0o600);
    }
    const { channels: rows, running } = await channels("list");
    assertEquals(running, true);
    assertEquals(rows.length, 1);
    assertEquals([rows[0].status.state, rows[0].status.self], ["running", "@HelperBot"]);
    assertEquals(rows[0].agent, { type: "openai", url: ann.agent.url, model: "m" });
  });

  await t.step("it is stopped and started by itself", async () => {
    const { channels: [stopped] } = await channels("stop", "--channel", "telegram");
    assertEquals(stopped.status.state, "stopped");
    assertEquals(await state(), "stopped");
    const { stdout } = await node.run(["ocg", "channels", "start", "--channel", "telegram"]);
    assertEquals(stdout, "telegram/default is running as @HelperBot\n");
    await channels("restart", "--channel", "telegram", "--account", "default");
    assertEquals(await state(), "running");
    const { hint } = await node.json(["ocg", "channels", "stop", "--channel", "telegrm"], {
      code: 3,
    });
    assertMatch(hint, /channels list/);
  });

  await t.step("a stranger gets a code, which the owner sees", async () => {
    telegram.say("Hello?");
    code = await eventually("a code", () => /[A-Z2-9]{8}$/.exec(said(telegram)[0] ?? "")?.[0]);
    const { people } = await channels("people");
    assertEquals(people.length, 1);
    const { since: _, ...person } = people[0];
    assertEquals(person, {
      channel: "telegram",
      account: "default",
      id: "42",
      name: "Ada L",
      status: "pending",
      code,
    });
    assertEquals(ann.agent.asked, []);
  });

  await t.step("approved, the person is told and answered", async () => {
    const wrong = await node.json(["ocg", "channels", "approve", "AAAAAAAA"], { code: 3 });
    assertMatch(wrong.message, /No code "AAAAAAAA"/);
    const { stdout, stderr } = await node.run(["ocg", "channels", "approve", code.toLowerCase()]);
    assertEquals(stdout, "Ada L (42) may talk to the agent on telegram/default now.\n");
    assertMatch(stderr, /The person was told/);
    assertMatch(said(telegram)[1] ?? "", /let you in/);
    telegram.say("Are you there");
    await eventually("the answer", () => said(telegram)[2] === "You said: Are you there.");
    assertMatch((await node.run(["ocg", "channels", "people"])).stdout, /Ada L \(42\) +let in/);
  });

  await t.step("something is said unasked", async () => {
    const send = ["ocg", "send", "--channel", "telegram", "--to", "telegram:direct:42"];
    const sent = await node.json([...send, "--text", "Dinner"]);
    assertEquals(sent.messageIds.length, 1);
    assertEquals([sent.account, said(telegram).at(-1)], ["default", "Dinner"]);
    await node.run([...send, "--text", "-"], { stdin: "from stdin" });
    assertEquals(said(telegram).at(-1), "from stdin");
    await node.json(send, { code: 2 });
    await node.json([...send, "--media-url", "file:///etc/passwd"], { code: 2 });
    await node.json(["ocg", "send", "--channel", "discord", "--to", "1", "--text", "x"], {
      code: 3,
    });
  });

  await t.step("forgotten, the person is a stranger again", async () => {
    const { was } = await channels("forget", "42");
    assertEquals(was, "approved");
    const before = said(telegram).length;
    telegram.say("And now?");
    await eventually("a new code", () => said(telegram).length > before);
    assertMatch(said(telegram).at(-1) ?? "", /tell my owner this code/);
    await node.json(["ocg", "channels", "forget", "43"], { code: 3 });
  });

  await t.step("removed, it is gone from the file and from the gateway", async () => {
    const { removed } = await channels("remove", "--channel", "telegram");
    assertEquals(removed, [{ channel: "telegram", account: "default" }]);
    assertEquals(await ann.saved(), { agentUrl: ann.agent.url, model: "m", channels: {} });
    const { channels: rows } = await channels("list");
    assert(rows.every(({ channel }: { channel: string }) => channel !== "telegram"));
    assert(!daemon.stdout.includes(telegram.token) && !daemon.stderr.includes(telegram.token));
    await node.json(["ocg", "channels", "remove", "--channel", "telegram"], { code: 3 });
  });
  await telegram.close();
});

Deno.test("two who add at once both find their account in the file", async () => {
  await using ann = await machine({
    channels: { discord: { token: "t0", agentUrl: "http://a/" } },
  });
  const add = (account: string) =>
    ann.node.run(
      ["ocg", "channels", "add", "--channel", "discord", "--no-check", "--account", account].concat(
        ["--token", `token-${account}`],
      ),
    );
  const names = ["ops", "dev", "all"];
  await Promise.all(names.map(add));
  assertEquals((await ann.saved()).channels.discord, {
    agentUrl: "http://a/",
    accounts: {
      default: { token: "t0" },
      // In the order in which they came.
      ...Object.fromEntries(names.map((name) => [name, { token: `token-${name}` }])),
    },
  });
  const { channels } = await ann.node.json(["ocg", "channels", "list"]);
  assertEquals(channels.map(({ account }: { account: string }) => account).sort(), [
    "all",
    "default",
    "dev",
    "ops",
  ]);
  assertEquals(channels[0].status, null);
});

Deno.test("what cannot be added is said, and nothing is changed", async (t) => {
  await using ann = await machine({ channels: { telegram: { botToken: "1:a" } } });
  const before = await Deno.readTextFile(ann.file);
  const fails = async (args: string[], code: number, stdin?: string) => {
    const options = stdin === undefined ? { code } : { code, stdin };
    const outcome = await ann.node.run(["ocg", "channels", "add", "--channel", ...args], options);
    assertEquals(await Deno.readTextFile(ann.file), before);
    assert(!/secret/.test(outcome.stderr), outcome.stderr);
    return outcome.stderr;
  };

  await t.step("a channel that nobody knows", async () => {
    assertMatch(await fails(["telegram2"], 3), /did you mean "telegram"/);
    assertMatch(await fails(["qq"], 3), /did you mean "qqbot"/);
    assertMatch(await fails(["irc"], 3), /plugins install/);
  });
  await t.step("an account that is there, before a token is read", async () => {
    assertMatch(await fails(["telegram", "--token", "-"], 5, "secret"), /has an account "default"/);
  });
  await t.step("no token, half a token, two tokens", async () => {
    assertMatch(await fails(["discord"], 2), /needs a token/);
    assertMatch(await fails(["discord", "--token", "-"], 2, " \n"), /is empty/);
    assertMatch(await fails(["qqbot", "--token", "secret"], 2), /appId:clientSecret/);
    assertMatch(await fails(["discord", "--token", "secret", "--bot-token", "secret"], 2), /Only/);
  });
  await t.step("keys that are not as they may be", async () => {
    const discord = ["discord", "--no-check", "--token", "secret"];
    assertMatch(
      await fails([...discord, "--agent-url", "ftp://x/"], 2),
      /"channels\.discord\.agentUrl" is "ftp:\/\/x\/"; allowed is an http/,
    );
    assertMatch(await fails([...discord, "--set", "pairing=maybe"], 2), /allowed is true or false/);
    assertMatch(await fails([...discord, "--set", "=secret"], 2), /as a key with a value/);
    assertMatch(await fails([...discord, "--set", "a:=secret"], 2), /"a" is not JSON/);
    assertMatch(await fails([...discord, "--account", "a/b"], 2), /letters, digits/);
    assertMatch(await fails([...discord, "--set", "__proto__.x=1"], 2), /as a key/);
  });
});

Deno.test("a token that the platform refuses is kept, with a warning", async () => {
  const telegram = await FakeTelegram.start();
  await using ann = await machine();
  const add = ["ocg", "channels", "add", "--channel", "telegram", "--set"];
  const args = [...add, `apiRoot=${telegram.apiRoot}`, "--botToken", "1:wrong"];
  const { check, gateway } = await ann.node.json(args);
  assertEquals([check, gateway], [
    { ok: false, error: "Telegram refuses the bot's token" },
    null,
  ]);
  const { stderr } = await ann.node.run([...add, "historyTurns:=3", "--force"]);
  assertMatch(stderr, /warning: the token could not be confirmed/);
  const { stderr: unchecked } = await ann.node.run([
    ...["ocg", "channels", "add", "--channel", "telegram", "--force", "--no-check"],
    ...["--allow-from", "42, 43,42", "--set", "webhook.url=https://a.example/"],
  ]);
  assert(!/warning|Nobody may/.test(unchecked), unchecked);
  assertEquals((await ann.saved()).channels.telegram, {
    apiRoot: telegram.apiRoot,
    botToken: "1:wrong",
    historyTurns: 3,
    allowFrom: ["42", "43"],
    webhook: { url: "https://a.example/" },
  });
  await telegram.close();
});

Deno.test("a plugin's channel that is not installed yet can be configured", async () => {
  await using ann = await machine();
  const { stderr } = await ann.node.run(
    ["ocg", "channels", "add", "--channel", "qqbot", "--token", "1024:s:x", "--allow-from", "*"],
  );
  assertMatch(stderr, /mesh ocg plugins install @openclaw\/qqbot/);
  assertEquals((await ann.saved()).channels.qqbot, {
    appId: "1024",
    clientSecret: "s:x",
    allowFrom: ["*"],
  });
  const { stdout } = await ann.node.run(["ocg", "channels", "people"]);
  assertMatch(stdout, /qqbot\/default +everybody +in ocg\.json/);
  const { hint } = await ann.node.json(["ocg", "channels", "forget", "*"], { code: 3 });
  assertMatch(hint, /allowFrom/);
});

Deno.test({
  name: "on a terminal the token is asked for, and whether to remove it",
  ignore: !HAS_TERMINAL,
  fn: async () => {
    await using ann = await machine();
    const add = ["ocg", "channels", "add", "--channel", "discord", "--no-check"];
    const { stdout } = await ann.node.run(add, typing("abc.def\n"));
    assertMatch(stdout, /The token for Discord \(it is not shown\): /);
    assertEquals((await ann.saved()).channels, { discord: { token: "abc.def" } });
    const remove = ["ocg", "channels", "remove", "--channel", "discord"];
    for (const answer of ["\n", "n\n", ""]) {
      const refused = await ann.node.run(remove, { ...typing(answer), code: 130 });
      assertMatch(refused.stdout, /Remove discord\/default with its token from \S+\? \[y\/N\]/);
      assertMatch(refused.stdout, /Nothing was changed/);
    }
    assertEquals((await ann.saved()).channels, { discord: { token: "abc.def" } });
    await ann.node.run(remove, typing("y\n"));
    assertEquals((await ann.saved()).channels, {});
    await ann.node.run(add, typing("abc\n"));
    await ann.node.run([...remove, "--yes"], typing(""));
    assertEquals((await ann.saved()).channels, {});
  },
});
