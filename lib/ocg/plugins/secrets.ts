/**
 * Tells which of an account's settings must not show up in what its plugin prints.
 *
 * @module
 */

/** Keys of settings whose values nobody should read. */
const SECRET = /token|secret|password|passphrase|key$|credential/i;

/** A shorter value stands in too many places to be taken out of them. */
const SHORTEST = 6;

/**
 * The secrets among an account's settings.
 *
 * @param settings The settings, of any depth.
 * @returns The values that must not be shown, the longest first.
 *
 * @example
 * ```ts
 * import { secretsOf } from "./secrets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { appId: "102030", accounts: { a: { clientSecret: "s3cr3t!" } } };
 * assertEquals(secretsOf(settings), ["s3cr3t!"]);
 * ```
 */
export function secretsOf(settings: unknown): string[] {
  const found = new Set<string>();
  collect(settings, false, found, 0);
  return [...found].sort((a, b) => b.length - a.length);
}

function collect(value: unknown, secret: boolean, found: Set<string>, depth: number): void {
  if (typeof value === "string") {
    if (secret && value.length >= SHORTEST) found.add(value);
  } else if (typeof value === "object" && value !== null && depth < 8) {
    for (const [key, inner] of Object.entries(value)) {
      collect(inner, secret || SECRET.test(key), found, depth + 1);
    }
  }
}
