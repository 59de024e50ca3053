/**
 * Keys of keys, as people write them: `loopLimits.peerBytes`.
 *
 * @module
 */

/** Words that are no keys but ways into an object's own works. */
const NO_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Splits a path. Names with dots in them, such as those of targets, are found where they are.
 *
 * @param path The path, such as `targets.my.agent.url`.
 * @param within The object that it leads through.
 * @returns Its keys; `undefined` if it has empty parts.
 *
 * @example
 * ```ts
 * import { keysOf } from "./key_path.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(keysOf("targets.my.agent.url", { targets: { "my.agent": {} } }), [
 *   "targets",
 *   "my.agent",
 *   "url",
 * ]);
 * ```
 */
export function keysOf(path: string, within: unknown): string[] | undefined {
  const parts = path.split(".");
  if (parts.some((part) => part === "" || NO_KEYS.has(part))) return undefined;
  const keys: string[] = [];
  let place = within;
  while (parts.length > 0) {
    const key = longestKey(parts, place) ?? parts[0] ?? "";
    keys.push(key);
    parts.splice(0, key.split(".").length);
    place = isObject(place) ? place[key] : undefined;
  }
  return keys;
}

function longestKey(parts: readonly string[], place: unknown): string | undefined {
  if (!isObject(place)) return undefined;
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join(".");
    if (Object.hasOwn(place, key)) return key;
  }
  return undefined;
}

/**
 * Looks a value up.
 *
 * @param within The object.
 * @param keys The keys that lead to it.
 * @returns The value; `undefined` if there is none.
 */
export function valueAt(within: unknown, keys: readonly string[]): unknown {
  let place = within;
  for (const key of keys) {
    if (!isObject(place) || !Object.hasOwn(place, key)) return undefined;
    place = place[key];
  }
  return place;
}

/**
 * Sets a value, and makes the objects on the way to it.
 *
 * @param within The object; changed in place.
 * @param keys The keys that lead to it; at least one.
 * @param value The value; `undefined` removes the key.
 * @returns Whether it could be: something on the way may be no object.
 */
export function setAt(
  within: Record<string, unknown>,
  keys: readonly string[],
  value: unknown,
): boolean {
  let place = within;
  for (const key of keys.slice(0, -1)) {
    if (!Object.hasOwn(place, key)) {
      if (value === undefined) return true;
      place[key] = {};
    }
    const next = place[key];
    if (!isObject(next)) return false;
    place = next;
  }
  const last = keys.at(-1) ?? "";
  if (value === undefined) delete place[last];
  else place[last] = value;
  return true;
}

/**
 * All values in an object, by path. Objects are gone through, lists are values.
 *
 * @param within The object.
 * @param before The keys that lead to it.
 * @returns The keys to each value, with the value; an empty object is a value.
 */
export function leaves(
  within: unknown,
  before: readonly string[] = [],
): { keys: readonly string[]; value: unknown }[] {
  if (!isObject(within) || Object.keys(within).length === 0) {
    return [{ keys: before, value: within }];
  }
  return Object.entries(within).flatMap(([key, value]) =>
    value === undefined ? [] : leaves(value, [...before, key])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
