import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { isUnknownToPeer, judgeOgpAnswer } from "../../../lib/ogp/judge_answer.ts";

const VECTORS = new URL("../../conformance/vectors/", import.meta.url);

/** The answer of a captured exchange, as it looks after it was read. */
async function captured(file: string) {
  const text = await Deno.readTextFile(new URL(file, VECTORS));
  const { response: { status, body } } = JSON.parse(text);
  return { status, body: body as string };
}

const said = (status: number, body: unknown, retryAfter?: number) =>
  judgeOgpAnswer({
    status,
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });

Deno.test("what the captured gateways answered to messages is understood", async (t) => {
  const kinds = {
    accepted: [
      "ogp-0.7/message-ok.json",
      "ogp-0.7/agent-comms-ok.json",
      "ogp-0.7/message-no-timestamp.json",
      "ogp-0.7/cli-message-project.query-to-beta-200.json",
      "ogp-0.2/message-ok.json",
      "ogp-0.2/agent-comms-ok.json",
      "ogp-0.2/cli-message-agent-comms-wait-to-bert-200.json",
      "ogp-0.2/project-query.json",
      "ogp-0.2/project-status.json",
    ],
    refused: [
      "ogp-0.7/message-unknown-peer.json",
      "ogp-0.7/message-unapproved-peer.json",
      "ogp-0.7/message-bad-signature.json",
      "ogp-0.7/message-unknown-intent.json",
      "ogp-0.7/message-missing.json",
      "ogp-0.7/message-toagent-unknown.json",
      "ogp-0.7/message-oversize.json",
      "ogp-0.7/agent-comms-blocked-topic.json",
      "ogp-0.7/agent-comms-topic-not-granted.json",
      "ogp-0.7/project-unknown.json",
      "ogp-0.2/message-unknown-peer.json",
      "ogp-0.2/message-bad-signature.json",
      "ogp-0.2/message-intent-not-granted.json",
      "ogp-0.2/message-missing.json",
      "ogp-0.2/agent-comms-policy-off.json",
    ],
    retry: [
      "ogp-0.7/message-rate-limited.json",
      "ogp-0.7/message-malformed-json.json",
      "ogp-0.7/not-found.json",
      "ogp-0.2/message-rate-limited.json",
      "ogp-0.2/message-malformed-json.json",
    ],
  };
  for (const [kind, files] of Object.entries(kinds)) {
    for (const file of files) {
      await t.step(`${kind}: ${file}`, async () => {
        assertEquals(judgeOgpAnswer(await captured(file)).outcome.kind, kind);
      });
    }
  }
});

Deno.test("the response of 0.7 is under its key, and that of 0.2 is the answer", () => {
  const response = { received: true };
  assertEquals(said(200, { success: true, nonce: "n", response }).outcome, {
    kind: "accepted",
    answer: response,
  });
  assertEquals(said(200, response).outcome, { kind: "accepted", answer: response });
  assertEquals(said(202, { success: true }).outcome.kind, "accepted");
});

Deno.test("an answer of 0.7 about another message is none", () => {
  const answer = { status: 200, body: '{"success":true,"nonce":"other","response":{}}' };
  assertEquals(judgeOgpAnswer(answer, "mine").outcome.kind, "retry");
  assertEquals(judgeOgpAnswer(answer, "other").outcome.kind, "accepted");
  // In 0.2 the whole answer is the response, whatever it calls a nonce.
  assertEquals(
    judgeOgpAnswer({ status: 200, body: '{"nonce":7}' }, "mine").outcome.kind,
    "accepted",
  );
});

Deno.test("a signed rejection is kept as it came", async () => {
  const answer = await captured("ogp-0.7/agent-comms-blocked-topic.json");
  const { outcome } = judgeOgpAnswer(answer);
  assert(outcome.kind === "refused");
  assertEquals(outcome.answer, JSON.parse(answer.body).response);
  assertEquals(outcome.reason, JSON.parse(answer.body).error);
  assertEquals(outcome.status, 403);
});

