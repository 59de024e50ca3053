/**
 * Ids in the form that every receiver takes.
 *
 * @module
 */

/**
 * An id that can stand in a header and is short enough for those who remember ids (OpenClaw ignores keys
 * of more than 256 characters without a word).
 *
 * @param id Any text.
 * @returns The id itself if it is at most 200 characters of `A-Z a-z 0-9 . _ : @ -`, else a hash of it.
 */
export async function deliveryId(id: string): Promise<string> {
  if (/^[\w.:@-]{1,200}$/.test(id)) return id;
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(id));
  return `sha256-${new Uint8Array(hash).toHex()}`;
}
