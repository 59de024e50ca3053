/**
 * Copies of what a migration is about to change.
 *
 * @module
 */
import { ioError, isAbsent } from "../store/io_error.ts";

/**
 * Copies files and folders. The copy is complete, and on the disk, before it has its name.
 *
 * @param root The state directory.
 * @param paths What to copy, below it; what is not there is left out.
 * @param name The copy's name below `backups`.
 * @returns The path of the copy.
 * @throws {MeshError} `disk_full` or `io`; then there is no copy.
 */
export async function backUp(
  root: string,
  paths: readonly string[],
  name: string,
): Promise<string> {
  const folder = `${root}/backups`;
  const partial = `${folder}/.${name}.partial`;
  const copy = `${folder}/${name}`;
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.remove(partial, { recursive: true }).catch((error) => {
      if (!isAbsent(error)) throw error;
    });
    await Deno.mkdir(partial, { mode: 0o700 });
    for (const path of paths) await copyTree(`${root}/${path}`, `${partial}/${path}`);
    await Deno.rename(partial, copy);
    await sync(folder);
    return copy;
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw ioError(`Cannot make the backup "${copy}"`, error);
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.lstat(from);
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  if (info.isDirectory) {
    await Deno.mkdir(to, { recursive: true, mode: 0o700 });
    for await (const { name } of Deno.readDir(from)) {
      await copyTree(`${from}/${name}`, `${to}/${name}`);
    }
    await sync(to);
  } else if (info.isFile) {
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    await Deno.copyFile(from, to);
    await sync(to);
  }
}

async function sync(path: string): Promise<void> {
  // A directory cannot be opened on Windows, and needs no such care there.
  if (Deno.build.os === "windows" && (await Deno.stat(path)).isDirectory) return;
  using file = await Deno.open(path, { read: true });
  await file.sync();
}
