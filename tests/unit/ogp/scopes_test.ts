import { assert, assertEquals, assertFalse, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import {
  allowed,
  coversTopic,
  DEFAULT_INTENTS,
  DEFAULT_RATE,
  defaultGrants,
  describeScope,
  grantsFrom,
  parseGrants,
  type Scope,
  type ScopeGrants,
  V01_GRANTS,
} from "../../../lib/ogp/scopes.ts";

const now = new Date("2026-11-21T12:00:00Z");

function grantsOf(...scopes: Scope[]): ScopeGrants {
  return { version: "0.2.0", grantedAt: now.toISOString(), scopes };
}

function scope(intent: string, more: Partial<Scope> = {}): Scope {
  return { intent, enabled: true, ...more };
}

function reasonOf(grants: ScopeGrants | null | undefined, intent: string, topic?: string) {
  const allowance = allowed(grants, intent, topic, now);
  return allowance.ok ? "allowed" : allowance.reason;
}

Deno.test("grants are read as they travel, and what they do not have is left out", () => {
  const wire = {
    version: "0.2.0",
    grantedAt: "2026-11-21T08:21:55.580Z",
    scopes: [
      { intent: "message", enabled: true, rateLimit: { requests: 100, windowSeconds: 3600 } },
      {
        intent: "agent-comms",
        enabled: false,
        topics: ["memory", "ops/disk"],
        personas: ["anna"],
        expiresAt: "2027-01-01T00:00:00+01:00",
      },
    ],
  };
  const text = JSON.stringify(wire);
  assertEquals(JSON.stringify(parseGrants(JSON.parse(text))), text);
  const more = JSON.parse(text);
  more.admin = true;
  more.scopes[0].rateLimit.burst = 1000;
  more.scopes[1].__proto = { enabled: true };
  assertEquals(JSON.stringify(parseGrants(more)), text);
});

Deno.test("grants out of bounds are refused with the field that is wrong", () => {
  const good = { version: "0.2.0", grantedAt: "2026-11-21", scopes: [scope("message")] };
  parseGrants(good);
  const withScope = (more: Record<string, unknown>) => ({
    ...good,
    scopes: [{ ...scope("message"), ...more }],
  });
  const wrong: [unknown, string][] = [
    [null, "scopeGrants"],
    [[], "scopeGrants"],
    [{ ...good, scopes: undefined }, "scopes"],
    [{ ...good, scopes: Array(101).fill(scope("message")) }, "scopes"],
    [{ ...good, version: "x".repeat(21) }, "version"],
    [{ ...good, grantedAt: "yesterday" }, "grantedAt"],
    [withScope({ intent: "" }), "scopes.0.intent"],
    [withScope({ intent: "x".repeat(201) }), "scopes.0.intent"],
    [withScope({ intent: "a\u001b[2J" }), "scopes.0.intent"],
    [withScope({ enabled: "yes" }), "scopes.0.enabled"],
    [withScope({ topics: Array(101).fill("t") }), "scopes.0.topics"],
    [withScope({ topics: "all" }), "scopes.0.topics"],
    [withScope({ topics: [""] }), "scopes.0.topics.0"],
    [withScope({ personas: [1] }), "scopes.0.personas.0"],
    [withScope({ expiresAt: "2026-11-21T12:00:00" }), "scopes.0.expiresAt"],
    [withScope({ expiresAt: "2026-13-21T12:00:00Z" }), "scopes.0.expiresAt"],
    [withScope({ expiresAt: 1 }), "scopes.0.expiresAt"],
  ];
  for (const requests of [0, -1, 1.5, 1_000_001, "100", NaN]) {
    wrong.push([withScope({ rateLimit: { requests, windowSeconds: 1 } }), "rateLimit.requests"]);
  }
  for (const windowSeconds of [0, 2_678_401, 0.5]) {
    const rateLimit = { requests: 1, windowSeconds };
    wrong.push([withScope({ rateLimit }), "rateLimit.windowSeconds"]);
  }
  for (const [value, field] of wrong) {
    const error = assertThrows(() => parseGrants(value), MeshError);
    assertEquals(error.code, "malformed");
    assertStringIncludes(error.message, field);
  }
});

Deno.test("whatever comes in, reading grants gives grants or a refusal", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
    for (const value of [a, { version: "0.2.0", grantedAt: "2026-11-21", scopes: [a, b] }]) {
      try {
        const grants = parseGrants(value);
        assertEquals(parseGrants(JSON.parse(JSON.stringify(grants))), grants);
      } catch (error) {
        assert(error instanceof MeshError && error.code === "malformed");
      }
    }
  }));
});

