/**
 * Messages that wait for the owner: `ogp/approvals/<name of the message's record>.json`.
 *
 * @module
 */
import { z } from "zod";
import { jsonCodec } from "../../store/json_codec.ts";
import type { Collection } from "../../store/store.ts";
import type { OgpState } from "../state.ts";

/** A message about which the owner decides, or has decided. */
export interface Approval {
  /** The message's nonce. */
  readonly nonce: string;
  /** Its sender's key as DER. */
  readonly publicKey: string;
  /** `expired`: nobody decided in time. */
  readonly status: "pending" | "allowed" | "denied" | "expired";
  /** When the message came, ISO 8601. */
  readonly askedAt: string;
  /** Until when the owner can decide, ISO 8601. */
  readonly expiresAt: string;
  /** When it was decided, ISO 8601. */
  readonly decidedAt?: string | undefined;
}

/** Milliseconds that the owner has to decide: 7 days. */
export const DECIDE_WITHIN = 7 * 24 * 3_600_000;

/** Milliseconds that a decision is kept: 30 days. */
export const DECISION_KEPT = 30 * 24 * 3_600_000;

/** Most messages of one peer that wait. */
export const MOST_WAITING = 50;

const time = z.string().max(40);

const shape = z.looseObject({
  nonce: z.string().max(100),
  publicKey: z.string().regex(/^[0-9a-f]{88}$/),
  status: z.enum(["pending", "allowed", "denied", "expired"]),
  askedAt: time,
  expiresAt: time,
  decidedAt: time.optional(),
}) as unknown as { parse(value: unknown): Approval };

/**
 * The records of a root.
 *
 * @param state The state.
 * @returns The collection, by the names of the messages' records.
 */
export function approvals(state: Pick<OgpState, "store">): Collection<Approval> {
  return state.store.collection("ogp/approvals", jsonCodec(shape));
}
