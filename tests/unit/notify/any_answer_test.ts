import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TargetConfig } from "../../../lib/notify/config_types.ts";
import { openTarget } from "../../../lib/notify/open_target.ts";
import { withService } from "../agent/fake_service.ts";
import { handover } from "./handovers.ts";

const SECRET = "hush-hush-0123456789";
const WEBHOOK = btoa(SECRET.repeat(2));

const status = fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 404, 409, 429, 500, 503);
const type = fc.constantFrom("application/json", "text/event-stream", "text/html", "", ";;");
const word = fc.constantFrom(
  "choices",
  "error",
  "message",
  "delta",
  "content",
  "reply",
  "data",
  "result",
  "task",
  "status",
  "artifacts",
  "ok",
  "__proto__",
  SECRET,
  WEBHOOK,
);
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, 0, -32001, "TASK_STATE_WORKING", "⚠️ Agent failed", SECRET),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(word, tie("node"), { maxKeys: 4 }),
  ),
})).node;
const body = fc.oneof(
  value.map((value) => JSON.stringify(value)),
  value.map((value) => `data: ${JSON.stringify(value)}\n\ndata: [DONE]\n\n`),
  fc.string({ maxLength: 200 }),
);

Deno.test("whatever a service answers, each target comes back with an outcome and no secret", async () => {
  let answer = { status: 200, type: "", body: "" };
  await withService((_, response) => {
    response.writeHead(answer.status, { "content-type": answer.type });
    response.end(answer.status === 204 ? undefined : answer.body);
  }, async (url) => {
    const secrets = [`whsec_${WEBHOOK}`];
    const timeoutMs = 300;
    const configs: TargetConfig[] = [
      { type: "openclaw", url, hooksToken: SECRET, hooksPath: "/hooks", timeoutMs },
      { type: "openclaw", url, a2a: { token: SECRET }, hooksPath: "/hooks", timeoutMs },
      { type: "hermes", url, secret: SECRET, timeoutMs },
      { type: "webhook", url, secrets, replies: true, timeoutMs },
      { type: "agent", url, apiKey: SECRET, stream: true, timeoutMs, idleTimeoutMs: timeoutMs },
    ];
    const targets = await Promise.all(configs.map(openTarget));
    await fc.assert(
      fc.asyncProperty(status, type, body, async (status, type, body) => {
        answer = { status, type, body };
        const outcomes = await Promise.all(targets.map((target) => target.handOn(handover())));
        for (const [i, outcome] of outcomes.entries()) {
          const secret = configs[i]?.type === "webhook" ? WEBHOOK : SECRET;
          assert(["handed", "replied", "retry", "failed"].includes(outcome.kind));
          if (!("reason" in outcome)) continue;
          assert(outcome.reason !== "" && !outcome.reason.includes(secret), outcome.reason);
          assert(!/[\p{Cc}\p{Cf}]/u.test(outcome.reason), outcome.reason);
        }
        // What is not said by a success is no success.
        if (status >= 300) assertEquals(outcomes.filter(({ kind }) => kind === "replied"), []);
      }),
      { numRuns: 150 },
    );
  });
});
