/**
 * What peers send about projects, checked. Source: the payloads of OGP 0.2 and 0.7; keys that they do not
 * have are left alone. The sentence about missing fields is that of 0.7.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../../error.ts";
import { type AuthorIdentity, authorIdentityOf } from "./contribution_record.ts";

/** What `project.join` asks. */
export interface JoinPayload {
  /** Which project. */
  readonly projectId: string;
  /** What the sender thinks that it is called. */
  readonly projectName: string;
  /** Whether the sender understands that it has to wait for the owner. */
  readonly acceptsPending: boolean;
}

/** What `project.contribute` says. */
export interface ContributePayload {
  /** Which project. */
  readonly projectId: string;
  /** What kind of contribution it is. */
  readonly entryType: string;
  /** What there is to say. */
  readonly summary: string;
  /** Anything else. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Who the author says to be. */
  readonly authorIdentity?: AuthorIdentity | undefined;
}

/** What `project.query` asks. */
export interface QueryPayload {
  /** Which project. */
  readonly projectId: string;
  /** Only of this type. */
  readonly entryType?: string | undefined;
  /** Only of this author, as the sender calls it. */
  readonly authorId?: string | undefined;
  /** Only where this occurs. */
  readonly search?: string | undefined;
  /** Only the newest so many: 1 to {@link MOST_ANSWERED}. */
  readonly limit: number;
}

/** A message's payload, as it was signed. */
export type Payload = Readonly<Record<string, unknown>>;

/** Most contributions in an answer. */
export const MOST_ANSWERED = 200;

/** How many are answered where nobody says it. */
const DEFAULT_LIMIT = 20;

const text = z.string().min(1);
const optionalText = z.string().max(10_000).nullish().transform((given) => given || undefined);
const typed = z.looseObject({ entryType: optionalText, topic: optionalText });

const queryShape = z.looseObject({
  entryType: optionalText,
  topic: optionalText,
  authorId: optionalText,
  search: optionalText,
  limit: z.int().min(1).nullish().transform((given) => given ?? DEFAULT_LIMIT),
});

const metadataShape = z.looseObject({ metadata: z.record(z.string(), z.unknown()).nullish() });

/**
 * Reads `project.join`.
 *
 * @param payload The payload.
 * @returns What it asks.
 * @throws {MeshError} `malformed`.
 */
export function joinPayloadOf(payload: Payload): JoinPayload {
  const [projectId = "", projectName = ""] = required(payload, ["projectId", "projectName"]);
  return { projectId, projectName, acceptsPending: payload.acceptsPending === true };
}

/**
 * Reads `project.contribute`.
 *
 * @param payload The payload.
 * @returns What it says.
 * @throws {MeshError} `malformed`.
 */
export function contributePayloadOf(payload: Payload): ContributePayload {
  const { entryType, topic } = checked(typed, payload);
  const fields = { ...payload, entryType: entryType ?? topic };
  const [projectId = "", type = "", summary = ""] = required(fields, [
    "projectId",
    "entryType",
    "summary",
  ]);
  const { metadata } = checked(metadataShape, payload);
  const authorIdentity = authorIdentityOf(payload.authorIdentity);
  return {
    ...{ projectId, entryType: type, summary },
    ...(metadata ? { metadata } : {}),
    ...(authorIdentity ? { authorIdentity } : {}),
  };
}

/**
 * Reads `project.query`.
 *
 * @param payload The payload.
 * @returns What it asks; a limit that is too large becomes the largest there is.
 * @throws {MeshError} `malformed`.
 */
export function queryPayloadOf(payload: Payload): QueryPayload {
  const projectId = projectIdOf(payload);
  const { entryType, topic, authorId, search, limit } = checked(queryShape, payload);
  const type = entryType ?? topic;
  return {
    projectId,
    limit: Math.min(limit, MOST_ANSWERED),
    ...(type === undefined ? {} : { entryType: type }),
    ...(authorId === undefined ? {} : { authorId }),
    ...(search === undefined ? {} : { search }),
  };
}

/**
 * Reads which project a payload is about.
 *
 * @param payload The payload.
 * @returns The id as received.
 * @throws {MeshError} `malformed`.
 */
export function projectIdOf(payload: Payload): string {
  const [projectId = ""] = required(payload, ["projectId"]);
  return projectId;
}

function required(payload: Payload, keys: readonly string[]): string[] {
  const values = keys.map((key) => text.safeParse(payload[key]));
  if (values.every(({ success }) => success)) return values.map(({ data }) => data ?? "");
  const missing = keys.some((key) => payload[key] === undefined || payload[key] === null);
  throw new MeshError(
    "malformed",
    missing
      ? `Missing required fields: ${keys.join(", ")}`
      : `These fields have to be texts: ${keys.join(", ")}`,
  );
}

function checked<T>(
  shape: { safeParse(value: unknown): z.ZodSafeParseResult<T> },
  payload: Payload,
): T {
  const parsed = shape.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") || "it";
  throw new MeshError("malformed", `Cannot read the payload: "${field}": ${issue?.message}`);
}
