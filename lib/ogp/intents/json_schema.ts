/**
 * JSON Schema, as much of draft 2020-12 as intents need: what a payload must look like. What is not known
 * here is refused when a schema is read, so that no schema says more than is checked.
 *
 * A check takes time proportional to the schema's size times the payload's, except for `pattern`: a
 * pattern that backtracks is its author's risk.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { type Check, type CompileAt, type Keyword, place } from "./schema_check.ts";
import { COMBINING } from "./schema_combining.ts";
import { ON_ARRAYS, ON_OBJECTS } from "./schema_containers.ts";
import { ON_VALUES } from "./schema_values.ts";

/** A schema that can be checked. */
export interface PayloadSchema {
  /**
   * Looks for what is wrong with a payload.
   *
   * @param payload Plain JSON.
   * @returns One sentence about the first thing that is wrong, or `undefined` if nothing is.
   */
  problemIn(payload: unknown): string | undefined;
}

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries({ ...ON_VALUES, ...ON_OBJECTS, ...ON_ARRAYS, ...COMBINING }),
);

/** What says something to people and nothing about values. */
const ANNOTATIONS = new Set([
  "$schema",
  "$id",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** Deepest schema. */
const MAX_DEPTH = 50;

/**
 * Reads a schema.
 *
 * @param schema Plain JSON: an object, or `true` or `false`.
 * @returns What checks payloads.
 * @throws {MeshError} `malformed` with the place of the first keyword that is not known or not as it must be.
 *
 * @example
 * ```ts
 * import { payloadSchema } from "./json_schema.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const schema = payloadSchema({
 *   type: "object",
 *   properties: { env: { enum: ["staging", "production"] } },
 *   required: ["env"],
 * });
 * assertEquals(schema.problemIn({ env: "staging" }), undefined);
 * assertEquals(schema.problemIn({}), '"env" is missing');
 * assertEquals(schema.problemIn({ env: 1 }), '"env" is not one of the values that it can have');
 * ```
 */
export function payloadSchema(schema: unknown): PayloadSchema {
  const check = compile(schema, "the schema", 0);
  return {
    problemIn(payload) {
      const problem = check(payload, "");
      return problem && `${place(problem.at)} ${problem.what}`;
    },
  };
}

function compile(schema: unknown, at: string, depth: number): Check {
  if (schema === true) return () => undefined;
  if (schema === false) return (_, path) => ({ at: path, what: "must not be there" });
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw new MeshError("malformed", `${at} is neither an object nor true or false`);
  }
  if (depth > MAX_DEPTH) throw new MeshError("malformed", `${at} is nested too deeply`);
  const compileAt: CompileAt = (inner, where) => compile(inner, where, depth + 1);
  const checks: Check[] = [];
  for (const [name, argument] of Object.entries(schema)) {
    if (ANNOTATIONS.has(name)) continue;
    const keyword = KEYWORDS.get(name);
    const where = `${at}, "${name.slice(0, 40)}"`;
    if (!keyword) {
      throw new MeshError("malformed", `${where} is a keyword that is not known here`);
    }
    checks.push(
      keyword(argument, { schema: schema as Record<string, unknown>, at: where, compileAt }),
    );
  }
  return (value, path) => {
    for (const check of checks) {
      const problem = check(value, path);
      if (problem) return problem;
    }
    return undefined;
  };
}
