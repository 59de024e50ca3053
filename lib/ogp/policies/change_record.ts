/**
 * One step of changing policies: written down first, then done to one record under its lock, so that no
 * change of another process is lost.
 *
 * @module
 */
import type { AuditLog } from "../../audit/audit_log.ts";
import { MeshError } from "../../error.ts";
import { POLICY_LIMITS, type PolicyRecord, type TopicPolicy } from "./policy_record.ts";
import { GLOBAL, policiesIn, type PolicyState, recordName } from "./policy_store.ts";

/** What is needed of the state to change policies. */
export interface ChangeableState extends PolicyState {
  /** Where decisions are written down. */
  readonly audit: AuditLog;
}

/**
 * A record with topics added.
 *
 * @param record The record.
 * @param topics The topics.
 * @param policy What each of them gets.
 * @returns The new record.
 * @throws {MeshError} `usage` if it would have too many.
 */
export function withTopics(
  record: PolicyRecord,
  topics: readonly string[],
  policy: TopicPolicy,
): PolicyRecord {
  const all = new Map([...record.topics, ...topics.map((topic) => [topic, policy] as const)]);
  if (all.size <= Math.max(POLICY_LIMITS.topics, record.topics.size)) {
    return { ...record, topics: all };
  }
  throw new MeshError("usage", `There can be ${POLICY_LIMITS.topics} topics at most`, {
    hint: 'a topic covers what is below it: "ops" covers "ops/disk"',
  });
}

/**
 * Changes a record under its lock.
 *
 * @param state The state.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @param step The change; gets an empty record if there is none.
 * @returns The record as it is now.
 * @throws {MeshError} `damaged` if there is one that cannot be read: it is not written over.
 */
export async function change(
  state: PolicyState,
  who: string,
  step: (before: PolicyRecord) => PolicyRecord,
): Promise<PolicyRecord> {
  const empty: PolicyRecord = { topics: new Map() };
  const after = await policiesIn(state).update(
    recordName(who),
    (before) => step(before ?? empty),
  );
  return after ?? empty;
}

/**
 * Writes a change to the audit log.
 *
 * @param state The state.
 * @param event What is about to change.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @param details What else there is to say.
 * @throws {MeshError} `io` if it cannot be written: then nothing may change.
 */
export async function note(
  { audit }: ChangeableState,
  event: string,
  who: string,
  details: Readonly<Record<string, string>>,
): Promise<void> {
  const whose = who === GLOBAL ? { peer: "all" } : { public_key: who };
  await audit.decision({ event, ...whose, ...details });
}
