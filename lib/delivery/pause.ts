/**
 * The owner's brake: while `paused.json` is in the root, nothing is sent by any program on it. What is
 * written meanwhile is stored and queued, and goes out when the brake is let go.
 *
 * @module
 */
import { z } from "zod";
import { jsonCodec } from "../store/json_codec.ts";
import type { Collection, Store } from "../store/store.ts";

/** That everything outgoing is paused. */
export interface Pause {
  /** Since when, ISO 8601. */
  readonly since: string;
}

const ID = "paused";

const codec = jsonCodec<Pause>(z.looseObject({ since: z.string() }));

/**
 * Stops all that goes out, in every process on the root. What is under way right now ends by itself.
 *
 * @param store The root's store.
 * @param now The present.
 * @returns Since when it is paused; earlier than `now` if it was paused already.
 */
export async function pause(store: Store, now: Date): Promise<Pause> {
  const mine = { since: now.toISOString() };
  if (await brake(store).create(ID, mine)) return mine;
  return await readPause(store) ?? mine;
}

/**
 * Lets go out what waits.
 *
 * @param store The root's store.
 * @returns Whether it was paused.
 */
export async function resume(store: Store): Promise<boolean> {
  return await brake(store).delete(ID);
}

/**
 * Whether everything outgoing is paused. Costs one look at a directory entry, so it can be asked before
 * each attempt.
 *
 * @param store The root's store.
 * @returns `true` as long as the file is there, whatever is in it.
 */
export async function isPaused(store: Store): Promise<boolean> {
  return await brake(store).has(ID);
}

/**
 * Since when it is paused.
 *
 * @param store The root's store.
 * @returns What the file says, `undefined` if there is none or it cannot be read.
 */
export async function readPause(store: Store): Promise<Pause | undefined> {
  return await brake(store).get(ID);
}

function brake(store: Store): Collection<Pause> {
  return store.collection("", codec);
}