Deno.test("a refusal with status 200 is a refusal", () => {
  const { outcome } = said(200, { success: false, error: "No" });
  assertEquals(outcome, { kind: "refused", status: 200, reason: "No" });
  assertEquals(said(200, { error: "No" }).outcome.kind, "retry");
});

Deno.test("what asks for patience is tried again, when it asks to", () => {
  for (const status of [408, 425, 429]) {
    assertEquals(said(status, { success: false, error: "later" }).outcome.kind, "retry");
  }
  const retryAfter = (answer: unknown, header?: number) => {
    const { outcome } = said(429, answer, header);
    assert(outcome.kind === "retry");
    return outcome.retryAfter;
  };
  assertEquals(retryAfter({ success: false, error: "x", retryAfter: 3407 }), 3407);
  assertEquals(retryAfter({ success: false, error: "x", retryAfter: 3407 }, 12), 12);
  assertEquals(retryAfter({ error: "x", retryAfter: 0.2 }), 1);
  for (const wrong of [-1, "7", null, {}]) {
    assertEquals(retryAfter({ error: "x", retryAfter: wrong }), undefined);
  }
});

Deno.test("a clock that differs passes, and so does what is about a timestamp", () => {
  for (
    const body of [
      { error: "Message timestamp too old" },
      { success: false, error: "Stale request", statusCode: 400 },
      { success: false, error: "x", code: "stale_timestamp" },
    ]
  ) assertEquals(said(400, body).outcome.kind, "retry");
  assertEquals(said(400, { error: "Installer missing" }).outcome.kind, "refused");
});

Deno.test("what may be somebody else answering is no verdict", () => {
  for (
    const [status, body] of [
      [200, "<html>Log in</html>"],
      [200, "[]"],
      [200, ""],
      [302, { error: "moved" }],
      [307, ""],
      [400, "<pre>SyntaxError</pre>"],
      [403, "Forbidden by the firewall"],
      [403, { message: "Forbidden" }],
      [404, { error: "Not Found" }],
      [405, { error: "Method Not Allowed" }],
      [500, { success: false, error: "Boom" }],
      [502, "Bad gateway"],
      [503, { error: "down" }],
      [0, ""],
    ] as const
  ) {
    const { outcome, spoke } = said(status, body);
    assertEquals([status, body, outcome.kind, spoke], [status, body, "retry", false]);
  }
});

Deno.test("a gateway that refuses is up, one that fails is not", () => {
  assertEquals(said(403, { success: false, error: "No" }).spoke, true);
  assertEquals(said(429, { success: false, error: "No" }).spoke, true);
  assertEquals(said(404, { success: false, error: "Project 'x' not found" }).spoke, true);
  assertEquals(said(503, { success: false, error: "No" }).spoke, false);
});

Deno.test("being unknown is told from other refusals", () => {
  const unknown = (status: number, error: string) =>
    isUnknownToPeer(said(status, { success: false, error }).outcome);
  assert(unknown(403, "Unknown peer"));
  assert(unknown(403, "Peer not approved"));
  assertEquals(unknown(403, "Unknown intent: 'x'"), false);
  assertEquals(unknown(401, "Invalid signature"), false);
  assertEquals(unknown(503, "Unknown peer"), false);
});

Deno.test("a peer's sentence is cut", () => {
  const { outcome } = said(403, { error: "x".repeat(5000) });
  assert(outcome.kind === "refused");
  assertEquals(outcome.reason.length, 300);
  const { outcome: empty } = said(403, { error: { deep: 1 } });
  assert(empty.kind === "refused");
  assertStringIncludes(empty.reason, "403");
});

Deno.test("no answer makes it throw", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 999 }),
    fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({
        success: fc.anything(),
        error: fc.anything(),
        nonce: fc.anything(),
        response: fc.anything(),
        retryAfter: fc.anything(),
      }, { requiredKeys: [] }).map((body) => tryJson(body)),
    ),
    (status, body) => {
      const { outcome } = judgeOgpAnswer({ status, body }, "n");
      if (outcome.kind === "accepted") assert(status >= 200 && status < 300);
      if (outcome.kind === "refused") assert(status < 500);
    },
  ));
});

function tryJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}
