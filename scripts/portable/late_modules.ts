/**
 * Has a bundle's files loaded when they are needed. Deno reads and parses whatever a literal `import("./x.js")`
 * names before the program begins, which for hundreds of files takes longer than the program itself; and the
 * bundler's helper for `require` loads a part of Node's world that most commands never use.
 *
 * @module
 */

/** What the bundler writes for `import()` of one of its files. */
const IMPORT = /\bimport\("\.\/([\w-]+\.js)"\)/g;

/** What Deno's bundler writes for `require` in packages. */
const REQUIRE =
  /import \{ createRequire as (\w+) \} from "node:module";\s*var __require = \1\(import\.meta\.url\);/;

/** The same, done by the first who calls it. */
const LATE_REQUIRE =
  'var __require = (id) => process.getBuiltinModule("node:module").createRequire(import.meta.url)(id);';

/**
 * Rewrites a file of a bundle.
 *
 * @param text The file.
 * @param names The names of all files of the bundle.
 * @returns The file, which does the same.
 *
 * @example
 * ```ts
 * import { lateModules } from "./late_modules.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const names = new Set(["scan-X1.js"]);
 * assertEquals(lateModules('import("./scan-X1.js")', names), 'import(String("./scan-X1.js"))');
 * assertEquals(lateModules('import("./other.js")', names), 'import("./other.js")');
 * ```
 */
export function lateModules(text: string, names: ReadonlySet<string>): string {
  return text
    .replace(IMPORT, (whole, name) => names.has(name) ? `import(String("./${name}"))` : whole)
    .replace(REQUIRE, LATE_REQUIRE);
}
