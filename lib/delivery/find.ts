/**
 * Looking deliveries up.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { Collection } from "../store/store.ts";
import type { OutboxEntry } from "./outbox.ts";

/** A delivery, and whether it was given up. */
export interface Delivery {
  /** `waiting` for its next attempt, or `dead`. */
  readonly state: "waiting" | "dead";
  /** The entry. */
  readonly entry: OutboxEntry;
}

/** Where deliveries are kept. */
export interface Deliveries {
  /** Those under way. */
  readonly outbox: Collection<OutboxEntry>;
  /** Those given up. */
  readonly failed: Collection<OutboxEntry>;
}

/**
 * All deliveries, oldest first.
 *
 * @param from Where they are kept.
 * @returns The deliveries; one that is in both places after a crash counts as waiting.
 */
export async function listDeliveries(from: Deliveries): Promise<Delivery[]> {
  const waiting = (await from.outbox.list()).entries;
  const dead = (await from.failed.list()).entries;
  const alive = new Set(waiting.map(({ id }) => id));
  return [
    ...waiting.map(({ value }): Delivery => ({ state: "waiting", entry: value })),
    ...dead.filter(({ id }) => !alive.has(id))
      .map(({ value }): Delivery => ({ state: "dead", entry: value })),
  ].sort((a, b) => a.entry.created_at < b.entry.created_at ? -1 : 1);
}

/**
 * Finds the delivery that an owner means.
 *
 * @param from Where they are kept.
 * @param selector A message's id, or the beginning of one.
 * @returns The delivery.
 * @throws {MeshError} `not_found` or `ambiguous`.
 */
export async function findDelivery(from: Deliveries, selector: string): Promise<Delivery> {
  const all = await listDeliveries(from);
  const exact = all.find(({ entry }) => entry.id === selector);
  if (exact) return exact;
  const matches = all.filter(({ entry }) => selector !== "" && entry.id.startsWith(selector));
  const [only] = matches;
  if (matches.length === 1 && only) return only;
  if (only) {
    const ids = matches.slice(0, 5).map(({ entry }) => entry.id).join(", ");
    throw new MeshError("ambiguous", `"${selector}" matches several deliveries: ${ids}`);
  }
  throw new MeshError("not_found", `Nothing in the queue matches "${selector}"`, {
    hint: "mesh queue list",
  });
}
