/**
 * Compares secrets.
 *
 * @module
 */

/**
 * Whether two texts are the same; how long it takes says nothing about them.
 *
 * @param a One.
 * @param b The other.
 * @returns Whether they are.
 */
export async function sameSecret(a: string, b: string): Promise<boolean> {
  const [x, y] = await Promise.all([a, b].map(digest));
  return x === y;
}

async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