Deno.test("a topic covers itself and what is below it, and nothing that only begins like it", () => {
  const granted = ["ops", "memory/short"];
  for (
    const topic of ["ops", "ops/", "ops/disk", "ops/disk/full", "memory/short", "memory/short/x"]
  ) {
    assert(coversTopic(granted, topic), topic);
  }
  for (
    const topic of ["", "op", "opsec", "ops-x", "OPS", " ops", "memory", "memory/shorter", "/ops"]
  ) {
    assertFalse(coversTopic(granted, topic), topic);
  }
  assertFalse(coversTopic(granted, undefined));
  assert(coversTopic(undefined, undefined));
  assert(coversTopic(undefined, "anything"));
  assertFalse(coversTopic([], "anything"));
  assertFalse(coversTopic([], undefined));
});

Deno.test("refusals say what OGP 0.7.2 says", () => {
  const grants = grantsOf(scope("message"), scope("agent-comms", { topics: ["memory", "ops"] }));
  assertEquals(reasonOf(grants, "frobnicate"), "Intent 'frobnicate' not in granted scope");
  assertEquals(reasonOf(grants, "task-request"), "Intent 'task-request' not in granted scope");
  assertEquals(
    reasonOf(grants, "agent-comms", "general"),
    "Topic 'general' not allowed for intent 'agent-comms'",
  );
  assertEquals(
    reasonOf(grants, "agent-comms"),
    "Intent 'agent-comms' scope check failed: a topic is required",
  );
  assertEquals(reasonOf(grants, "agent-comms", "ops/disk"), "allowed");
  assertEquals(reasonOf(grants, "message"), "allowed");
});

Deno.test("intents are compared letter by letter", () => {
  const grants = grantsOf(scope("project.*"), scope("message"));
  for (const intent of ["project.join", "Message", "message ", "messag", "__proto__", ""]) {
    assertStringIncludes(reasonOf(grants, intent), "not in granted scope");
  }
});

Deno.test("what a peer wrote is cut and cannot move a cursor in a refusal", () => {
  const reason = reasonOf(grantsOf(), `a\u001b[2J\u202e\ud800${"x".repeat(100_000)}`);
  assert(reason.length < 200);
  assertFalse(/\p{C}/u.test(reason));
});

Deno.test("disabled and expired scopes do not count", () => {
  const grants = grantsOf(
    scope("a", { enabled: false }),
    scope("b", { expiresAt: "2026-11-21T11:59:59.999Z" }),
    scope("c", { expiresAt: "2026-11-21T12:00:00Z" }),
    scope("d", { expiresAt: "2026-11-21T13:00:00.001+01:00" }),
    scope("e", { expiresAt: "never" }),
  );
  assertEquals(["a", "b", "c", "d", "e"].map((intent) => reasonOf(grants, intent) === "allowed"), [
    false,
    false,
    false,
    true,
    false,
  ]);
});

Deno.test("of several scopes for one intent the first that counts and covers gives the rate", () => {
  const rate = (requests: number) => ({ rateLimit: { requests, windowSeconds: 60 } });
  const grants = grantsOf(
    scope("agent-comms", { enabled: false, ...rate(1) }),
    scope("agent-comms", { expiresAt: "2020-01-01", ...rate(2) }),
    scope("agent-comms", { topics: ["ops"], ...rate(3) }),
    scope("agent-comms", { topics: ["ops/disk", "memory"], ...rate(4) }),
    scope("agent-comms", { topics: ["quiet"] }),
  );
  const rateOf = (topic: string) => {
    const allowance = allowed(grants, "agent-comms", topic, now);
    return allowance.ok ? allowance.rate : undefined;
  };
  assertEquals(rateOf("ops/disk")?.requests, 3);
  assertEquals(rateOf("memory")?.requests, 4);
  assertEquals(rateOf("quiet"), DEFAULT_RATE);
  assertEquals(rateOf("loud"), undefined);
});

Deno.test("a peer without grants has what OGP 0.1 gave, and one with empty grants has nothing", () => {
  for (const intent of ["message", "task-request", "status-update"]) {
    for (const none of [undefined, null]) {
      assertEquals(allowed(none, intent, undefined, now), { ok: true, rate: DEFAULT_RATE });
    }
    assertStringIncludes(reasonOf(grantsOf(), intent), "not in granted scope");
  }
  assertStringIncludes(reasonOf(undefined, "agent-comms", "x"), "not in granted scope");
  assertEquals(parseGrants(V01_GRANTS), V01_GRANTS);
});

