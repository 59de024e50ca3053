/**
 * Policies for the way in, where they are looked up with every message: read again whenever their file has
 * changed, by whichever process or editor.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { Lru } from "../../signing/lru.ts";
import { isAbsent } from "../../store/io_error.ts";
import type { PolicyRecord } from "./policy_record.ts";
import { POLICIES_FOLDER, type PolicyState, readPolicies, recordName } from "./policy_store.ts";

/** The state of a file, or of the folder where there is none. */
interface Mark {
  readonly text: string;
  /** When that last changed, in milliseconds since 1970. */
  readonly changedAt: number;
}

interface Cached {
  readonly mark: string;
  readonly policies: PolicyRecord | MeshError;
}

/** How young a change may be, in milliseconds, for another one to leave the same time. */
const SETTLED = 100;

const cache = new Lru<string, Cached>(500);

/**
 * Reads a record, from memory if it is as it was.
 *
 * @param state The state.
 * @param who Whose, as `readPolicies` takes it.
 * @returns The record, empty if there is none.
 * @throws {MeshError} `damaged` if there is or was one that cannot be read.
 */
export async function cachedPolicies(state: PolicyState, who: string): Promise<PolicyRecord> {
  const folder = `${state.store.root}/${POLICIES_FOLDER}`;
  const path = `${folder}/${recordName(who)}.json`;
  const { text: mark, changedAt } = markOf(path, folder);
  const found = cache.get(path);
  const policies = found?.mark === mark ? found.policies : await read(state, who);
  if (found?.policies !== policies && Date.now() - changedAt > SETTLED) {
    cache.set(path, { mark, policies });
  }
  if (policies instanceof MeshError) throw policies;
  return policies;
}

async function read(state: PolicyState, who: string): Promise<PolicyRecord | MeshError> {
  try {
    return await readPolicies(state, who);
  } catch (error) {
    if (error instanceof MeshError && error.code === "damaged") return error;
    throw error;
  }
}

/** Whatever is put in the folder, or set aside there, changes the folder's time. */
function markOf(path: string, folder: string): Mark {
  const around = lookAt(folder);
  if (!around) return { text: "no folder", changedAt: 0 };
  return lookAt(path) ?? { ...around, text: `absent ${around.text}` };
}

function lookAt(path: string): Mark | undefined {
  try {
    const { ino, size, mtime } = Deno.lstatSync(path);
    const changedAt = mtime?.getTime() ?? Infinity;
    return { text: `${ino} ${size} ${changedAt}`, changedAt };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
