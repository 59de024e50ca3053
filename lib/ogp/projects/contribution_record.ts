/**
 * Contributions as they are stored: one record each, never changed.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../../error.ts";
import { type Json, JsonObject } from "../../signing/json.ts";
import { fromPlain, toPlain } from "../../signing/json_plain.ts";
import { printJson } from "../../signing/json_print.ts";
import { PROJECT_LIMITS } from "./project_record.ts";

/** Who an author was when the contribution was made, as it said itself. */
export interface AuthorIdentity {
  /** What its gateway calls itself. */
  readonly displayName?: string | undefined;
  /** Its owner's name. */
  readonly humanName?: string | undefined;
  /** Its agent's name. */
  readonly agentName?: string | undefined;
  /** Its owner's organization. */
  readonly organization?: string | undefined;
}

/** What is said. */
export interface NewContribution {
  /** What kind of thing it is: `progress`, `decision`, `blocker`, `context`, or any other word. */
  readonly entryType: string;
  /** What there is to say. */
  readonly summary: string;
  /** Anything else, for programs. */
  readonly metadata?: Readonly<Record<string, unknown>> | JsonObject | undefined;
  /** Who the author says to be. */
  readonly authorIdentity?: AuthorIdentity | undefined;
}

/** One contribution to a project. */
export interface Contribution extends NewContribution {
  /** Its id. */
  readonly id: string;
  /** Who made it: a key as DER, or the name that another program had for the author. */
  readonly author: string;
  /** When it was stored, ISO 8601. */
  readonly timestamp: string;
}

const label = z.string().transform(printable).transform((text) => text || undefined)
  .nullish().transform((text) => text ?? undefined).catch(undefined);

const identityShape = z.object({
  displayName: label,
  humanName: label,
  agentName: label,
  organization: label,
});

const recordShape = z.looseObject({
  id: z.string(),
  author: z.string(),
  timestamp: z.string(),
  entryType: z.string(),
  summary: z.string(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  authorIdentity: identityShape.optional(),
});

/**
 * Makes sure that something can be contributed.
 *
 * @param contribution What is to be said.
 * @throws {MeshError} `malformed` with what is wrong, `too_large` for what is too long.
 */
export function assertContribution({ entryType, summary, metadata }: NewContribution): void {
  if (entryType.trim() === "" || /\p{Cc}/u.test(entryType) || !entryType.isWellFormed()) {
    throw new MeshError("malformed", "An entry type is a word such as progress or decision");
  }
  if (summary.trim() === "" || !summary.isWellFormed()) {
    throw new MeshError("malformed", "The summary is empty, or no text");
  }
  assertLength("entry type", entryType.length, PROJECT_LIMITS.entryType);
  assertLength("summary", summary.length, PROJECT_LIMITS.summary);
  if (metadata === undefined) return;
  const size = new TextEncoder().encode(printJson(fromPlain(metadata))).length;
  assertLength("metadata", size, PROJECT_LIMITS.metadata, "bytes");
  assertLength("metadata", depthOf(fromPlain(metadata)), PROJECT_LIMITS.metadataDepth, "levels");
}

/**
 * The record of a contribution.
 *
 * @param contribution The contribution.
 * @returns The record.
 */
export function recordOfContribution(contribution: Contribution): JsonObject {
  const { id, author, timestamp, entryType, summary, metadata, authorIdentity } = contribution;
  const record = { id, author, timestamp, entryType, summary, metadata, authorIdentity };
  return fromPlain(record) as JsonObject;
}

/**
 * A record as a contribution.
 *
 * @param record The record.
 * @returns The contribution, or `undefined` if it is none.
 */
export function contributionOf(record: JsonObject): Contribution | undefined {
  const parsed = recordShape.safeParse(toPlain(record));
  return parsed.success ? parsed.data : undefined;
}

/**
 * What a peer says about the author.
 *
 * @param value The `authorIdentity` of a payload.
 * @returns The names in it that are texts, cut and printable; `undefined` if there is none.
 */
export function authorIdentityOf(value: unknown): AuthorIdentity | undefined {
  const parsed = identityShape.safeParse(value);
  if (!parsed.success) return undefined;
  const given = Object.entries(parsed.data).filter(([, text]) => text !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}

function assertLength(what: string, length: number, most: number, unit = "characters"): void {
  if (length <= most) return;
  throw new MeshError("too_large", `The ${what} is too long: ${length} ${unit}, ${most} at most`);
}

function depthOf(value: Json): number {
  const inner = Array.isArray(value)
    ? value
    : value instanceof JsonObject
    ? [...value.values()]
    : undefined;
  return inner === undefined ? 0 : 1 + Math.max(0, ...inner.map(depthOf));
}

/** Names are shown to people: nothing in them may move a cursor or hide. */
function printable(text: string): string {
  return text.slice(0, 200).toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ").trim();
}
