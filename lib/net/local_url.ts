/**
 * Where this machine itself reaches what listens on an address.
 *
 * @module
 */

/**
 * The URL of a daemon for programs on this machine.
 *
 * @param host The address that it is bound to.
 * @param port Its port.
 * @returns A base URL; "all addresses" is none that could be asked, and becomes the loopback address.
 *
 * @example
 * ```ts
 * import { localUrl } from "./local_url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(localUrl("0.0.0.0", 18790), "http://127.0.0.1:18790");
 * assertEquals(localUrl("::1", 18790), "http://[::1]:18790");
 * ```
 */
export function localUrl(host: string, port: number): string {
  const all = host === "0.0.0.0" || host === "::" || host === "";
  const name = all ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
