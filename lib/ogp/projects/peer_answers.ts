/**
 * What peers answer about their projects, as far as it can be believed: in the right form, and within
 * bounds. Who an author is is what the peer says.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../../error.ts";

/** A contribution as a peer tells it. */
export interface ToldContribution {
  /** Its id there. */
  readonly id: string;
  /** When it was made: ISO 8601 if the peer said so. */
  readonly timestamp: string;
  /** Who made it, in the peer's words. */
  readonly authorId: string;
  /** What kind it is. */
  readonly entryType: string;
  /** What it says. */
  readonly summary: string;
  /** Anything else. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** What a peer answers to a query. */
export interface ToldContributions {
  /** What the peer calls the project. */
  readonly projectName: string;
  /** The contributions in the peer's order. */
  readonly contributions: readonly ToldContribution[];
}

/** An entry type as a peer tells it. */
export interface ToldTopic {
  /** The type. */
  readonly name: string;
  /** What it is about. */
  readonly description?: string | undefined;
  /** How many contributions there are. */
  readonly contributionCount: number;
  /** Their authors, in the peer's words. */
  readonly contributors: readonly string[];
  /** The newest one. */
  readonly lastContribution?: Pick<ToldContribution, "timestamp" | "authorId" | "summary">;
}

/** What a peer answers about a project's status. */
export interface ToldStatus {
  /** The project there. */
  readonly project: {
    readonly id: string;
    readonly name: string;
    readonly description?: string | undefined;
    readonly members: readonly string[];
    readonly createdAt?: string | undefined;
    readonly updatedAt?: string | undefined;
  };
  /** Its entry types. */
  readonly topics: readonly ToldTopic[];
}

/** Most of anything in an answer. */
const MOST = 1000;

const cut = (length: number) =>
  z.string().transform((text) => text.slice(0, length).toWellFormed());
const label = cut(300);
const optional = cut(2000).nullish().transform((text) => text ?? undefined).catch(undefined);
const moment = label.transform((text) => {
  const time = /^\d{4}-/.test(text) ? new Date(text) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : text;
});
const summary = cut(20_000);

const contributionShape = z.looseObject({
  id: label.catch(""),
  timestamp: moment.catch(""),
  authorId: label.catch("unknown"),
  entryType: label.optional().catch(undefined),
  topic: label.optional().catch(undefined),
  summary,
  metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

const queryShape = z.looseObject({ projectName: label.catch(""), contributions: listOf() });

const topicShape = z.looseObject({
  name: label,
  description: optional,
  contributionCount: z.int().min(0),
  contributors: z.array(label).transform((all) => all.slice(0, MOST)).catch([]),
  lastContribution: z.looseObject({ timestamp: moment, authorId: label, summary })
    .optional().catch(undefined),
});

const statusShape = z.looseObject({
  project: z.looseObject({
    id: label,
    name: label,
    description: optional,
    members: z.array(label).transform((all) => all.slice(0, MOST)).catch([]),
    createdAt: moment.optional().catch(undefined),
    updatedAt: moment.optional().catch(undefined),
  }),
  topics: listOf(),
});

const joinShape = z.looseObject({
  joined: z.boolean(),
  projectName: optional,
  projectDescription: optional,
  message: optional,
});

/** What a peer answers to who asks to be let in. */
export interface ToldJoin {
  /** Whether we are members now. */
  readonly joined: boolean;
  /** What the peer calls the project. */
  readonly projectName?: string | undefined;
  /** What it is about. */
  readonly projectDescription?: string | undefined;
  /** What else the peer said. */
  readonly message?: string | undefined;
}

/**
 * Reads the answer to `project.query`.
 *
 * @param answer The answer.
 * @returns The contributions; what is none is left out.
 * @throws {MeshError} `malformed` if it is no such answer.
 */
export function toldContributions(answer: unknown): ToldContributions {
  const { projectName, contributions } = read(queryShape, answer);
  return { projectName, contributions: all(contributionShape, contributions).map(contributionOf) };
}

/**
 * Reads the answer to `project.status`.
 *
 * @param answer The answer.
 * @returns The status; topics that are none are left out.
 * @throws {MeshError} `malformed` if it is no such answer.
 */
export function toldStatus(answer: unknown): ToldStatus {
  const { project, topics } = read(statusShape, answer);
  return { project, topics: all(topicShape, topics) as ToldTopic[] };
}

/**
 * Reads the answer to `project.join`.
 *
 * @param answer The answer.
 * @returns Whether we were let in.
 * @throws {MeshError} `malformed` if it is no such answer.
 */
export function toldJoin(answer: unknown): ToldJoin {
  return read(joinShape, answer);
}

function contributionOf(told: z.infer<typeof contributionShape>): ToldContribution {
  const { id, timestamp, authorId, entryType, topic, summary, metadata } = told;
  return {
    ...{ id, timestamp, authorId, entryType: entryType ?? topic ?? "unknown", summary },
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function listOf() {
  return z.array(z.unknown()).transform((list) => list.slice(0, MOST));
}

function all<T>(
  shape: { safeParse(value: unknown): z.ZodSafeParseResult<T> },
  list: readonly unknown[],
): T[] {
  return list.map((one) => shape.safeParse(one)).filter(({ success }) => success)
    .map(({ data }) => data as T);
}

function read<T>(
  shape: { safeParse(value: unknown): z.ZodSafeParseResult<T> },
  answer: unknown,
): T {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new MeshError("malformed", "The peer's answer is not what it should be", {
    hint: "does its gateway know projects? mesh ogp federation ping URL shows what it takes",
  });
}
