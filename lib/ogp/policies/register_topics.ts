/**
 * Topics of projects: whoever is approved may write about them, also where everything else is `off`.
 *
 * @module
 */
import { change, type ChangeableState, note, withTopics } from "./change_record.ts";
import type { Level } from "./level.ts";
import { checkTopic, POLICY_LIMITS, type PolicyRecord, type TopicPolicy } from "./policy_record.ts";
import { GLOBAL, readPolicies } from "./policy_store.ts";
import { decideByTopic } from "./resolution.ts";

/** What was registered for a peer. */
export interface Registration {
  /** The peer's key as DER. */
  readonly publicKey: string;
  /** The topics that got a policy now. */
  readonly topics: readonly string[];
}

/** Peers whose records are changed side by side. */
const AT_ONCE = 16;

/**
 * Gives topics a policy of their own with each of some peers. A topic that a policy of the peer's or one for
 * all covers already keeps that, whatever its level: it is what the owner said about it. Defaults do not
 * count as saying something, since they are about topics that nobody has named.
 *
 * @param state The state.
 * @param topics The topics, such as ids of projects.
 * @param publicKeys The peers' keys as DER.
 * @param level How openly they are answered.
 * @returns What was registered for whom; who got nothing new, or has no room for more, is left out.
 * @throws {MeshError} `usage` for a topic that cannot be, `damaged` if policies cannot be read.
 */
export async function registerTopics(
  state: ChangeableState,
  topics: readonly string[],
  publicKeys: readonly string[],
  level: Level = "summary",
): Promise<Registration[]> {
  topics.forEach(checkTopic);
  if (topics.length === 0 || publicKeys.length === 0) return [];
  const all = await readPolicies(state, GLOBAL);
  const policy: TopicPolicy = { level, at: new Date().toISOString(), by: "project" };
  const keys = [...new Set(publicKeys)];
  const done: Registration[] = [];
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const some = keys.slice(i, i + AT_ONCE).map((key) => register(state, key, topics, policy, all));
    done.push(...await Promise.all(some));
  }
  return done.filter((registration) => registration.topics.length > 0);
}

async function register(
  state: ChangeableState,
  publicKey: string,
  topics: readonly string[],
  policy: TopicPolicy,
  all: PolicyRecord,
): Promise<Registration> {
  const missing = (own: PolicyRecord) => {
    const room = Math.max(0, POLICY_LIMITS.topics - own.topics.size);
    return [...new Set(topics)].filter((topic) => !decideByTopic(own, all, topic)).slice(0, room);
  };
  let registered = missing(await readPolicies(state, publicKey));
  if (registered.length === 0) return { publicKey, topics: [] };
  await note(state, "policy.topics.registered", publicKey, {
    topics: registered.join(","),
    level: policy.level,
  });
  await change(state, publicKey, (own) => {
    registered = missing(own);
    return withTopics(own, registered, policy);
  });
  return { publicKey, topics: registered };
}
