/**
 * Intents that the owner registered, as they are stored: `ogp/intents/<name>.json`.
 *
 * @module
 */
import { z } from "zod";
import { jsonCodec } from "../../store/json_codec.ts";
import type { Collection } from "../../store/store.ts";
import type { OgpState } from "../state.ts";

/** An intent that the owner registered. */
export interface RegisteredIntent {
  /** Its name, as peers send it. */
  readonly name: string;
  /** What it is for. */
  readonly description?: string | undefined;
  /** OpenClaw's session that its messages go to. */
  readonly sessionKey?: string | undefined;
  /** The program that gets its messages, with its arguments; else they go where all others go. */
  readonly handler?: readonly string[] | undefined;
  /** The JSON Schema that payloads must meet. */
  readonly schema?: unknown;
  /** Milliseconds that the handler may run; 30,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Since when, ISO 8601. */
  readonly registeredAt: string;
}

/** The bounds of a registration. */
export const INTENT_LIMITS = {
  /** Characters of a name. */
  nameLength: 100,
  /** Characters of a description or a session's key. */
  textLength: 2000,
  /** Bytes of a schema as JSON. */
  schemaBytes: 64 * 1024,
  /** Milliseconds that a handler may run at most. */
  timeoutMs: 3_600_000,
} as const;

/** Milliseconds that a handler may run unless it was registered with a time. */
export const HANDLER_TIMEOUT = 30_000;

const text = z.string().max(INTENT_LIMITS.textLength);

const shape = z.looseObject({
  name: z.string().min(1).max(INTENT_LIMITS.nameLength),
  description: text.optional(),
  sessionKey: text.min(1).optional(),
  handler: z.array(z.string()).min(1).optional(),
  schema: z.unknown().optional(),
  timeoutMs: z.int().min(100).max(INTENT_LIMITS.timeoutMs).optional(),
  registeredAt: z.string().max(40),
}) as unknown as { parse(value: unknown): RegisteredIntent };

/**
 * The records of a root.
 *
 * @param state The state.
 * @returns The collection, by name.
 */
export function intentRecords(state: Pick<OgpState, "store">): Collection<RegisteredIntent> {
  return state.store.collection("ogp/intents", jsonCodec(shape));
}
