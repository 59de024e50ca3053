/**
 * What a payload or a reply says, where it says it in words.
 *
 * @module
 */

/** Keys under which agents and gateways put what they have to say. */
const TEXT_KEYS = ["message", "text", "answer", "description", "response", "summary"];

/**
 * The words of a payload or a reply.
 *
 * @param said A JSON value.
 * @returns A text as it is, of an object the first text under a usual key; `undefined` if there is none.
 *
 * @example
 * ```ts
 * import { wordsOf } from "./said.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wordsOf({ topic: "t", message: "How?" }), "How?");
 * assertEquals(wordsOf({ answer: 42 }), undefined);
 * ```
 */
export function wordsOf(said: unknown): string | undefined {
  if (typeof said === "string") return said;
  if (typeof said !== "object" || said === null) return undefined;
  const found = TEXT_KEYS.filter((key) => Object.hasOwn(said, key))
    .map((key) => (said as Readonly<Record<string, unknown>>)[key]);
  return found.find((value) => typeof value === "string");
}
