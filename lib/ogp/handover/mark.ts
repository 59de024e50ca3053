/**
 * How far a received message got towards the owner's agent: `handover` on the message's own record, there
 * from the moment at which it is stored, so that no crash can leave a message behind that nobody hands on.
 *
 * @module
 */
import { z } from "zod";
import { JsonObject } from "../../signing/json.ts";
import { fromPlain, toPlain } from "../../signing/json_plain.ts";
import type { OgpState } from "../state.ts";

/**
 * How far: an entry in the outbox, or one that is to be written; the owner is asked; the agent has it; its
 * answer is on disk; it was declined, without the agent; it was given up; there was nobody to hand it to.
 */
export type HandoverState =
  | "queued"
  | "asking"
  | "handed"
  | "replied"
  | "declined"
  | "failed"
  | "stored";

/** What is known about how far a message got. */
export interface HandoverMark {
  /** How far. */
  readonly state: HandoverState;
  /** Since when, ISO 8601. */
  readonly at: string;
  /** The policy level when it came: what the frame says stays the same at every attempt. */
  readonly level?: string | undefined;
  /** Names the work at the agent, whose answer is still to come. */
  readonly ticket?: string | undefined;
  /** The owner wants it tried again although the sender was told that it failed. */
  readonly again?: boolean | undefined;
  /** Why it failed, for the owner. */
  readonly reason?: string | undefined;
}

const shape = z.looseObject({
  state: z.enum(["queued", "asking", "handed", "replied", "declined", "failed", "stored"]),
  at: z.string().max(40),
  level: z.string().max(40).optional(),
  ticket: z.string().optional(),
  again: z.boolean().optional(),
  reason: z.string().optional(),
});

/**
 * The mark on a record.
 *
 * @param record The message's record.
 * @returns The mark, or `undefined` if the message is only stored.
 */
export function handoverMarkOf(record: JsonObject): HandoverMark | undefined {
  const mark = record.get("handover");
  if (!(mark instanceof JsonObject)) return undefined;
  const parsed = shape.safeParse(toPlain(mark));
  return parsed.success ? parsed.data : undefined;
}

/**
 * A record with a mark.
 *
 * @param record The record.
 * @param mark The mark.
 * @returns A changed copy.
 */
export function withMark(record: JsonObject, mark: HandoverMark): JsonObject {
  return new JsonObject(record).set("handover", fromPlain(mark));
}

/**
 * Changes the mark on a message's record, durably: one read and one replacement of a file of some KB, with
 * an fsync of the file and one of the folder, under the record's lock.
 *
 * @param state The state.
 * @param name The record's name.
 * @param change What changes, given the mark as it is; `undefined` leaves it. The level stays.
 */
export async function changeMark(
  state: Pick<OgpState, "messagesIn">,
  name: string,
  change: (mark: HandoverMark) => Omit<HandoverMark, "level"> | undefined,
): Promise<void> {
  await state.messagesIn.update(name, (record) => {
    const before = record && handoverMarkOf(record);
    const after = before && change(before);
    if (!record || !after) return undefined;
    const { level } = before;
    return withMark(record, { ...after, ...(level === undefined ? {} : { level }) });
  });
}
