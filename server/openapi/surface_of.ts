/**
 * Which surface a path belongs to.
 *
 * @module
 */

/** The surfaces. */
export type SurfaceName = "mesh" | "ogp" | "ocg" | "webchat" | "admin" | "other";

const BEGINNINGS: readonly (readonly [path: string, surface: SurfaceName])[] = [
  ["/agent-mesh/", "mesh"],
  ["/federation/", "ogp"],
  ["/.well-known/ogp", "ogp"],
  ["/ocg/", "ocg"],
  ["/chat", "webchat"],
  ["/healthz", "mesh"],
];

/**
 * The surface that a path belongs to; requests for paths of nobody are all counted as one.
 *
 * @param path The path, without the query.
 * @returns The surface; the admin surface has a port of its own and is not told by the path.
 *
 * @example
 * ```ts
 * import { surfaceOf } from "./surface_of.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(surfaceOf("/federation/ping"), "ogp");
 * assertEquals(surfaceOf("/wp-login.php"), "other");
 * ```
 */
export function surfaceOf(path: string): SurfaceName {
  for (const [beginning, surface] of BEGINNINGS) if (path.startsWith(beginning)) return surface;
  return "other";
}
