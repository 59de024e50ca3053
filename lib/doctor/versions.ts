/**
 * What runs here: the first thing that somebody who helps asks for.
 *
 * @module
 */
import { messageOf } from "../error.ts";
import { checkStateVersion } from "../state_version/state_version.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";

/** The oldest Deno that the program is tested with. */
const OLDEST = [2, 7, 14] as const;

/** Tells the versions. */
export const versions: Check = {
  name: "versions",
  run({ version, state }) {
    const { deno, v8 } = Deno.version;
    const { os, arch, standalone } = Deno.build;
    const form = standalone ? "compiled" : "from sources";
    const words = `mesh ${version}, ${form}, on Deno ${deno} (V8 ${v8}), ${os} ${arch}`;
    const old = isOlder(deno, OLDEST);
    const program = old
      ? warning(`${words}: it is tested with Deno ${OLDEST.join(".")} and later`)
      : ok(words);
    return Promise.resolve([program, ...layout(state.root)]);
  },
};

/** A layout that is not known here is not read any further by any command, this one included. */
function layout(root: string): Verdict[] {
  try {
    checkStateVersion(root);
    return [];
  } catch (error) {
    const { hint } = error as { hint?: string };
    return [failure(messageOf(error), hint)];
  }
}

/**
 * Whether this program knows the layout of a state directory.
 *
 * @param root The state directory; need not exist.
 * @returns `false` if a newer version has written it, or its version cannot be read.
 */
export function knowsLayout(root: string): boolean {
  return layout(root).length === 0;
}

/**
 * Whether a version comes before another.
 *
 * @param version Such as `2.9.6`.
 * @param least Major, minor and patch.
 * @returns `true` if it does.
 *
 * @example
 * ```ts
 * import { isOlder } from "./versions.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isOlder("2.9.6", [2, 10, 0]), true);
 * assertEquals(isOlder("3.0.0", [2, 10, 0]), false);
 * ```
 */
export function isOlder(version: string, least: readonly [number, number, number]): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  for (const [i, wanted] of least.entries()) {
    const part = parts[i] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
