/**
 * The secrets that the owner configured, so that they are kept out of logs whatever they look like.
 *
 * @module
 */
import { isSecretName } from "./redact.ts";

/** Levels of objects and lists that are looked into. */
const DEEPEST = 10;

/**
 * Reads configuration files for what has a secret's name.
 *
 * @param paths JSON files; those that are not there or cannot be read hold no secrets that are known.
 * @returns The values.
 */
export async function configuredSecrets(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(async (path) => {
    try {
      return secretsIn(JSON.parse((await Deno.readTextFile(path)).replace(/^\uFEFF/, "")));
    } catch {
      return [];
    }
  }));
  return found.flat();
}

/**
 * The secrets in a configuration.
 *
 * @param value The configuration.
 * @returns All texts below a secret's name.
 *
 * @example
 * ```ts
 * import { secretsIn } from "./known_secrets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(secretsIn({ channels: { telegram: { botToken: "123:abc", name: "bot" } } }), ["123:abc"]);
 * ```
 */
export function secretsIn(value: unknown): string[] {
  return collect(value, false, 0);
}

function collect(value: unknown, isSecret: boolean, depth: number): string[] {
  if (typeof value === "string") return isSecret ? [value] : [];
  if (typeof value !== "object" || value === null || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    collect(one, isSecret || isSecretName(name), depth + 1)
  );
}
