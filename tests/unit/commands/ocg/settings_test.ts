import { assert, assertEquals, assertThrows } from "@std/assert";
import { adviceOn, failureKind } from "../../../../commands/ocg/advice.ts";
import { settingsFrom } from "../../../../commands/ocg/channels/settings.ts";
import { Turns } from "../../../../commands/ocg/turns.ts";
import { AgentError } from "../../../../lib/agent/agent_error.ts";
import { MeshError } from "../../../../lib/error.ts";
import { DEFAULT_AGENT_URL } from "../../../../lib/ocg/accounts.ts";

Deno.test("each channel has its own keys for a token", () => {
  const keys = (channel: string, token: string) => settingsFrom({ channel, token });
  assertEquals(keys("telegram", " 123:abc\n"), { botToken: "123:abc" });
  assertEquals(keys("discord", "a.b"), { token: "a.b" });
  assertEquals(keys("qqbot", "1:s:t"), { appId: "1", clientSecret: "s:t" });
  assertEquals(keys("irc", "x:y"), { token: "x:y" });
  for (const token of ["", " ", "a b", "a\nb"]) {
    assertThrows(() => keys("telegram", token), MeshError);
  }
  for (const token of ["x", "x:", ":x"]) {
    const error = assertThrows(() => keys("qqbot", token), MeshError);
    assert(!error.message.includes(token));
  }
});

Deno.test("keys are text unless they look like JSON or are said to be", () => {
  const set = (...set: string[]) => settingsFrom({ channel: "x", set });
  assertEquals(set("a=1", "b:=1", "c=true", 'd={"e":[]}', "f=x=y:=z", "g=", "h:=null"), {
    a: "1",
    b: 1,
    c: true,
    d: { e: [] },
    f: "x=y:=z",
    g: "",
    h: null,
  });
  assertEquals(set("a.b=1", "a.c=2", "d=x", "d.e=y"), { a: { b: "1", c: "2" }, d: { e: "y" } });
  const { hasOwnProperty: _ } = set("constructor.prototype.evil=1");
  assertEquals(({} as Record<string, unknown>).evil, undefined);
  for (const wrong of ["a", "=x", "a b=x", "__proto__=x", "a.=x", "a:=x", "a={", "accounts={}"]) {
    assertThrows(() => set(wrong), MeshError);
  }
});

Deno.test("an agent that fails comes with what to do about it", () => {
  const agent = { type: "openai", url: "http://a/" } as const;
  const advice = (error: unknown, more = {}) => adviceOn(error, { ...agent, ...more });
  const unreachable = new AgentError("unreachable", "Cannot reach it");
  assert(/start the agent/.test(advice(unreachable)));
  assert(/no agent was configured/.test(advice(unreachable, { url: DEFAULT_AGENT_URL })));
  assert(/acp\.command/.test(advice(unreachable, { type: "acp" })));
  assert(/federation/.test(advice(unreachable, { type: "ogp" })));
  assert(/apiKey/.test(advice(new AgentError("misconfigured", "It answered with status 401"))));
  assertEquals(advice(new MeshError("io", "x", { hint: "this" })), "this");
  assertEquals(failureKind(unreachable), "unreachable");
  assertEquals([failureKind(new MeshError("io", "x")), failureKind("x")], ["io", "unexpected"]);
});

Deno.test("a conversation's answers belong to its questions in their order", () => {
  const seen: unknown[] = [];
  const turns = new Turns(({ ms: _, ...turn }) => seen.push(turn));
  assertEquals([turns.open, turns.waitingMs], [0, 0]);
  turns.ask("one");
  turns.ask("two");
  turns.fail("why");
  turns.answer("no");
  assertEquals([turns.hasFailed, turns.open], [true, 1]);
  turns.answer("yes");
  turns.answer("unasked");
  assertEquals([turns.hasFailed, turns.open], [false, 0]);
  assertEquals(seen, [
    { question: "one", answer: "no", error: "why" },
    { question: "two", answer: "yes", error: undefined },
  ]);
});
