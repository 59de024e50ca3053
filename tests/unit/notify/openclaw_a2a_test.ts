import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import type { HandoverOutcome } from "../../../lib/notify/handover.ts";
import { openClawTarget } from "../../../lib/notify/openclaw.ts";
import { OpenClawA2a } from "../../../lib/notify/openclaw_a2a.ts";
import { type Handler, json, withService } from "../agent/fake_service.ts";
import { completed, ended, FakeOpenClaw, type FakeOptions } from "./fake_openclaw.ts";
import { handover } from "./handovers.ts";

const TOKEN = "a2a-peer-token-0123456789";

async function withA2a(
  options: FakeOptions,
  work: (target: OpenClawA2a, fake: FakeOpenClaw, url: string) => Promise<void>,
  timeoutMs = 5000,
): Promise<void> {
  const fake = new FakeOpenClaw({ a2aToken: TOKEN, ...options });
  await withService(fake.handler, async (url) => {
    await work(new OpenClawA2a({ url, timeoutMs }, TOKEN, [10]), fake, url);
  });
}

function reasonOf(outcome: HandoverOutcome): string {
  const reason = "reason" in outcome ? outcome.reason : "";
  assert(!reason.includes(TOKEN), reason);
  return reason;
}

Deno.test("the agent's answer is the reply", async () => {
  const task = (look: number) => look < 3 ? undefined : completed(" We use PostgreSQL.\n");
  await withA2a({ task }, async (target, { sent }) => {
    assertEquals(await target.handOn(handover(), {}), {
      kind: "replied",
      success: true,
      data: { text: "We use PostgreSQL." },
    });
    const [{ messageId, role, parts, contextId } = {}] = sent;
    assertEquals([String(messageId).startsWith(`${handover().id}:`), role], [true, "ROLE_USER"]);
    assertEquals(parts, [{ text: handover().frame }]);
    assertMatch(String(contextId), /^ogp:[0-9a-f]{32}:[0-9a-f]{32}$/);
  });
});

Deno.test("a conversation is one context, for its peer only", async () => {
  await withA2a({ task: () => completed("ok") }, async (target, { sent }) => {
    const conversationId = "x".repeat(500) + "\n";
    const peer = { ...handover().peer, publicKey: "302b" };
    await target.handOn(handover({ id: "1", conversationId }), {});
    await target.handOn(handover({ id: "2", conversationId }), {});
    await target.handOn(handover({ id: "3", conversationId, peer }), {});
    await target.handOn(handover({ id: "4", conversationId: undefined }), {});
    await target.handOn(handover({ id: "5", conversationId: undefined }), {});
    const [a, b, ...rest] = sent.map(({ contextId }) => contextId);
    assertEquals(a, b);
    assertEquals(new Set([a, ...rest]).size, 4);
  });
});

Deno.test("OpenClaw's notices of failure are no answers", async () => {
  const notices: [text: string, kind: string][] = [
    ["⚠️ Authentication failed (openai). Check your key at /home/owner/.openclaw.", "retry"],
    ["⚠ Missing API key for provider openai", "retry"],
    ["⚠️ Rate-limited — ready in ~20s. Please wait a moment.", "retry"],
    ["⚠️ Agent failed before reply: boom", "failed"],
    ["⚠️ Something went wrong while processing your request.", "failed"],
    ["", "failed"],
    ["⚠️ Careful: this deletes everything.", "replied"],
  ];
  for (const [text, kind] of notices) {
    await withA2a({ task: () => completed(text) }, async (target) => {
      const outcome = await target.handOn(handover(), {});
      assertEquals([text, outcome.kind], [text, kind]);
      if (outcome.kind === "failed") assert(!outcome.sentence.includes("boom"));
    });
  }
});

Deno.test("a task that fails or is rejected is final, and its reason stays with the owner", async () => {
  for (const state of ["TASK_STATE_FAILED", "TASK_STATE_REJECTED", "TASK_STATE_CANCELED", "ODD"]) {
    await withA2a({ task: () => ended(state, "disk full at /home/owner") }, async (target) => {
      const outcome = await target.handOn(handover(), {});
      assertStringIncludes(reasonOf(outcome), "disk full");
      assertEquals(outcome.kind === "failed" && outcome.sentence, "The agent could not answer");
    });
  }
});

