/**
 * Policies as they are stored: one record for all peers, and one for each peer that has its own.
 *
 * @module
 */
import { z } from "zod";
import { MeshError, messageOf } from "../../error.ts";
import { jsonCodec } from "../../store/json_codec.ts";
import type { Codec } from "../../store/store.ts";
import { isScopeName } from "../scope_types.ts";
import { type Level, LEVELS } from "./level.ts";

/** What holds for a topic and what is below it. */
export interface TopicPolicy {
  /** How openly it is answered. */
  readonly level: Level;
  /** Why, in the owner's words; the agent is told. */
  readonly notes?: string | undefined;
  /** Since when, ISO 8601. */
  readonly at?: string | undefined;
  /** `project`: it was registered together with a project, not set by the owner. */
  readonly by?: "project" | undefined;
}

/** What is written to the log of activity: nothing, what happened, or that with how the text begins. */
export type ActivityLogging = "off" | "on" | "preview";

/** The policies of one peer, or those for all. */
export interface PolicyRecord {
  /** The level of topics that no policy names. */
  readonly defaultLevel?: Level | undefined;
  /** What is logged; only in the record for all. Nothing said: `on`. */
  readonly activityLog?: ActivityLogging | undefined;
  /** The policies by topic. */
  readonly topics: ReadonlyMap<string, TopicPolicy>;
}

/** The bounds of a record. */
export const POLICY_LIMITS = { topics: 1000, topicLength: 200, notesLength: 500 } as const;

const level = z.enum(LEVELS as [Level, ...Level[]]);

const topicShape = z.looseObject({
  level,
  notes: z.string().optional(),
  at: z.string().optional(),
  by: z.literal("project").optional(),
});

const topicsShape = z.preprocess(
  (value) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? new Map(Object.entries(value))
      : value,
  z.map(z.string(), topicShape),
);

// What a newer version or an editor has added stays in the record.
const recordShape = z.looseObject({
  defaultLevel: level.optional(),
  activityLog: z.enum(["off", "on", "preview"]).optional(),
  topics: topicsShape.default(() => new Map()),
});

const json = jsonCodec<PolicyRecord>(
  recordShape as unknown as { parse(value: unknown): PolicyRecord },
);

/**
 * Reads and prints records. A file that an editor left damaged is not set aside as other records are: it
 * says what the owner does not want, and must not be taken for nothing.
 */
export const policyCodec: Codec<PolicyRecord> = {
  parse(text) {
    try {
      return json.parse(text);
    } catch (error) {
      if (error instanceof MeshError) throw error;
      throw new MeshError("damaged", `It is no JSON: ${messageOf(error)}`, { cause: error });
    }
  },
  print: (record) =>
    json.print({ ...record, topics: Object.fromEntries(record.topics) } as unknown as PolicyRecord),
};

/**
 * Checks what an owner calls a topic.
 *
 * @param topic The text.
 * @returns The same text.
 * @throws {MeshError} `usage` if no policy can be about it.
 */
export function checkTopic(topic: string): string {
  const shown = JSON.stringify(topic.slice(0, 60));
  if (!isScopeName(topic) || topic.trim() !== topic) {
    throw new MeshError("usage", `Cannot use ${shown} as a topic`, {
      hint: `1 to ${POLICY_LIMITS.topicLength} characters without control characters`,
    });
  }
  if (topic.startsWith("/") || topic.endsWith("/")) {
    throw new MeshError("usage", `Topic ${shown} begins or ends with a slash`, {
      hint: 'a topic covers what is below it: "ops" covers "ops/disk"',
    });
  }
  return topic;
}

/**
 * Checks an owner's note.
 *
 * @param notes The text.
 * @returns The same text.
 * @throws {MeshError} `usage` if it is too long or has control characters in it.
 */
export function checkNotes(notes: string): string {
  if (notes.length <= POLICY_LIMITS.notesLength && !/\p{Cc}/u.test(notes) && notes.isWellFormed()) {
    return notes;
  }
  throw new MeshError("usage", "Cannot use that as notes", {
    hint: `at most ${POLICY_LIMITS.notesLength} characters on one line`,
  });
}
