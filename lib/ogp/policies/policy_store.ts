/**
 * Where policies are kept: `ogp/policies`, a record `global` for all peers, and one for each peer that has
 * its own, named by the peer's whole key.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import type { Collection, Store } from "../../store/store.ts";
import { peerName } from "../state.ts";
import { policyCodec, type PolicyRecord } from "./policy_record.ts";
import { setAsideFile } from "./set_aside.ts";

/** What is needed of the state. */
export interface PolicyState {
  /** The store of the root, and where that is. */
  readonly store: Store & { readonly root: string };
}

/** Whose policies are meant, where those for all peers are. */
export const GLOBAL = "global";

/** Where the records are, below the root. */
export const POLICIES_FOLDER = "ogp/policies";

/**
 * The policies of a root.
 *
 * @param state The state.
 * @returns The records, by {@link recordName}.
 */
export function policiesIn({ store }: PolicyState): Collection<PolicyRecord> {
  return store.collection(POLICIES_FOLDER, policyCodec);
}

/**
 * The name of a record.
 *
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @returns The name.
 */
export function recordName(who: string): string {
  return who === GLOBAL ? GLOBAL : peerName(who);
}

/**
 * Reads a record.
 *
 * @param state The state.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @returns The record, empty if there is none.
 * @throws {MeshError} `damaged` if there is or was one that cannot be read.
 */
export async function readPolicies(state: PolicyState, who: string): Promise<PolicyRecord> {
  const policies = policiesIn(state);
  const name = recordName(who);
  const record = await policies.get(name);
  if (record) return record;
  const unreadable = await findUnreadable(state, who);
  if (!unreadable) return { topics: new Map() };
  // It may have been written right between the two looks.
  const again = await policies.get(name);
  if (again) return again;
  throw new MeshError(
    "damaged",
    `The policies in "${POLICIES_FOLDER}/${unreadable}" cannot be read`,
    {
      hint: unreadable === `${name}.json`
        ? "mend the file with an editor, or move it away"
        : `mend the file and name it ${name}.json, or move it away`,
    },
  );
}

/**
 * Where policies are that cannot be read, for a record that could not be got.
 *
 * @param state The state.
 * @param who {@link GLOBAL}, or a peer's key as DER.
 * @returns The file's name; `undefined` if there are none.
 */
export async function findUnreadable(
  state: PolicyState,
  who: string,
): Promise<string | undefined> {
  const name = recordName(who);
  if (await policiesIn(state).has(name)) return `${name}.json`;
  return await setAsideFile(`${state.store.root}/${POLICIES_FOLDER}`, name);
}
