/**
 * What an agent of somebody else's would sign with.
 *
 * @module
 */

/**
 * Signs a body as `X-OCG-Signature` has it.
 *
 * @param body The body.
 * @param secret The shared secret.
 * @returns `sha256=` and the HMAC-SHA256 in hex.
 */
export async function signatureOf(body: string, secret: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes(secret), algorithm, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, bytes(body));
  return `sha256=${new Uint8Array(mac).toHex()}`;
}
