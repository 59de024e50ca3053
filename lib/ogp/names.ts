/**
 * What gateways call each other. None of these names is an identity: they look a key up.
 *
 * @module
 */

/** The port that OGP's own programs put into an id when a URL has none. */
const DEFAULT_PORT = "18790";

/** How many digits of a DER key are an OGP 0.7 id. */
export const ID_DIGITS = 32;

/**
 * The id that OGP 0.2 gives a gateway: host and port of its URL.
 *
 * @param url The gateway's base URL.
 * @returns Such as `gw.example.com:18790`; 18790 also where the URL leaves out the port of its scheme.
 *
 * @example
 * ```ts
 * import { hostPort } from "./names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(hostPort("https://gw.example.com/"), "gw.example.com:18790");
 * assertEquals(hostPort("http://127.0.0.1:18911"), "127.0.0.1:18911");
 * ```
 */
export function hostPort(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  return `${parsed.hostname}:${parsed.port || DEFAULT_PORT}`;
}

/**
 * The id that OGP 0.7 gives a gateway: the beginning of its key. All keys begin with the same 24 digits,
 * so it tells only 32 bits of them.
 *
 * @param publicKey The key as DER, 88 hex digits.
 * @returns Its first 32 digits.
 */
export function keyId(publicKey: string): string {
  return publicKey.slice(0, ID_DIGITS);
}

/**
 * A gateway's base URL as it is compared and stored.
 *
 * @param url An http(s) URL.
 * @returns It without query, fragment and final slashes, host in lower case.
 */
export function baseUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url.replace(/\/+$/, "");
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, "");
}
