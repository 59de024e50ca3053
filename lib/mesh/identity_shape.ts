/**
 * What an identity record must look like.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import { agentCardShape } from "./card.ts";
import type { IdentityRecord } from "./identity_record.ts";
import { PROTOCOL } from "./protocol.ts";

const identityShape = agentCardShape.extend({
  protocol: z.literal(PROTOCOL),
  created_at: z.string().optional(),
}).loose();

/**
 * The first thing that is wrong with an identity record.
 *
 * @param record The record.
 * @returns The field and what is wrong with it, or `undefined` if it is sound.
 */
export function identityIssue(record: unknown): { field: string; problem: string } | undefined {
  const result = identityShape.safeParse(record);
  if (result.success) return undefined;
  const [issue] = result.error.issues;
  return { field: issue?.path.join(".") ?? "", problem: issue?.message ?? "unknown" };
}

/**
 * Passes a sound record on.
 *
 * @param record What `identity.json` holds.
 * @returns The record.
 * @throws {MeshError} `damaged` with the first field that is not as it must be.
 */
export function checkedIdentity(record: unknown): IdentityRecord {
  const issue = identityIssue(record);
  if (!issue) return identityShape.parse(record) as IdentityRecord;
  throw new MeshError("damaged", `Cannot use identity.json: "${issue.field}": ${issue.problem}`, {
    hint: "mesh doctor",
  });
}
