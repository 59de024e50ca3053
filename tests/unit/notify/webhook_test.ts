import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import type { WebhookConfig } from "../../../lib/notify/config_types.ts";
import type { HandoverOutcome } from "../../../lib/notify/handover.ts";
import { messageOf } from "../../../lib/notify/message.ts";
import { webhookHeaders, webhookKey } from "../../../lib/notify/standard_webhook.ts";
import { webhookTarget } from "../../../lib/notify/webhook.ts";
import { type Handler, json, type Seen, withService } from "../agent/fake_service.ts";
import { handover } from "./handovers.ts";

const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const NEXT = `whsec_${randomBytes(24).toString("base64")}`;

/** Checks a delivery as the specification says, with nothing of ours. */
function isSigned({ headers, body }: Seen, secret: string): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const content = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(wanted);
}

async function handOn(
  handler: Handler,
  changes: Partial<WebhookConfig> = {},
): Promise<HandoverOutcome> {
  let outcome: HandoverOutcome | undefined;
  await withService(handler, async (url) => {
    const fixed = { type: "webhook", secrets: [SECRET], replies: true, timeoutMs: 3000 } as const;
    outcome = await webhookTarget({ ...fixed, url, ...changes }).handOn(handover());
  });
  return outcome as HandoverOutcome;
}

Deno.test("a delivery is signed once for each secret, under the message's id", async () => {
  await withService((_, answer) => answer.end(), async (url, seen) => {
    const fixed = { type: "webhook", replies: false, timeoutMs: 3000 } as const;
    const target = webhookTarget({ ...fixed, url: `${url}/in?x=1`, secrets: [SECRET, NEXT] });
    assertEquals(await target.handOn(handover()), { kind: "handed" });
    assertEquals(await target.handOn(handover()), { kind: "handed" });
    const [first, second] = seen as [Seen, Seen];
    assert(isSigned(first, SECRET) && isSigned(first, NEXT));
    assert(!isSigned(first, `whsec_${randomBytes(32).toString("base64")}`));
    assertEquals(first.headers["webhook-id"], handover().id);
    assertEquals(first.headers["webhook-id"], second.headers["webhook-id"]);
    const age = Date.now() / 1000 - Number(first.headers["webhook-timestamp"]);
    assert(age >= 0 && age < 10, `${age}`);
    assertEquals(first.path, "/in?x=1");
    const { type, timestamp, data } = JSON.parse(first.body);
    assertEquals([type, timestamp], ["ogp.message", handover().timestamp]);
    assertEquals(data, messageOf(handover()));
  });
});

Deno.test("what the receiver answers is the reply, if that is wanted and there is one", async () => {
  const answers: [answer: unknown, outcome: HandoverOutcome][] = [
    [{ reply: "hi" }, { kind: "replied", success: true, data: { text: "hi" } }],
    [{ text: "hi" }, { kind: "replied", success: true, data: { text: "hi" } }],
    [{ reply: { a: 1 } }, { kind: "replied", success: true, data: { a: 1 } }],
    [{ data: [1, 2] }, { kind: "replied", success: true, data: [1, 2] }],
    [{ error: "not today" }, { kind: "replied", success: false, error: "not today" }],
    [{ ok: true }, { kind: "handed" }],
    [{ data: null }, { kind: "handed" }],
    [["reply"], { kind: "handed" }],
    ["reply", { kind: "handed" }],
  ];
  for (const [answer, wanted] of answers) {
    assertEquals([answer, await handOn((_, a) => json(a, answer))], [answer, wanted]);
    assertEquals(await handOn((_, a) => json(a, answer), { replies: false }), { kind: "handed" });
  }
  assertEquals(await handOn((_, a) => a.end("OK")), { kind: "handed" });
  assertEquals(await handOn((_, a) => a.writeHead(204).end()), { kind: "handed" });
});

Deno.test("statuses, silence, garbage and 10 MB each have their outcome", async () => {
  const statuses: [status: number, kind: string][] = [
    [301, "retry"],
    [400, "failed"],
    [401, "retry"],
    [404, "retry"],
    [413, "failed"],
    [422, "failed"],
    [429, "retry"],
    [500, "retry"],
    [503, "retry"],
  ];
  for (const [status, kind] of statuses) {
    const outcome = await handOn((_, a) => json(a, { message: `no ${SECRET}` }, status));
    assertEquals([status, outcome.kind], [status, kind]);
    const reason = "reason" in outcome ? outcome.reason : "";
    assertStringIncludes(reason, `status ${status}`);
    assert(!reason.includes(SECRET), reason);
  }
  assertEquals((await handOn(() => {}, { timeoutMs: 200 })).kind, "retry");
  assertEquals((await handOn((_, a) => a.destroy())).kind, "retry");
  const large = await handOn((_, a) => a.end("x".repeat(11_000_000)));
  assertEquals(large.kind === "failed" && large.sentence, "The agent's answer was too large");
  const unread = await handOn((_, a) => a.end("x".repeat(11_000_000)), { replies: false });
  assertEquals(unread, { kind: "handed" });
  const half = await handOn((_, a) => {
    a.writeHead(200, { "content-length": "50" });
    a.write('{"reply":');
    setTimeout(() => a.destroy(), 20);
  });
  assertEquals(half.kind, "retry");
});

Deno.test("an id that no header can carry is replaced by its hash, the same at every attempt", async () => {
  await withService((_, answer) => answer.end(), async (url, seen) => {
    const fixed = { type: "webhook", secrets: [SECRET], replies: false, timeoutMs: 3000 } as const;
    const target = webhookTarget({ ...fixed, url });
    for (let i = 0; i < 2; i++) await target.handOn(handover({ id: "ü\r\nx: y" }));
    const [first, second] = seen.map(({ headers }) => headers["webhook-id"]);
    assert(/^sha256-[0-9a-f]{64}$/.test(String(first)), String(first));
    assertEquals(first, second);
  });
});

Deno.test("a secret is base64 of 24 to 64 bytes, with or without its prefix", async () => {
  assertEquals(webhookKey(SECRET)?.length, 32);
  assertEquals(webhookKey(SECRET.slice(6))?.length, 32);
  for (const secret of ["", "whsec_", "whsec_short", "whsec_%%%%", `whsec_${"A".repeat(200)}`]) {
    assertEquals(webhookKey(secret), undefined);
  }
  const headers = await webhookHeaders(["whsec_none", SECRET], "a", "b", new Date(1000));
  assertEquals(headers["webhook-signature"]?.split(" ").length, 1);
  assertEquals(headers["webhook-timestamp"], "1");
});

Deno.test("a look tells whether anything is there", async () => {
  const fixed = { type: "webhook", secrets: [SECRET], replies: false, timeoutMs: 3000 } as const;
  let gone = "";
  await withService((_, answer) => answer.writeHead(405).end(), async (url, seen) => {
    gone = url;
    assertEquals((await webhookTarget({ ...fixed, url }).check?.())?.ok, true);
    assertEquals(seen[0]?.method, "HEAD");
  });
  assertEquals((await webhookTarget({ ...fixed, url: gone }).check?.())?.ok, false);
});