Deno.test("an approval grants what was offered, else the usual intents", () => {
  for (const offered of [undefined, [], ["", "\0"]]) {
    const grants = defaultGrants(offered, now);
    assertEquals(grants.scopes.map(({ intent }) => intent), [...DEFAULT_INTENTS]);
    assert(grants.scopes.every(({ rateLimit, enabled }) => enabled && rateLimit === DEFAULT_RATE));
    assertEquals([grants.version, grants.grantedAt], ["0.2.0", "2026-11-21T12:00:00.000Z"]);
  }
  const many = Array.from({ length: 300 }, (_, n) => `intent-${n % 150}`);
  const grants = defaultGrants(many, now);
  assertEquals(grants.scopes.length, 100);
  assertEquals(parseGrants(grants), grants);
});

Deno.test("flags make grants", () => {
  const rateLimit = { requests: 10, windowSeconds: 60 };
  assertEquals(grantsFrom({}, now), defaultGrants(undefined, now));
  assertEquals(
    grantsFrom({ intents: " message, agent-comms ,message", rate: "10/60", topics: "a,b/c" }, now),
    grantsOf(
      scope("message", { rateLimit }),
      scope("agent-comms", { rateLimit, topics: ["a", "b/c"] }),
    ),
  );
  const topical = grantsFrom({ topics: "a" }, now).scopes.filter(({ topics }) => topics);
  assertEquals(topical.map(({ intent }) => intent), ["agent-comms"]);
});

Deno.test("flags change what they name, and leave the rest of the grants before", () => {
  const slow = { requests: 1, windowSeconds: 60 };
  const base = grantsOf(
    scope("message", { rateLimit: slow, personas: ["anna"] }),
    scope("agent-comms", { topics: ["ops"], expiresAt: "2027-01-01" }),
    scope("deploy", { enabled: false, expiresAt: "2027-01-01" }),
    scope("query", { expiresAt: "2020-01-01" }),
    scope("query", { rateLimit: slow }),
    scope("old", { expiresAt: "2020-01-01", rateLimit: slow }),
  );
  assertEquals(grantsFrom({}, now, base).scopes, base.scopes);
  assertEquals(grantsFrom({ topics: "memory" }, now, base).scopes, [
    base.scopes[0]!,
    { ...base.scopes[1]!, topics: ["memory"] },
    ...base.scopes.slice(2),
  ]);
  assertEquals(grantsFrom({ intents: "message,new,deploy,query,old" }, now, base).scopes, [
    base.scopes[0]!,
    scope("new", { rateLimit: DEFAULT_RATE }),
    scope("deploy", { expiresAt: "2027-01-01" }),
    base.scopes[4]!,
    scope("old", { rateLimit: slow }),
  ]);
  const rated = grantsFrom({ rate: "5/1" }, now, base).scopes.map(({ rateLimit }) => rateLimit);
  assertEquals(rated, Array(6).fill({ requests: 5, windowSeconds: 1 }));
});

Deno.test("flags that cannot be read are told, with what they should be", () => {
  const wrong = [
    { rate: "100" },
    { rate: "0/60" },
    { rate: "1000001/60" },
    { rate: "1/0" },
    { rate: "1/2678401" },
    { rate: "-1/60" },
    { rate: "1/60/2" },
    { rate: "" },
    { rate: `${"9".repeat(400)}/1` },
    { intents: "" },
    { intents: " , " },
    { intents: "a b" },
    { intents: "a\u0007" },
    { intents: Array.from({ length: 101 }, (_, n) => n).join(",") },
    { topics: "" },
    { topics: "/a" },
    { topics: "a/" },
    { topics: "x".repeat(201) },
    { topics: "a", intents: "message" },
  ];
  for (const flags of wrong) {
    const error = assertThrows(() => grantsFrom(flags, now), MeshError);
    assertEquals(error.code, "usage");
    assert(error.hint);
  }
});

Deno.test("scopes are described in a line that is safe to show", () => {
  const rateLimit = (requests: number, windowSeconds: number) => ({ requests, windowSeconds });
  const lines: [Scope, string][] = [
    [scope("message"), "message, 100 an hour"],
    [scope("a", { rateLimit: rateLimit(10, 60) }), "a, 10 a minute"],
    [scope("a", { rateLimit: rateLimit(1, 90), enabled: false }), "a, 1 in 90 s, disabled"],
    [scope("a", { topics: [] }), "a, 100 an hour, topics: none"],
    [scope("a", { personas: ["x"] }), "a, 100 an hour, personas: x"],
    [scope("a", { expiresAt: "2027-01-01" }), "a, 100 an hour, until 2027-01-01"],
    [scope("a", { expiresAt: "2020-01-01" }), "a, 100 an hour, expired 2020-01-01"],
    [scope("a\u001b[2J b"), '"a\\u001b[2J b", 100 an hour'],
  ];
  for (const [given, line] of lines) assertEquals(describeScope(given, now), line);
});
