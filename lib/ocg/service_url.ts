/**
 * What counts as the address of a service.
 *
 * @module
 */

/**
 * Whether a text is an http(s) URL without user name and password.
 *
 * @param value The text.
 */
export function isServiceUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password;
}
