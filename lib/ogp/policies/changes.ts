/**
 * The owner's changes to policies. Each is in the audit log before it counts.
 *
 * @module
 */
import { change, type ChangeableState, note, withTopics } from "./change_record.ts";
import type { Level } from "./level.ts";
import {
  type ActivityLogging,
  checkNotes,
  checkTopic,
  type PolicyRecord,
  type TopicPolicy,
} from "./policy_record.ts";
import { findUnreadable, GLOBAL, policiesIn, readPolicies, recordName } from "./policy_store.ts";

/** What topics get. */
export interface TopicChange {
  /** The topics. */
  readonly topics: readonly string[];
  /** How openly they are answered. */
  readonly level: Level;
  /** Why. Takes the place of earlier notes, also if there are none. */
  readonly notes?: string | undefined;
  /** The present; for tests. */
  readonly now?: Date;
}

/**
 * Sets the level of topics.
 *
 * @param state The state.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @param change What to set.
 * @returns The record as it is now.
 * @throws {MeshError} `usage` for a topic or notes that cannot be, or too many topics; `damaged`.
 */
export async function setTopics(
  state: ChangeableState,
  who: string,
  { topics, level, notes, now = new Date() }: TopicChange,
): Promise<PolicyRecord> {
  topics.forEach(checkTopic);
  const about = notes === undefined || notes === "" ? {} : { notes: checkNotes(notes) };
  const policy: TopicPolicy = { level, ...about, at: now.toISOString() };
  const add = (before: PolicyRecord) => withTopics(before, topics, policy);
  // What cannot be is said before anything is written down.
  add(await readPolicies(state, who));
  await note(state, "policy.topics.set", who, { topics: topics.join(","), level });
  return await change(state, who, add);
}

/**
 * Takes the policy of a topic away.
 *
 * @param state The state.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @param topic The topic.
 * @returns The policy that it had, or `undefined` if it had none.
 * @throws {MeshError} `damaged`.
 */
export async function removeTopic(
  state: ChangeableState,
  who: string,
  topic: string,
): Promise<TopicPolicy | undefined> {
  const removed = (await readPolicies(state, who)).topics.get(topic);
  if (!removed) return undefined;
  await note(state, "policy.topic.removed", who, { topic });
  await change(state, who, (before) => {
    const topics = new Map(before.topics);
    topics.delete(topic);
    return { ...before, topics };
  });
  return removed;
}

/**
 * Sets the level of topics that no policy names.
 *
 * @param state The state.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @param level The level.
 * @returns The record as it is now.
 * @throws {MeshError} `damaged`.
 */
export async function setDefaultLevel(
  state: ChangeableState,
  who: string,
  level: Level,
): Promise<PolicyRecord> {
  await readPolicies(state, who);
  await note(state, "policy.default.set", who, { level });
  return await change(state, who, (before) => ({ ...before, defaultLevel: level }));
}

/**
 * Sets what is logged.
 *
 * @param state The state.
 * @param activityLog What.
 * @returns The record for all as it is now.
 * @throws {MeshError} `damaged`.
 */
export async function setActivityLogging(
  state: ChangeableState,
  activityLog: ActivityLogging,
): Promise<PolicyRecord> {
  await readPolicies(state, GLOBAL);
  await note(state, "policy.logging.set", GLOBAL, { logging: activityLog });
  return await change(state, GLOBAL, (before) => ({ ...before, activityLog }));
}

/**
 * Forgets all policies of a peer, also those that cannot be read: from then on those for all count.
 *
 * @param state The state.
 * @param publicKey The peer's key as DER.
 * @returns What it had; `undefined` if that was nothing, or could not be read.
 */
export async function resetPolicies(
  state: ChangeableState,
  publicKey: string,
): Promise<PolicyRecord | undefined> {
  const policies = policiesIn(state);
  const name = recordName(publicKey);
  const before = await policies.get(name);
  if (!before && !await findUnreadable(state, publicKey)) return undefined;
  await note(state, "policy.reset", publicKey, {});
  await policies.delete(name);
  // What was set aside would count as unreadable where there is no record.
  if (await findUnreadable(state, publicKey)) await policies.create(name, { topics: new Map() });
  return before;
}
