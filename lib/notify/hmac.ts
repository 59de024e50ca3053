/**
 * HMAC-SHA256 over bytes, by the platform.
 *
 * @module
 */

/**
 * Authenticates a text.
 *
 * @param key The secret's bytes.
 * @param text What is authenticated, as UTF-8.
 * @returns 32 bytes.
 */
export async function hmacSha256(key: Uint8Array, text: string): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey(
    "raw",
    new Uint8Array(key),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text)));
}
