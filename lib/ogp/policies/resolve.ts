/**
 * Which policy counts for a message that just came in. What the owner has said a moment ago in another
 * process counts.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { cachedPolicies } from "./cached_policies.ts";
import type { Level } from "./level.ts";
import type { ActivityLogging } from "./policy_record.ts";
import { GLOBAL, type PolicyState } from "./policy_store.ts";
import { decide, type Decision, type PolicySource } from "./resolution.ts";

/** What counts for a message. */
export interface Resolution extends Omit<Decision, "from"> {
  /** Where the level comes from; `unreadable` if a record is there that nobody can read. */
  readonly from: PolicySource | "unreadable";
  /** What of it is logged. */
  readonly logging: ActivityLogging;
}

/** What is done while the owner's wishes cannot be read: nothing that the owner has not seen. */
const UNREADABLE: Level = "escalate";

/**
 * Looks up what counts.
 *
 * @param where The state, or a gateway.
 * @param publicKey The peer's key as DER.
 * @param topic The topic as received.
 * @returns The level, where it comes from, and what is logged. `escalate` while a record cannot be read:
 * it may say `off`, and a message that is turned away by mistake is lost.
 * @throws {MeshError} `io` if the disk fails.
 */
export async function resolve(
  where: PolicyState | { readonly state: PolicyState },
  publicKey: string,
  topic: string,
): Promise<Resolution> {
  const state = "state" in where ? where.state : where;
  let logging: ActivityLogging = "on";
  try {
    const all = await cachedPolicies(state, GLOBAL);
    logging = all.activityLog ?? "on";
    const own = await cachedPolicies(state, publicKey);
    return { ...decide(own, all, topic), logging };
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "damaged") throw error;
    return { level: UNREADABLE, from: "unreadable", logging };
  }
}

/**
 * What is logged about messages that no policy is looked up for, such as our own.
 *
 * @param state The state.
 * @returns What the owner chose; `on` if that cannot be read.
 */
export async function activityLogging(state: PolicyState): Promise<ActivityLogging> {
  try {
    return (await cachedPolicies(state, GLOBAL)).activityLog ?? "on";
  } catch (error) {
    if (error instanceof MeshError && error.code === "damaged") return "on";
    throw error;
  }
}
