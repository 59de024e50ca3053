/**
 * Where the outbox is kept: one for all protocols of a root.
 *
 * @module
 */
import { z } from "zod";
import { jsonCodec } from "../store/json_codec.ts";
import type { Collection, Store } from "../store/store.ts";
import type { OutboxEntry } from "./outbox.ts";

/** The collections of an outbox. */
export interface OutboxCollections {
  /** Deliveries under way. */
  readonly outbox: Collection<OutboxEntry>;
  /** Dead letters. */
  readonly failed: Collection<OutboxEntry>;
}

const shape: { parse(value: unknown): OutboxEntry } = z.looseObject({
  id: z.string(),
  protocol: z.string(),
  to: z.string(),
  created_at: z.string(),
  attempts: z.int().min(0),
  next_attempt_at: z.string(),
  last_error: z.looseObject({
    at: z.string(),
    reason: z.string(),
    status: z.int().optional(),
  }).optional(),
  correlation: z.string().max(64).optional(),
}) as unknown as { parse(value: unknown): OutboxEntry };

/**
 * Opens the outbox's collections.
 *
 * @param store The root's store.
 * @returns `outbox` and `outbox/failed`.
 */
export function openOutboxCollections(store: Store): OutboxCollections {
  const codec = jsonCodec(shape);
  return {
    outbox: store.collection("outbox", codec),
    failed: store.collection("outbox/failed", codec),
  };
}
