import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Level, LEVELS } from "../../../../lib/ogp/policies/level.ts";
import type { PolicyRecord } from "../../../../lib/ogp/policies/policy_record.ts";
import { decide } from "../../../../lib/ogp/policies/resolution.ts";

function record(topics: Record<string, Level>, defaultLevel?: Level): PolicyRecord {
  const entries = Object.entries(topics).map(([topic, level]) => [topic, { level }] as const);
  return { topics: new Map(entries), defaultLevel };
}

/** Every policy that covers the topic, each with how long its topic is and whether it is the peer's. */
function naiveModel(own: PolicyRecord, all: PolicyRecord, topic: string): [Level, string] {
  const covering = [own, all].flatMap(({ topics }, whose) =>
    [...topics].filter(([name]) => (topic + "/").startsWith(name + "/"))
      .map(([name, { level }]) => ({ level, whose, length: name.length }))
  );
  covering.sort((a, b) => b.length - a.length || a.whose - b.whose);
  const [first] = covering;
  if (first) return [first.level, first.whose === 0 ? "peer topic" : "global topic"];
  if (own.defaultLevel) return [own.defaultLevel, "peer default"];
  return [all.defaultLevel ?? "summary", "default"];
}

const part = fc.constantFrom("a", "b", "ab", "", "__proto__", "constructor", "é", " ");
const anyTopic = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
const policyTopic = anyTopic.filter((topic) => !/^\/|\/$|^$/.test(topic));
const anyLevel = fc.constantFrom(...LEVELS);
const anyRecord = fc.record({
  topics: fc.array(fc.tuple(policyTopic, anyLevel), { maxLength: 12 }).map((entries) =>
    new Map(entries.map(([topic, level]) => [topic, { level }]))
  ),
  defaultLevel: fc.option(anyLevel, { nil: undefined }),
});

Deno.test("what counts is what a search through all policies finds", () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, anyTopic, (own, all, topic) => {
      const { level, from } = decide(own, all, topic);
      assertEquals([level, from], naiveModel(own, all, topic));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a topic that a policy names has that policy, as with the originals", () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, policyTopic, (own, all, topic) => {
      const exact = own.topics.get(topic) ?? all.topics.get(topic);
      if (exact) assertEquals(decide(own, all, topic).level, exact.level);
    }),
  );
});

Deno.test("the order is that of the protocol", () => {
  const own = record({ "memory-management": "escalate" }, "deny");
  const all = record({ "memory-management": "full", testing: "full" }, "off");
  const cases: [topic: string, level: Level, from: string][] = [
    ["memory-management", "escalate", "peer topic"],
    ["testing", "full", "global topic"],
    ["weather", "deny", "peer default"],
  ];
  for (const [topic, level, from] of cases) {
    const decision = decide(own, all, topic);
    assertEquals([topic, decision.level, decision.from], [topic, level, from]);
  }
  assertEquals(decide(record({}), all, "weather"), { level: "off", from: "default" });
  assertEquals(decide(record({}), record({}), "weather"), { level: "summary", from: "default" });
});

Deno.test("a narrower policy counts before a wider one, whosever it is", () => {
  const own = record({ ops: "full", "ops/keys/ssh": "escalate" });
  const all = record({ "ops/keys": "off", ops: "deny" });
  const cases: [topic: string, level: Level][] = [
    ["ops", "full"],
    ["ops/disk", "full"],
    ["ops/keys", "off"],
    ["ops/keys/gpg", "off"],
    ["ops/keys/ssh/old", "escalate"],
    ["opsec", "summary"],
    ["Ops", "summary"],
    ["ops/", "full"],
    ["", "summary"],
    ["/ops", "summary"],
  ];
  for (const [topic, level] of cases) {
    assertEquals([topic, decide(own, all, topic).level], [topic, level]);
  }
});

Deno.test("the notes of the policy that counts go along, and no others", () => {
  const topics = new Map([["ops", { level: "full" as const, notes: "Trusted" }], ["ops/keys", {
    level: "deny" as const,
  }]]);
  assertEquals(decide({ topics }, record({}), "ops/disk"), {
    level: "full",
    from: "peer topic",
    notes: "Trusted",
    topic: "ops",
  });
  assertEquals(decide({ topics }, record({}), "ops/keys").notes, undefined);
});

Deno.test("a topic of a megabyte of slashes is decided at once", () => {
  const began = performance.now();
  const topic = "ops" + "/".repeat(1_000_000);
  for (let i = 0; i < 100; i++) {
    assertEquals(decide(record({ ops: "deny" }), record({}), topic).level, "deny");
  }
  assertEquals(performance.now() - began < 1000, true);
});
