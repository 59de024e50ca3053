/**
 * URLs as people type them.
 *
 * @module
 */
import { DEFAULT_PORT } from "../lib/mesh/protocol.ts";
import { parsePeerUrl } from "../lib/net/post.ts";

/**
 * Completes what was typed to a base URL: a host alone gets the scheme and the default port.
 *
 * @param typed A URL, `host:port` or `host`.
 * @returns The base URL without a slash at its end.
 * @throws {MeshError} `malformed` if it is no http(s) URL.
 *
 * @example
 * ```ts
 * import { baseUrl } from "./url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(baseUrl("192.168.1.20"), "http://192.168.1.20:8787");
 * assertEquals(baseUrl("https://mesh.example/stan/"), "https://mesh.example/stan");
 * ```
 */
export function baseUrl(typed: string): string {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`;
  const url = parsePeerUrl(withScheme);
  // A parsed URL does not tell whether its scheme's own port was typed.
  const bare = withScheme !== typed && !/:\d+\/*$/.test(typed);
  if (bare && url.pathname === "/") url.port = String(DEFAULT_PORT);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}
