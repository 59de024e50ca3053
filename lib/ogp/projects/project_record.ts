/**
 * Projects as they are stored: what they are called, and which gateways the owner lets into them. What was
 * contributed is not part of the record, so that contributing changes no record that anybody else changes.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../../error.ts";
import { encodeName } from "../../store/names.ts";

/** A gateway that may contribute to a project, and ask about it. */
export interface ProjectMember {
  /** Its key as DER: what the member is. */
  readonly publicKey: string;
  /** Since when, ISO 8601. */
  readonly since: string;
}

/** A gateway that asked to be let in, and waits for the owner. */
export interface JoinRequest {
  /** Its key as DER. */
  readonly publicKey: string;
  /** When it first asked, ISO 8601. */
  readonly askedAt: string;
}

/**
 * How gateways become members: those that the owner invites, or any approved peer that asks. The gateway
 * that holds the record is always a member itself.
 */
export type Joining = "invited" | "open";

/** A project. */
export interface Project {
  /** What it is called on the wire, and in commands. */
  readonly id: string;
  /** Its name for people. */
  readonly name: string;
  /** What it is about. */
  readonly description?: string | undefined;
  /** When it was created here, ISO 8601. */
  readonly createdAt: string;
  /** When the record last changed, ISO 8601; contributions do not change it. */
  readonly updatedAt: string;
  /** The folder of its contributions: a project that is deleted and created again begins empty. */
  readonly folder: string;
  /** How gateways become members. */
  readonly joining: Joining;
  /** The other gateways that are members. */
  readonly members: readonly ProjectMember[];
  /** Who waits for the owner. */
  readonly asking: readonly JoinRequest[];
}

/** What is said in a project may not be larger than this. */
export const PROJECT_LIMITS = {
  /** Characters of a name. */
  name: 200,
  /** Characters of a description. */
  description: 2000,
  /** Characters of an entry type. */
  entryType: 100,
  /** Characters of a summary. */
  summary: 10_000,
  /** Bytes of metadata as JSON. */
  metadata: 32 * 1024,
  /** Objects and lists in each other in metadata. */
  metadataDepth: 20,
  /** Members of a project. */
  members: 1000,
  /** Gateways that may wait to be let in. */
  asking: 200,
} as const;

const time = z.string().max(40);
const publicKey = z.string().regex(/^[0-9a-f]{88}$/);

/** The shape of {@link Project} records. */
export const projectShape: { parse(value: unknown): Project } = z.looseObject({
  id: z.string(),
  name: z.string().max(PROJECT_LIMITS.name),
  description: z.string().max(PROJECT_LIMITS.description).optional(),
  createdAt: time,
  updatedAt: time,
  folder: z.string().regex(/^contributions-[0-9a-f]{16}$/),
  joining: z.enum(["invited", "open"]),
  members: z.array(z.looseObject({ publicKey, since: time })),
  asking: z.array(z.looseObject({ publicKey, askedAt: time })).default([]),
}) as unknown as { parse(value: unknown): Project };

/**
 * Whether a text can be the id of a project: it is the name of a record, of a folder and of a topic.
 *
 * @param text Any text.
 * @returns Whether it has 1 to 100 letters, digits, `-`, `_` and inner dots, and begins with none of the
 * signs but `_`.
 *
 * @example
 * ```ts
 * import { isProjectId } from "./project_record.ts";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isProjectId("my-app"));
 * assertFalse(isProjectId("../my-app"));
 * ```
 */
export function isProjectId(text: string): boolean {
  if (!/^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]{0,98}[\p{L}\p{M}\p{N}_-])?$/u.test(text)) {
    return false;
  }
  // The record of "x" would have the name of the folder of "x.json".
  if (/\.json$/i.test(text)) return false;
  try {
    return encodeName(text) !== "";
  } catch {
    return false;
  }
}

/**
 * Makes sure that a text can be a project's id.
 *
 * @param text Any text.
 * @throws {MeshError} `usage` if it cannot.
 */
export function assertProjectId(text: string): void {
  if (isProjectId(text)) return;
  throw new MeshError("usage", `Cannot call a project ${JSON.stringify(text.slice(0, 100))}`, {
    hint: "an id has 1 to 100 letters, digits, hyphens and underscores, such as my-app",
  });
}

/**
 * The gateways that may contribute and ask.
 *
 * @param project The project.
 * @param publicKey A key as DER.
 * @returns Whether it is a member's.
 */
export function isMember({ members }: Pick<Project, "members">, publicKey: string): boolean {
  return members.some((member) => member.publicKey === publicKey);
}
