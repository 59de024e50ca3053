import { assert, assertEquals, assertRejects } from "@std/assert";
import { httpStatusOf, MeshError } from "../../../lib/error.ts";
import { RateLedgers } from "../../../lib/ledger/rate_ledgers.ts";
import { Doorman, RATES_FOLDER, type Visit } from "../../../lib/ogp/doorman.ts";
import type { ScopeGrants } from "../../../lib/ogp/scopes.ts";
import { filesBelow, temporaryRoot } from "../store/temporary_root.ts";

const now = new Date("2026-11-21T12:00:00Z");
const peerKey = "dcf1329a2f6f8345".repeat(4);
const grants: ScopeGrants = {
  version: "0.2.0",
  grantedAt: now.toISOString(),
  scopes: [
    { intent: "message", enabled: true, rateLimit: { requests: 2, windowSeconds: 3600 } },
    { intent: "status-update", enabled: true },
    { intent: "agent-comms", enabled: true, topics: ["ops"] },
  ],
};
const visit: Visit = { peerKey, grants, intent: "message", now };

async function refusal(doorman: Doorman, more: Partial<Visit>): Promise<MeshError> {
  return await assertRejects(() => doorman.admit({ ...visit, ...more }), MeshError);
}

Deno.test("a visit within scope and rate is admitted, one above the rate is told when to come back", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(`${root.path}/${RATES_FOLDER}`);
  const doorman = new Doorman(rates);
  await doorman.admit(visit);
  await doorman.admit({ ...visit, now: new Date(now.getTime() + 1000) });
  const error = await refusal(doorman, { now: new Date(now.getTime() + 193_000) });
  assertEquals(error.code, "rate_limited");
  assertEquals(error.message, "Rate limit exceeded for intent 'message'");
  assertEquals(error.retryAfter, 3407);
  assertEquals(httpStatusOf(error), 429);
  await doorman.admit({ ...visit, intent: "status-update" });
  await doorman.admit({ ...visit, peerKey: "ab".repeat(32) });
  await doorman.admit({ ...visit, now: new Date(now.getTime() + 3_600_000) });
});

Deno.test("what is out of scope is refused, and costs nothing of the rate", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  const doorman = new Doorman(rates);
  const wrong: [Partial<Visit>, string][] = [
    [{ intent: "frobnicate" }, "Intent 'frobnicate' not in granted scope"],
    [
      { intent: "agent-comms", topic: "general" },
      "Topic 'general' not allowed for intent 'agent-comms'",
    ],
    [{ intent: "agent-comms" }, "Intent 'agent-comms' scope check failed: a topic is required"],
    [{ grants: { ...grants, scopes: [] } }, "Intent 'message' not in granted scope"],
  ];
  for (const [more, message] of wrong) {
    const error = await refusal(doorman, more);
    assertEquals([error.code, error.message], ["refused", message]);
    assertEquals(httpStatusOf(error), 403);
  }
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("the rate belongs to the key: another form of it is refused, not counted apart", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  const doorman = new Doorman(rates);
  for (
    const form of [peerKey.toUpperCase(), peerKey.slice(2), `${peerKey}00`, `${peerKey}\n`, ""]
  ) {
    assertEquals((await refusal(doorman, { peerKey: form })).code, "bad_key");
  }
  assertEquals(await filesBelow(root.path), []);
});

Deno.test("a peer without grants is admitted as OGP 0.1 did it, a hundred times an hour", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(root.path);
  const doorman = new Doorman(rates);
  for (const none of [undefined, null]) {
    for (let n = 0; n < 50; n++) await doorman.admit({ ...visit, grants: none });
  }
  assertEquals((await refusal(doorman, { grants: undefined })).code, "rate_limited");
});

Deno.test("the rate survives a restart, and any number of doormen keep it together", async () => {
  await using root = await temporaryRoot();
  const outcomes = await Promise.all(Array.from({ length: 20 }, async () => {
    using rates = new RateLedgers(root.path);
    return await new Doorman(rates).admit(visit).then(() => "in", (error) => error.code);
  }));
  assertEquals(outcomes.filter((outcome) => outcome === "in").length, 2);
  assertEquals(outcomes.filter((outcome) => outcome === "rate_limited").length, 18);
});

Deno.test("intents of any form are counted in files of their own below the folder", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(`${root.path}/rates`);
  const doorman = new Doorman(rates);
  const intents = ["../../message", "a/b", "é".repeat(200), "x".repeat(200), "project.join", "."];
  for (const intent of intents) {
    const scopes = [{ intent, enabled: true, rateLimit: { requests: 1, windowSeconds: 60 } }];
    await doorman.admit({ ...visit, intent, grants: { ...grants, scopes } });
    const error = await refusal(doorman, { intent, grants: { ...grants, scopes } });
    assertEquals(error.code, "rate_limited");
  }
  const files = await filesBelow(root.path);
  assertEquals(files.length, intents.length);
  assert(files.every((file) => file.startsWith("rates/")));
});

Deno.test("nobody is admitted where it cannot be counted", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/rates`, "");
  using rates = new RateLedgers(`${root.path}/rates`);
  assertEquals((await refusal(new Doorman(rates), {})).code, "io");
});
