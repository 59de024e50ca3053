/**
 * The files by which daemons are given orders, in `run/`: `<daemon>.<random>.order` is answered by
 * `….answer`. Each appears whole under its name, and an order is locked for as long as whoever gave it
 * waits, so that the kernel tells those who still do from those who died.
 *
 * @module
 */
import type { Running } from "./run_file.ts";

/** Most bytes of an order: nobody has as much to say. */
const LONGEST_ORDER = 4 * 1024 * 1024;

/**
 * What the names of orders to a daemon begin with.
 *
 * @param running The daemon, as announced.
 * @returns Its name, its process and when it started, with a final dot.
 */
export function orderPrefix({ name, pid, started_at }: Running): string {
  return `${name}-${pid}-${Date.parse(started_at)}.`;
}

/**
 * Whether a file belongs to an order: the order itself, its answer, or what becomes one of them.
 *
 * @param path The file.
 */
export function isOrderFile(path: string): boolean {
  return /\.(?:order|answer)(?:\.part)?$/.test(path);
}

/**
 * Puts a file in place.
 *
 * @param path Its path.
 * @param text What it holds.
 * @returns The file, open and locked; whoever closes it gives the lock back.
 */
export async function placeFile(path: string, text: string): Promise<Deno.FsFile> {
  while (true) {
    const part = `${path}.part`;
    const file = await Deno.open(part, { write: true, createNew: true, mode: 0o600 });
    try {
      await file.lock(true);
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await Deno.rename(part, path);
      return file;
    } catch (error) {
      file.close();
      // Before it was locked, somebody who sweeps may have taken it for a dead process's.
      if (error instanceof Deno.errors.NotFound && await exists(folderOf(path))) continue;
      await Deno.remove(part).catch(() => {});
      throw error;
    }
  }
}

/**
 * Reads an order.
 *
 * @param path Its path.
 * @returns Its JSON value.
 * @throws {SyntaxError} if it holds none, `RangeError` if it is too long.
 */
export async function readOrder(path: string): Promise<unknown> {
  const { size } = await Deno.stat(path);
  if (size > LONGEST_ORDER) throw new RangeError(`An order of ${size} bytes is too long`);
  return JSON.parse(await Deno.readTextFile(path));
}

/**
 * Whether somebody holds a file: whoever put it in place has neither closed nor removed it, and lives.
 *
 * @param path The file.
 */
export async function isHeld(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    return !await file.tryLock(true);
  } catch {
    return false;
  }
}

/**
 * Removes what was left behind by those who died or did not wait.
 *
 * @param folder `run/`.
 * @returns The names of the orders that somebody waits for.
 */
export async function sweepOrders(folder: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .filter(isOrderFile).sort();
  const held: string[] = [];
  for (const name of names) {
    const path = `${folder}/${name}`;
    const keeper = name.endsWith(".answer") ? path.replace(/answer$/, "order") : path;
    if (!await isHeld(keeper)) await Deno.remove(path).catch(() => {});
    else if (name.endsWith(".order")) held.push(name);
  }
  return held;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