Deno.test("an agent that goes on for ever ends at the time limit, and its late answer meets nobody", async () => {
  let answers = false;
  await withA2a({ task: () => answers ? completed("ok") : undefined }, async (target, { sent }) => {
    const outcome = await target.handOn(handover({ id: "1" }), {});
    assertEquals(outcome, {
      kind: "failed",
      reason: "OpenClaw's agent did not answer in time",
      sentence: "The agent did not answer in time",
    });
    answers = true;
    assertEquals((await target.handOn(handover({ id: "2" }), {})).kind, "replied");
    assertNotEquals(sent[0]?.contextId, sent[1]?.contextId);
  }, 300);
});

Deno.test("two messages of a conversation are never under way at once", async () => {
  await withA2a({ task: (look) => look < 10 ? undefined : completed("ok") }, async (target) => {
    const outcomes = await Promise.all([
      target.handOn(handover({ id: "1" }), {}),
      target.handOn(handover({ id: "2" }), {}),
      target.handOn(handover({ id: "3", conversationId: "other" }), {}),
    ]);
    const [one, two, other] = outcomes.map(({ kind }) => kind);
    assertEquals([[one, two].sort(), other], [["replied", "retry"], "replied"]);
    assertEquals((await target.handOn(handover({ id: "2" }), {})).kind, "replied");
  });
});

Deno.test("an attempt that is cut short is gone on with, not begun anew", async () => {
  let answers = false;
  await withA2a({ task: () => answers ? completed("ok") : undefined }, async (target, { sent }) => {
    const interruption = new AbortController();
    let ticket = "";
    const cut = await target.handOn(handover(), {
      signal: interruption.signal,
      onHanded(it) {
        ticket = it;
        setTimeout(() => interruption.abort(), 50);
      },
    });
    assertEquals(cut.kind, "retry");
    answers = true;
    const onHanded = () => assert(false, "it was handed on twice");
    const outcome = await target.handOn(handover(), { ticket, onHanded });
    assertEquals([outcome.kind, sent.length], ["replied", 1]);
  });
});

Deno.test("an attempt whose outcome is unknown is made again and gets an answer", async () => {
  await withA2a({ task: () => completed("ok") }, async (target, { sent }) => {
    // The first one ended here before its ticket was written down.
    const alone = handover({ conversationId: undefined });
    for (const message of [handover(), alone]) {
      await target.handOn(message, {});
      assertEquals((await target.handOn(message, {})).kind, "replied");
    }
    const [one, same, apart, other] = sent.map(({ contextId }) => contextId);
    assertEquals([sent.length, one === same, apart === other], [4, true, false]);
  });
});

Deno.test("after a restart of OpenClaw's the message is sent again, and answered", async () => {
  await withA2a({ task: () => completed("ok") }, async (target, fake) => {
    let ticket = "";
    await target.handOn(handover(), { onHanded: (it) => void (ticket = it) });
    fake.restart();
    assertEquals((await target.handOn(handover(), { ticket })).kind, "replied");
    assertEquals(fake.sent.map(({ parts }) => parts), Array(2).fill([{ text: handover().frame }]));
    // OpenClaw may go on with what it did before, in the conversation.
    assertNotEquals(fake.sent[0]?.contextId, fake.sent[1]?.contextId);
  });
});

Deno.test("a restart while the answer is awaited is told as one", async () => {
  await withA2a({}, async (target, fake) => {
    const outcome = await target.handOn(handover(), {
      onHanded: () => void setTimeout(() => fake.restart(), 30),
    });
    assertEquals(outcome.kind, "retry");
    assertStringIncludes(reasonOf(outcome), "restarted");
  });
});

Deno.test("a run that is known to have failed is repeated when it can have been mended", async () => {
  let mended = false;
  const task = () => completed(mended ? "ok" : "⚠️ Authentication failed");
  await withA2a({ task }, async (target, { sent }) => {
    let ticket = "";
    const onHanded = (it: string) => void (ticket = it);
    assertEquals((await target.handOn(handover(), { onHanded })).kind, "retry");
    assertEquals((await target.handOn(handover(), { ticket, onHanded })).kind, "retry");
    mended = true;
    assertEquals((await target.handOn(handover(), { ticket })).kind, "replied");
    assertEquals(sent.length, 2);
  });
});

