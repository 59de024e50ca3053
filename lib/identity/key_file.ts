/**
 * The private key on disk: read with care, and never while others can read it too.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { parsePrivateKeyPem, type PrivateKey } from "./private_key.ts";

/** What the private key's file is called below the root. */
export const PRIVATE_KEY = "private_key.pem";

/**
 * Reads the private key of a root.
 *
 * @param root The state directory.
 * @returns The key, or `undefined` if there is no file.
 * @throws {MeshError} `insecure_mode` if others can read it, `damaged` if it is no key.
 */
export async function readPrivateKey(root: string): Promise<PrivateKey | undefined> {
  const path = `${root}/${PRIVATE_KEY}`;
  try {
    await assertPrivate(path);
    return parsePrivateKeyPem(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Refuses a secret that others can read: then it may have been read.
 *
 * @param path The secret's file.
 * @throws {MeshError} `insecure_mode` with the command that mends it.
 * @throws {Deno.errors.NotFound} if there is no file.
 */
async function assertPrivate(path: string): Promise<void> {
  const info = await Deno.stat(path);
  if (info.mode === null || (info.mode & 0o077) === 0) return;
  throw new MeshError("insecure_mode", `Others on this machine can read "${path}"`, {
    hint: `chmod 600 '${path}'`,
  });
}
