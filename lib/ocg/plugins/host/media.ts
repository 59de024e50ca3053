/**
 * Files that people send: plugins fetch them as messages come in, and want a place for them. Agents get
 * texts only, so a file is kept for as long as the plugin may look at it, and swept after a day.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";

/** Milliseconds for which a file is kept. */
const KEPT_MS = 24 * 3_600_000;

/** Most bytes of a file. */
const LARGEST = 32 * 1024 * 1024;

/** A file as OpenClaw describes it. */
export interface SavedMedia {
  /** Its name. */
  readonly id: string;
  /** Where it is. */
  readonly path: string;
  /** Its length in bytes. */
  readonly size: number;
  /** Its type, if that is known. */
  readonly contentType?: string;
}

/**
 * Makes what saves files.
 *
 * @param folder The account's folder.
 * @returns Saves a file of at most 32 MiB.
 */
export function saveMedia(
  folder: string,
): (bytes: Uint8Array, contentType?: string) => Promise<SavedMedia> {
  return async (bytes, contentType) => {
    if (bytes.length > LARGEST) throw new Error(`A file of ${bytes.length} bytes is too large`);
    const media = `${folder}/media`;
    await mkdir(media, { recursive: true, mode: 0o700 });
    await sweep(media);
    const id = randomUUID();
    const path = `${media}/${id}`;
    await writeFile(path, bytes, { mode: 0o600 });
    const type = typeof contentType === "string" ? { contentType } : {};
    return { id, path, size: bytes.length, ...type };
  };
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = `${folder}/${name}`;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}
