import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { AgentConfig } from "../../../lib/notify/config_types.ts";
import { agentTarget } from "../../../lib/notify/agent.ts";
import type { HandoverOutcome } from "../../../lib/notify/handover.ts";
import { type Handler, json, withService } from "../agent/fake_service.ts";
import { handover } from "./handovers.ts";

const KEY = "sk-secret-0123456789";

function config(url: string, changes: Partial<AgentConfig> = {}): AgentConfig {
  const fixed = { type: "agent", stream: false, timeoutMs: 500, idleTimeoutMs: 300 } as const;
  return { ...fixed, url, apiKey: KEY, ...changes };
}

async function handOn(
  handler: Handler,
  changes: Partial<AgentConfig> = {},
): Promise<HandoverOutcome> {
  let outcome: HandoverOutcome | undefined;
  await withService(handler, async (url) => {
    outcome = await agentTarget(config(url, changes)).handOn(handover());
  });
  const reason = outcome && "reason" in outcome ? outcome.reason : "";
  assert(!reason.includes(KEY), reason);
  return outcome as HandoverOutcome;
}

function says(content: unknown, finish_reason = "stop"): Handler {
  return (_, answer) => json(answer, { choices: [{ message: { content }, finish_reason }] });
}

Deno.test("the frame is the question and the answer is the reply", async () => {
  await withService(says("42"), async (url, seen) => {
    const changes = { model: "mock", system: "be brief", sessionHeader: "x-session" };
    const target = agentTarget(config(`${url}/v1`, changes));
    assertEquals(await target.handOn(handover()), {
      kind: "replied",
      success: true,
      data: { text: "42" },
    });
    await target.handOn(handover({ id: "2" }));
    await target.handOn(handover({ id: "3", conversationId: undefined }));
    const bodies = seen.map(({ body }) => JSON.parse(body));
    assertEquals(bodies[0].messages, [
      { role: "system", content: "be brief" },
      { role: "user", content: handover().frame },
    ]);
    assertEquals([bodies[0].model, bodies[0].stream], ["mock", false]);
    assertMatch(bodies[0].user, /^ogp:[0-9a-f]{32}:[0-9a-f]{32}$/);
    assertEquals(seen[0]?.headers["x-session"], bodies[0].user);
    assertEquals(bodies[0].user, bodies[1].user);
    assert(bodies[2].user !== bodies[0].user);
  });
  const cut = await handOn(says("half", "length"));
  assertEquals(cut.kind === "replied" && cut.data, { text: "half", truncated: true });
});

Deno.test("a streamed answer is the reply, too", async () => {
  const outcome = await handOn((_, answer) => {
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.write('data: {"choices":[{"delta":{"content":"4"}}]}\n\n');
    answer.write('data: {"choices":[{"delta":{"content":"2"}}]}\n\ndata: [DONE]\n\n');
  }, { stream: true });
  assertEquals(outcome.kind === "replied" && outcome.data, { text: "42" });
});

Deno.test("an agent in trouble gives the peer a clear sentence, or another try", async () => {
  const hang: Handler = () => {};
  const stall: Handler = (_, answer) => {
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.write('data: {"choices":[{"delta":{"content":"4"}}]}\n\n');
  };
  const cut: Handler = (seen, answer) => {
    stall(seen, answer);
    setTimeout(() => answer.destroy(), 30);
  };
  const error = (status: number): Handler => (_, answer) =>
    json(answer, { error: { message: `owner's business, ${KEY}` } }, status, {
      "retry-after": "9",
    });
  const cases: [handler: Handler, stream: boolean, sentence: string | number | undefined][] = [
    [hang, false, "The agent did not answer in time"],
    [stall, true, "The agent did not answer in time"],
    [(_, a) => a.end("x".repeat(11_000_000)), false, "The agent's answer was too large"],
    [(_, a) => a.end("<html>"), false, "The agent's answer could not be read"],
    [says(""), false, "The agent had no answer"],
    [says(null, "content_filter"), false, "The agent declined to answer"],
    [
      (_, a) => json(a, { choices: [{ message: { refusal: "no" } }] }),
      false,
      "The agent declined to answer",
    ],
    [
      (_, a) => json(a, { choices: [{ message: { tool_calls: [{}] } }] }),
      false,
      "The agent could not answer",
    ],
    [error(400), false, "The message could not be handed to the agent"],
    [error(401), false, 9],
    [(_, a) => json(a, {}, 404), false, 300],
    [error(429), false, 9],
    [error(500), false, 9],
    [cut, true, undefined],
  ];
  for (const [i, [handler, stream, wanted]] of cases.entries()) {
    const outcome = await handOn(handler, { stream, timeoutMs: i === 2 ? 20_000 : 500 });
    const told = outcome.kind === "failed"
      ? outcome.sentence
      : outcome.kind === "retry"
      ? outcome.retryAfter
      : outcome.kind;
    assertEquals([i, told], [i, wanted]);
  }
});

Deno.test("an interrupted attempt is another try", async () => {
  await withService(() => {}, async (url) => {
    const signal = AbortSignal.timeout(50);
    const outcome = await agentTarget(config(url)).handOn(handover(), { signal });
    assertEquals(outcome.kind, "retry");
  });
});

Deno.test("a look asks for the models, and takes a service without that list", async () => {
  const looks: [status: number, ok: boolean][] = [[200, true], [404, true], [401, false], [
    500,
    false,
  ]];
  for (const [status, ok] of looks) {
    await withService((_, answer) => json(answer, {}, status), async (url, seen) => {
      const look = await agentTarget(config(url)).check?.();
      assertEquals([status, look?.ok], [status, ok]);
      assertEquals([seen[0]?.method, seen[0]?.path], ["GET", "/v1/models"]);
      assertStringIncludes(look?.detail ?? "", `status ${status}`);
    });
  }
});
