/**
 * What `deno.lock` (version 5) says about packages of npm.
 *
 * @module
 */

/** The part of the file that is looked at. */
export interface Lock {
  /** Packages by `name@version`, behind which the versions of peer dependencies may follow. */
  readonly npm: Readonly<Record<string, LockedPackage>>;
}

/** A package as the file has it. */
interface LockedPackage {
  readonly integrity: string;
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
  readonly optionalPeers?: readonly string[];
}

/** A package. */
export interface Package {
  /** Such as `@discordjs/core`. */
  readonly name: string;
  /** Such as `2.6.0`. */
  readonly version: string;
  /** Its SHA-512 as 128 hex digits, of the archive that npm gives out. */
  readonly sha512: string;
  /** What it depends on, as `name@version`, in order. */
  readonly dependsOn: readonly string[];
}

/**
 * Reads the packages.
 *
 * @param lock The parsed file.
 * @returns Every package by its key in the file.
 * @throws {Error} If an integrity is no SHA-512 or a dependency is not in the file.
 */
export function readLock(lock: Lock): Map<string, Package> {
  const keys = Object.keys(lock.npm);
  return new Map(
    Object.entries(lock.npm).map(
      ([key, { integrity, dependencies = [], optionalDependencies = [] }]) => {
        const { name, version } = nameAndVersion(key);
        const dependsOn = [...dependencies, ...optionalDependencies]
          .map((one) => {
            const { name, version } = nameAndVersion(keyOf(one, keys));
            return `${name}@${version}`;
          })
          .sort();
        return [key, { name, version, sha512: hexOf(integrity), dependsOn }];
      },
    ),
  );
}

/**
 * Follows dependencies.
 *
 * @param packages All packages.
 * @param roots Keys to begin with.
 * @returns `name@version` of everything that is reached.
 */
export function reached(
  packages: ReadonlyMap<string, Package>,
  roots: Iterable<string>,
): Set<string> {
  const byName = new Map([...packages.values()].map((one) => [`${one.name}@${one.version}`, one]));
  const seen = new Set<string>();
  const waiting = [...roots].map((key) => {
    const { name, version } = nameAndVersion(key);
    return `${name}@${version}`;
  });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...byName.get(next)?.dependsOn ?? []);
  }
  return seen;
}

/** `zod@4.6.7_x@1` is the package zod in version 4.6.7; a scope begins with an `@` as well. */
function nameAndVersion(key: string): { name: string; version: string } {
  const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key) ?? [];
  if (!name || !version) throw new Error(`Cannot read "${key}" in deno.lock`);
  return { name, version };
}

/** A dependency is named without its version where there is only one. */
function keyOf(dependency: string, keys: readonly string[]): string {
  const exact = keys.find((key) => key === dependency || key.startsWith(`${dependency}_`));
  const key = exact ?? keys.find((key) => key.startsWith(`${dependency}@`));
  if (key === undefined) throw new Error(`"${dependency}" is not in deno.lock`);
  return key;
}

function hexOf(integrity: string): string {
  const [, base64] = /^sha512-([A-Za-z0-9+/]+=*)$/.exec(integrity) ?? [];
  if (!base64) throw new Error(`"${integrity}" is no SHA-512`);
  return Uint8Array.fromBase64(base64).toHex();
}
