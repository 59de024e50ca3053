/**
 * Gateways' URLs as people type them.
 *
 * @module
 */
import { parsePeerUrl } from "../../../lib/net/post.ts";
import { baseUrl } from "../../../lib/ogp/names.ts";

/** The port of OGP's own programs. */
const DEFAULT_PORT = "18790";

/**
 * Completes what was typed to a gateway's base URL: a host alone gets the scheme and OGP's port, and the
 * address of a card, which people send each other, leads to its gateway.
 *
 * @param typed A URL, `host:port` or `host`.
 * @returns The base URL without a slash at its end.
 * @throws {MeshError} `malformed` if it is no http(s) URL.
 *
 * @example
 * ```ts
 * import { gatewayUrl } from "./gateway_url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(gatewayUrl("https://peer.example.com/.well-known/ogp"), "https://peer.example.com");
 * assertEquals(gatewayUrl("nas.local"), "http://nas.local:18790");
 * ```
 */
export function gatewayUrl(typed: string): string {
  const text = typed.trim().replace(/\/\.well-known\/ogp\/*$/, "");
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return baseUrl(parsePeerUrl(text).href);
  const url = parsePeerUrl(`http://${text}`);
  // A parsed URL does not tell whether its scheme's own port was typed.
  if (url.port === "" && url.pathname === "/" && !/:\d+\/*$/.test(text)) url.port = DEFAULT_PORT;
  return baseUrl(url.href);
}
