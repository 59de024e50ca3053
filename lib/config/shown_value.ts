/**
 * How a value of a configuration is shown: as it is, unless it is a secret.
 *
 * @module
 */

/** What is shown instead of a secret. */
export const SECRET = "set";

/** Words in the names of keys whose texts are nobody's business. */
const SECRET_KEY = /secret|token|apikey|password|passwd|credential|authorization|private/i;

/**
 * Whether a place holds secrets.
 *
 * @param keys The keys that lead to it.
 * @returns Whether one of them is the name of a secret, or of a program's environment.
 */
export function isSecretPlace(keys: readonly string[]): boolean {
  return keys.some((key) => SECRET_KEY.test(key.replace(/[_-]/g, ""))) ||
    keys.slice(0, -1).includes("env");
}

/**
 * A value that may be shown to whoever looks at the screen.
 *
 * @param keys The keys that lead to it.
 * @param value The value.
 * @returns The value; with `set` for each secret text in it, and URLs without what may be a secret.
 *
 * @example
 * ```ts
 * import { shownValue } from "./shown_value.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shownValue(["botToken"], "12:abc"), "set");
 * assertEquals(shownValue(["url"], "https://me:pw@a.example/?key=1"), "https://…@a.example/?key=…");
 * assertEquals(shownValue(["targets"], { a: { apiKey: "x", stream: true } }), {
 *   a: { apiKey: "set", stream: true },
 * });
 * ```
 */
export function shownValue(keys: readonly string[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => shownValue(keys, item));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, shownValue([...keys, key], item)]),
    );
  }
  if (typeof value !== "string" || value === "") return value;
  if (isSecretPlace(keys)) return SECRET;
  return value.replace(/^([a-z][\w+.-]*:\/\/)[^/?#@]*@/i, "$1…@")
    .replace(
      /^(https?:[^?#]*\?)([^#]*)/i,
      (_, start, query) => start + query.replace(/=[^&]*/g, "=…"),
    );
}
