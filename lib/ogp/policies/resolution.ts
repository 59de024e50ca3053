/**
 * Which policy counts for a topic: a pure function of the peer's own policies and those for all.
 *
 * @module
 */
import { INITIAL_LEVEL, type Level } from "./level.ts";
import { POLICY_LIMITS, type PolicyRecord, type TopicPolicy } from "./policy_record.ts";

/** Where a level comes from. */
export type PolicySource = "peer topic" | "global topic" | "peer default" | "default";

/** What counts for a topic. */
export interface Decision {
  /** How openly it is answered. */
  readonly level: Level;
  /** Where that comes from. */
  readonly from: PolicySource;
  /** The owner's words about it. */
  readonly notes?: string | undefined;
  /** The topic whose policy it is: the one asked about, or one above it. */
  readonly topic?: string | undefined;
}

/**
 * Decides about a topic. A policy for `t` also covers all of `t/…`; of those that cover a topic the longest
 * counts, and of two for the same one the peer's. So an exact policy always gives what the originals give,
 * who know no others: the peer's topic, the topic for all, the peer's default, the default for all.
 *
 * @param own The peer's policies.
 * @param all Those for all peers.
 * @param topic The topic as received, compared letter by letter.
 * @returns What counts.
 *
 * @example
 * ```ts
 * import { decide } from "./resolution.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const own = { topics: new Map([["ops", { level: "full" as const }]]) };
 * const all = { topics: new Map([["ops/keys", { level: "deny" as const }]]) };
 * assertEquals(decide(own, all, "ops/disk").level, "full");
 * assertEquals(decide(own, all, "ops/keys/ssh").level, "deny");
 * assertEquals(decide(own, all, "weather"), { level: "summary", from: "default" });
 * ```
 */
export function decide(own: PolicyRecord, all: PolicyRecord, topic: string): Decision {
  const named = decideByTopic(own, all, topic);
  if (named) return named;
  if (own.defaultLevel !== undefined) return { level: own.defaultLevel, from: "peer default" };
  return { level: all.defaultLevel ?? INITIAL_LEVEL, from: "default" };
}

/**
 * Decides about a topic by the policies that name it or one above it.
 *
 * @param own The peer's policies.
 * @param all Those for all peers.
 * @param topic The topic.
 * @returns What counts, or `undefined` if none names it.
 */
export function decideByTopic(
  own: PolicyRecord,
  all: PolicyRecord,
  topic: string,
): Decision | undefined {
  for (const name of fromTheTop(topic)) {
    const mine = own.topics.get(name);
    if (mine) return decisionOf(mine, "peer topic", name);
    const everybodys = all.topics.get(name);
    if (everybodys) return decisionOf(everybodys, "global topic", name);
  }
  return undefined;
}

/** The topic, then the ones above it. Those that are too long for a policy are left out. */
function* fromTheTop(topic: string): Generator<string> {
  const longest = POLICY_LIMITS.topicLength;
  if (topic.length <= longest) yield topic;
  let slash = topic.lastIndexOf("/", longest);
  while (slash > 0) {
    yield topic.slice(0, slash);
    slash = topic.lastIndexOf("/", slash - 1);
  }
}

function decisionOf({ level, notes }: TopicPolicy, from: PolicySource, topic: string): Decision {
  return { level, from, ...(notes === undefined ? {} : { notes }), topic };
}
