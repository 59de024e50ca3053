import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { judgeAnswer } from "../../../lib/mesh/outgoing.ts";

const VERIFIED = '{"ok":true,"result":{"verified":true,"message_id":"msg_1"}}';
const HTML = "<!doctype html><title>404 Not Found</title>";

function kindOf(status: number, body: string): string {
  return judgeAnswer({ status, body }).kind;
}

function refusal(error: string, message?: string): string {
  return JSON.stringify({ ok: false, error, message });
}

Deno.test("only the protocol's own yes is an acceptance", () => {
  assertEquals(judgeAnswer({ status: 200, body: VERIFIED }), {
    kind: "accepted",
    answer: JSON.parse(VERIFIED),
  });
  assertEquals(kindOf(201, VERIFIED), "accepted");
  const others = [
    "",
    HTML,
    "null",
    "true",
    "[]",
    "{}",
    '{"ok":"true"}',
    '{"ok":1}',
    // Many a service says so much to everybody.
    '{"ok":true}',
    '{"ok":true,"result":null}',
    '{"ok":true,"result":{}}',
    '{"ok":true,"result":{"verified":"yes"}}',
    '{"ok":false,"error":"not_trusted"}',
    VERIFIED.slice(0, -1),
    VERIFIED + VERIFIED,
    '{"ok":false,"ok":true,"result":{"verified":true}}',
  ];
  for (const body of others) assertEquals([body, kindOf(200, body)], [body, "retry"]);
  assertEquals(kindOf(204, ""), "retry");
});

Deno.test("what the original could not verify is refused for good", () => {
  const body = '{"ok": true, "result": {"verified": false, "message_id": "msg_1"}}';
  assertEquals(judgeAnswer({ status: 200, body }), {
    kind: "refused",
    status: 200,
    reason: "The peer could not verify our signature",
  });
});

Deno.test("a refusal in the protocol's words is final, and its reason is kept", () => {
  const codes: [status: number, code: string][] = [
    [400, "malformed"],
    [400, "wrong_recipient"],
    [401, "bad_signature"],
    [403, "not_trusted"],
    [404, "not_found"],
    [405, "method_not_allowed"],
    [409, "id_reused"],
    [413, "too_large"],
  ];
  for (const [status, code] of codes) {
    assertEquals(judgeAnswer({ status, body: refusal(code, "Because") }), {
      kind: "refused",
      status,
      reason: `${code}: Because`,
    });
  }
  assertEquals(
    judgeAnswer({ status: 400, body: '{"ok": false, "error": "Peer x is not trusted\\n"}' }),
    { kind: "refused", status: 400, reason: "Peer x is not trusted" },
  );
  assertEquals(kindOf(403, '{"ok":false}'), "refused");
  assertEquals(kindOf(403, '{"ok":false,"error":{"code":7}}'), "refused");
});

Deno.test("what may pass is tried again, whoever says it", () => {
  for (const status of [408, 425, 429, 500, 501, 502, 503, 504, 507, 599]) {
    for (const body of [refusal("busy"), HTML, ""]) assertEquals(kindOf(status, body), "retry");
  }
  for (const status of [301, 302, 303, 307, 308]) {
    for (const body of [VERIFIED, refusal("moved"), ""]) {
      assertEquals(kindOf(status, body), "retry");
    }
  }
});

Deno.test("somebody else's no says nothing about the peer", () => {
  for (const status of [400, 401, 403, 404, 405, 407, 410, 413, 451]) {
    for (const body of [HTML, "", "{}", '{"error":"nope"}', '{"ok":true}']) {
      assertEquals([status, body, kindOf(status, body)], [status, body, "retry"]);
    }
  }
  const outcome = judgeAnswer({ status: 404, body: HTML });
  assertEquals(outcome, {
    kind: "retry",
    status: 404,
    reason: "Something that does not speak the protocol answered with status 404",
  });
});

Deno.test("a crash of the original's handler is not its word", () => {
  const body = refusal('Traceback (most recent call last):\n  File "/x/mesh.py", line 1\n');
  assertEquals(judgeAnswer({ status: 400, body }), {
    kind: "retry",
    status: 400,
    reason: "The peer's program failed",
  });
});

Deno.test("a clock that is wrong now, here or there, may be right later", () => {
  const outcome = judgeAnswer({
    status: 400,
    body: refusal("stale_timestamp", "It is 1970 there"),
  });
  assertEquals(outcome, {
    kind: "retry",
    status: 400,
    reason: "stale_timestamp: It is 1970 there",
  });
});

Deno.test("the time that the peer asks for is passed on", () => {
  const outcome = judgeAnswer({ status: 429, body: refusal("rate_limited"), retryAfter: 60 });
  assert(outcome.kind === "retry");
  assertEquals(outcome.retryAfter, 60);
});

Deno.test("a reason is never longer than a few lines", () => {
  const outcome = judgeAnswer({ status: 400, body: refusal("x".repeat(60_000), "y".repeat(999)) });
  assert(outcome.kind === "refused");
  assertLessOrEqual(outcome.reason.length, 300);
});
