/**
 * The recipes of package managers, filled in for a release.
 *
 * @module
 */
import type { Sums } from "../../lib/release/sums.ts";

/** The recipes, by the name that they have in a release. */
export const RECIPES: Readonly<Record<string, URL>> = {
  "mesh.rb": new URL("../../etc/packaging/homebrew/mesh.rb", import.meta.url),
  "PKGBUILD": new URL("../../etc/packaging/aur/PKGBUILD", import.meta.url),
};

/**
 * Fills in a recipe.
 *
 * @param recipe Its text, with `@VERSION@` and `@SHA256:<file>@`.
 * @param version The release's version.
 * @param sums The sums of its programs.
 * @returns The text, or `undefined` if the release lacks a program that the recipe names.
 *
 * @example
 * ```ts
 * import { fillIn } from "./recipes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sums = new Map([["mesh-mac", "abc"]]);
 * assertEquals(fillIn("@VERSION@ @SHA256:mesh-mac@", "1.2.3", sums), "1.2.3 abc");
 * assertEquals(fillIn("@SHA256:mesh-linux@", "1.2.3", sums), undefined);
 * ```
 */
export function fillIn(recipe: string, version: string, sums: Sums): string | undefined {
  let complete = true;
  const filled = recipe.replaceAll("@VERSION@", version)
    .replace(/@SHA256:([^@\s]+)@/g, (blank, name) => {
      const sum = sums.get(name);
      complete &&= sum !== undefined;
      return sum ?? blank;
    });
  return complete ? filled : undefined;
}
