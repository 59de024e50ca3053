/**
 * Which keys a shape knows at a place, so that one that it does not know can be told what was meant.
 *
 * @module
 */
import { z } from "zod";

/** The parts of a JSON Schema that lead to keys. */
export interface Schema {
  /** What counts if nothing is said. */
  readonly default?: unknown;
  /** The one value that is possible. */
  readonly const?: unknown;
  /** The values that are possible. */
  readonly enum?: readonly unknown[];
  /** What may stand under which name. */
  readonly properties?: Readonly<Record<string, Schema>>;
  /** What may stand under any other. */
  readonly additionalProperties?: Schema | boolean;
  /** What may stand in a list. */
  readonly items?: Schema | boolean;
  /** Several that are possible. */
  readonly anyOf?: readonly Schema[];
  /** Several of which one has to be. */
  readonly oneOf?: readonly Schema[];
}

/**
 * What may be written, as a JSON Schema.
 *
 * @param shape A zod schema.
 * @returns The schema; `undefined` if the shape is anything else.
 */
export function schemaOf(shape: unknown): Schema | undefined {
  if (!(shape instanceof z.ZodType)) return undefined;
  return z.toJSONSchema(shape, { io: "input", unrepresentable: "any" }) as Schema;
}

/**
 * The keys that may stand at a place.
 *
 * @param shape A zod schema; anything else knows no keys.
 * @param path The keys that lead to the place.
 * @returns The names of keys; none where any may stand.
 *
 * @example
 * ```ts
 * import { knownKeys } from "./known_keys.ts";
 * import { z } from "zod";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = z.object({ limits: z.object({ bytes: z.int() }).optional() });
 * assertEquals(knownKeys(shape, ["limits"]), ["bytes"]);
 * ```
 */
export function knownKeys(shape: unknown, path: readonly PropertyKey[]): string[] {
  const schema = schemaOf(shape);
  let places = schema ? [schema] : [];
  for (const key of path) places = places.flatMap((place) => below(place, key));
  const keys = places.flatMap(choices).flatMap(({ properties = {} }) => Object.keys(properties));
  return [...new Set(keys)];
}

function choices(schema: Schema): Schema[] {
  return [schema, ...[...schema.anyOf ?? [], ...schema.oneOf ?? []].flatMap(choices)];
}

function below(schema: Schema, key: PropertyKey): Schema[] {
  return choices(schema).flatMap(({ properties = {}, additionalProperties, items }) => {
    const next = typeof key === "number"
      ? items
      : Object.hasOwn(properties, key)
      ? properties[String(key)]
      : additionalProperties;
    return typeof next === "object" ? [next] : [];
  });
}
