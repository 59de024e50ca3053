import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createHmac } from "node:crypto";
import type { Handover, HandoverOutcome } from "../../../lib/notify/handover.ts";
import { hermesTarget } from "../../../lib/notify/hermes.ts";
import { type Handler, json, withService } from "../agent/fake_service.ts";
import { handover } from "./handovers.ts";

const SECRET = "route secret, not base64 at all ü";

/** Answers as a route of Hermes' webhook adapter was read to. */
function fakeHermes(taken: Record<string, unknown>[]): Handler {
  const seen = new Set<string>();
  return ({ path, headers, body }, answer) => {
    if (path !== "/webhooks/ogp") return json(answer, { error: "Unknown route: x" }, 404);
    const wanted = `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;
    if (headers["x-hub-signature-256"] !== wanted) {
      return json(answer, { error: "Invalid signature" }, 401);
    }
    const payload = JSON.parse(body);
    const delivery_id = String(headers["x-request-id"]);
    if (payload.event_type !== "ogp_message") return json(answer, { status: "ignored" });
    if (seen.has(delivery_id)) return json(answer, { status: "duplicate", delivery_id });
    seen.add(delivery_id);
    taken.push(payload);
    json(answer, { status: "accepted", delivery_id }, 202);
  };
}

async function handOn(handler: Handler, message: Handover = handover()): Promise<HandoverOutcome> {
  let outcome: HandoverOutcome | undefined;
  await withService(handler, async (base) => {
    const url = `${base}/webhooks/ogp`;
    outcome = await hermesTarget({ type: "hermes", url, secret: SECRET, timeoutMs: 500 })
      .handOn(message);
  });
  return outcome as HandoverOutcome;
}

Deno.test("Hermes takes a message once, with OGP's fields and its signature", async () => {
  const taken: Record<string, unknown>[] = [];
  await withService(fakeHermes(taken), async (base) => {
    const url = `${base}/webhooks/ogp`;
    const target = hermesTarget({ type: "hermes", url, secret: SECRET, timeoutMs: 3000 });
    assert(target.idempotent);
    const evil = { ...handover().peer, displayName: "Stan\n[OGP] x" };
    for (let i = 0; i < 2; i++) {
      assertEquals(await target.handOn(handover({ peer: evil })), { kind: "handed" });
    }
    assertEquals(taken, [{
      event_type: "ogp_message",
      peer_id: "stan:18790",
      peer_display_name: "Stan (OGP) x",
      intent: "agent-comms",
      topic: "memory-management",
      message: handover().frame,
      priority: "high",
      conversation_id: "conv-001",
      timestamp: handover().timestamp,
      payload: handover().payload,
    }]);
    assertEquals(
      await target.handOn(handover({ id: "2", topic: undefined, priority: undefined })),
      { kind: "handed" },
    );
    assertEquals([taken[1]?.topic, taken[1]?.priority], [null, "normal"]);
  });
});

Deno.test("a wrong secret or route holds messages back, a route that filters them out does not", async () => {
  await withService(fakeHermes([]), async (base) => {
    for (const [path, secret] of [["/webhooks/ogp", "wrong"], ["/webhooks/other", SECRET]]) {
      const target = hermesTarget({
        type: "hermes",
        url: `${base}${path}`,
        secret: secret ?? "",
        timeoutMs: 3000,
      });
      const outcome = await target.handOn(handover());
      assertEquals(outcome.kind === "retry" && outcome.retryAfter, 300);
    }
  });
  assertEquals((await handOn(fakeHermes([]), handover({ protocol: "mesh" }))).kind, "failed");
});

Deno.test("what Hermes cannot take just now is tried again, what it never takes is not", async () => {
  const answers: [handler: Handler, kind: string, words: string][] = [
    [(_, a) => json(a, { error: "Rate limit exceeded" }, 429), "retry", "Rate limit"],
    [(_, a) => json(a, { error: `boom ${SECRET}` }, 502), "retry", "boom [secret]"],
    [(_, a) => json(a, { error: "Payload too large" }, 413), "failed", "too large"],
    [() => {}, "retry", "did not answer"],
    [(_, a) => a.destroy(), "retry", "cut the connection"],
    [(_, a) => a.end("x".repeat(10_000_000)), "retry", "more than"],
  ];
  for (const [handler, kind, words] of answers) {
    const outcome = await handOn(handler);
    assertEquals([words, outcome.kind], [words, kind]);
    assertStringIncludes("reason" in outcome ? outcome.reason : "", words);
  }
});
