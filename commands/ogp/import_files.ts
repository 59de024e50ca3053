/**
 * The folder of OGP's own program, read and never written to.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";
import { FILES } from "../../lib/ogp/import/finding.ts";
import type { FileTexts } from "../../lib/ogp/import/plan.ts";
import { decodeUtf8 } from "../../lib/signing/utf8.ts";
import { readInput } from "../input.ts";

/** Most bytes of a file; larger ones are reported. */
const LARGEST = 32 * 1024 * 1024;

/** Files that are read. */
const NAMES: readonly string[] = [
  FILES.config,
  FILES.keypair,
  FILES.peers,
  ...FILES.intents,
  FILES.projects,
  FILES.policies,
  FILES.activity,
];

/**
 * Reads the folder.
 *
 * @param folder Its path.
 * @returns The files that there are.
 * @throws {MeshError} `not_found` if it is no folder, or nothing of the program is in it.
 */
export async function readFolder(folder: string): Promise<FileTexts> {
  const info = await Deno.stat(folder).catch(() => undefined);
  if (!info?.isDirectory) {
    throw new MeshError("not_found", `There is no folder "${folder}"`, {
      hint: "mesh ogp import FOLDER, where OGP's own program keeps its config.json",
    });
  }
  const files = new Map<string, string | MeshError>();
  for (const name of NAMES) {
    const text = await readText(`${folder}/${name}`);
    if (text !== undefined) files.set(name, text);
  }
  if (files.size > 0) return files;
  throw new MeshError("not_found", `There is nothing of OGP's own program in "${folder}"`, {
    hint: "mesh ogp import FOLDER, where OGP's own program keeps its config.json",
  });
}

/**
 * Whether others on this machine can read a secret.
 *
 * @param folder The folder.
 * @returns Whether the key's file is open to others.
 */
export async function isKeyOpen(folder: string): Promise<boolean> {
  const info = await Deno.stat(`${folder}/${FILES.keypair}`).catch(() => undefined);
  return info?.mode !== null && info?.mode !== undefined && (info.mode & 0o077) !== 0;
}

/**
 * Whether the program seems to run.
 *
 * @param folder The folder.
 * @returns Whether it left word of its process there.
 */
export async function seemsToRun(folder: string): Promise<boolean> {
  return await Deno.stat(`${folder}/${FILES.pid}`).then(() => true, () => false);
}

async function readText(path: string): Promise<string | MeshError | undefined> {
  try {
    const info = await Deno.stat(path);
    if (!info.isFile) return new MeshError("io", "It is not a file");
    return decodeUtf8(await readInput(path, LARGEST));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof MeshError) return error;
    return new MeshError("io", `It cannot be read: ${messageOf(error)}`);
  }
}
