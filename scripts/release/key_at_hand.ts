/**
 * The release key of whoever makes a release.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";
import { bakedKey } from "../../lib/release/key.ts";
import { parseSecretKey, type ReleaseKeyPair } from "./secret_key.ts";

/**
 * Reads the key: `MESH_RELEASE_KEY` holds it (as a secret of a build machine does), or
 * `MESH_RELEASE_KEY_FILE` names its file.
 *
 * @param env Reads an environment variable.
 * @param expected The public half that the program is built with.
 * @returns The key, or `undefined` if neither is set.
 * @throws {MeshError} `bad_key` if it cannot be read or is not the one that the program knows;
 * `insecure_mode` if others can read its file; `usage` if both are set.
 */
export async function keyAtHand(
  env: (name: string) => string | undefined,
  expected = bakedKey(),
): Promise<ReleaseKeyPair | undefined> {
  const text = env("MESH_RELEASE_KEY") || undefined;
  const file = env("MESH_RELEASE_KEY_FILE") || undefined;
  if (text && file) {
    throw new MeshError("usage", "MESH_RELEASE_KEY and MESH_RELEASE_KEY_FILE are both set", {
      hint: "unset one of them",
    });
  }
  if (!text && !file) return undefined;
  const pair = parseSecretKey(text ?? await readSecret(file!));
  if (expected && expected.publicKey.hex !== pair.publicKey.hex) {
    throw new MeshError(
      "bad_key",
      `The release key is ${pair.id}, but the program is built to trust ${expected.id}`,
      { hint: "sign with the key of etc/release-key.pub" },
    );
  }
  return pair;
}

async function readSecret(path: string): Promise<string> {
  try {
    const { mode } = await Deno.stat(path);
    if (mode !== null && (mode & 0o077) !== 0) {
      throw new MeshError("insecure_mode", `Others can read the release key "${path}"`, {
        hint: `chmod 600 ${path}`,
      });
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof MeshError) throw error;
    throw new MeshError("bad_key", `Cannot read the release key "${path}": ${messageOf(error)}`, {
      cause: error,
    });
  }
}
