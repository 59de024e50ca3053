/**
 * The address of an agent as it may be shown.
 *
 * @module
 */

/**
 * Takes out of an address what may be a secret: user name, password, and the values of its query.
 *
 * @param url The address as configured; what is no http(s) URL is shown as it is.
 * @returns The address for people.
 *
 * @example
 * ```ts
 * import { shownUrl } from "./shown_url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shownUrl("https://me:pw@agent.example/v1?key=abc"), "https://agent.example/v1?key=…");
 * assertEquals(shownUrl("ogp:stan/general"), "ogp:stan/general");
 * ```
 */
export function shownUrl(url: string): string {
  if (!/^https?:/i.test(url)) return url;
  return url.replace(/^(https?:\/\/)[^/?#]*@/i, "$1").replace(/([?&][^=&#]*=)[^&#]*/g, "$1…");
}