Deno.test("being rate limited is waited out or comes back later, and a wrong token says so", async () => {
  await withA2a({ a2aCalls: 0 }, async (target) => {
    const outcome = await target.handOn(handover(), {});
    assertEquals(outcome.kind === "retry" && outcome.retryAfter, 60);
  });
  await withA2a({ a2aCalls: 1 }, async (target) => {
    const outcome = await target.handOn(handover(), {});
    assertEquals(reasonOf(outcome), "OpenClaw's agent did not answer in time");
  }, 300);
  await withA2a({}, async (_, __, url) => {
    const wrong = new OpenClawA2a({ url, timeoutMs: 1000 }, "wrong", [10]);
    const outcome = await wrong.handOn(handover(), {});
    assertEquals(outcome.kind === "retry" && outcome.retryAfter, 300);
    assertStringIncludes(reasonOf(outcome), "401: Unauthorized");
  });
});

Deno.test("a task can be looked at again after a look that failed", async () => {
  let calls = 0;
  const fake = new FakeOpenClaw({ a2aToken: TOKEN, task: () => completed("ok") });
  const working = { id: "t", contextId: "c", status: { state: "TASK_STATE_WORKING" } };
  await withService((seen, answer) => {
    if (++calls === 1) return json(answer, { jsonrpc: "2.0", id: "1", result: { task: working } });
    if (calls === 2) return answer.destroy();
    const status = { state: "TASK_STATE_COMPLETED" };
    const result = { ...working, status, artifacts: [{ parts: [{ text: "a" }, { text: "b" }] }] };
    assertEquals(JSON.parse(seen.body).params, { id: "t" });
    return json(answer, { jsonrpc: "2.0", id: "1", result });
  }, async (url) => {
    const target = new OpenClawA2a({ url, timeoutMs: 5000 }, TOKEN, [10]);
    const outcome = await target.handOn(handover(), {});
    assertEquals(outcome.kind === "replied" && outcome.data, { text: "ab" });
  });
  assertEquals(fake.sent, []);
});

Deno.test("garbage, 10 MB and silence instead of a task come back as another try", async () => {
  const answers: Handler[] = [
    (_, a) => a.end("<html>"),
    (_, a) => json(a, []),
    (_, a) => json(a, { jsonrpc: "2.0", id: "1", result: { task: { id: 1 } } }),
    (_, a) => json(a, { jsonrpc: "2.0", id: "1", result: null }),
    (_, a) =>
      json(a, { jsonrpc: "2.0", id: "1", error: { code: -32601, message: "Method not found" } }),
    (_, a) => a.end("x".repeat(10_000_000)),
    (_, a) => a.destroy(),
    (_, a) => json(a, { error: "Not found" }, 404),
    (_, a) => json(a, { error: "boom" }, 500),
  ];
  for (const [i, handler] of answers.entries()) {
    await withService(handler, async (url) => {
      const target = new OpenClawA2a({ url, timeoutMs: 1000 }, TOKEN, [10]);
      assertEquals([i, (await target.handOn(handover(), {})).kind], [i, "retry"]);
    });
  }
  const call = { jsonrpc: "2.0", id: "1", error: { code: -32602, message: "Invalid params" } };
  await withService((_, a) => json(a, call), async (url) => {
    const target = new OpenClawA2a({ url, timeoutMs: 1000 }, TOKEN, [10]);
    assertEquals((await target.handOn(handover(), {})).kind, "failed");
  });
});

Deno.test("the target takes this way when it is configured, and a look hands nothing on", async () => {
  await withA2a({ task: () => completed("ok") }, async (_, { sent }, url) => {
    const config = { type: "openclaw", url, hooksPath: "/hooks", timeoutMs: 5000 } as const;
    const target = openClawTarget({ ...config, a2a: { token: TOKEN } });
    assertEquals(target.idempotent, false);
    assertEquals((await target.check?.())?.ok, true);
    assertEquals(sent, []);
    assertEquals((await target.handOn(handover())).kind, "replied");
    const wrong = openClawTarget({ ...config, a2a: { token: "wrong" } });
    assertEquals((await wrong.check?.())?.ok, false);
  });
});
