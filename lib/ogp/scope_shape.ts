/**
 * Reading scope grants that come from a peer or from a file.
 *
 * @module
 */

import { z } from "zod";
import { MeshError } from "../error.ts";
import { isScopeName, SCOPE_LIMITS, type ScopeGrants } from "./scope_types.ts";

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

const name = z.string().refine(
  isScopeName,
  `must have 1 to ${SCOPE_LIMITS.nameLength} characters, none of them a control character`,
);
const names = z.array(name).max(SCOPE_LIMITS.topics);
const time = z.string().refine(isTime, "must be a time in ISO 8601, with its zone");

const scopeShape = z.object({
  intent: name,
  enabled: z.boolean(),
  rateLimit: z.object({
    requests: z.int().min(1).max(SCOPE_LIMITS.requests),
    windowSeconds: z.int().min(1).max(SCOPE_LIMITS.windowSeconds),
  }).optional(),
  topics: names.optional(),
  personas: names.optional(),
  expiresAt: time.optional(),
});

/** The shape of {@link ScopeGrants}, for records that contain them. Unknown keys are left out. */
export const scopeGrantsShape = z.object({
  version: z.string().max(20),
  grantedAt: time,
  scopes: z.array(scopeShape).max(SCOPE_LIMITS.scopes),
});

/**
 * Reads scope grants. Keys that they do not have are left out.
 *
 * @param value What was received, parsed.
 * @returns The grants.
 * @throws {MeshError} `malformed` with the first field that is not as it must be: then nothing is granted.
 *
 * @example
 * ```ts
 * import { parseGrants } from "./scope_shape.ts";
 * import { MeshError } from "../error.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const scope = { intent: "message", enabled: true };
 * const grants = { version: "0.2.0", grantedAt: "2026-11-21T08:00:00.000Z", scopes: [scope] };
 * assertEquals(parseGrants({ ...grants, extra: 1 }), grants);
 * assertThrows(() => parseGrants({ ...grants, scopes: [{ intent: "" }] }), MeshError, "scopes.0");
 * ```
 */
export function parseGrants(value: unknown): ScopeGrants {
  const result = scopeGrantsShape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") || "scopeGrants";
  throw new MeshError("malformed", `Cannot read the scope grants: "${field}": ${issue?.message}`);
}

/** A date alone is its first moment, UTC. */
function isTime(text: string): boolean {
  return ISO_TIME.test(text) && !Number.isNaN(Date.parse(text));
}
