/**
 * Whether an unpacked program runs: each of its processes holds a shared lock on a file of its folder until
 * it ends, however it ends.
 *
 * @module
 */

/** The file that is locked. */
export const HELD = "held";

/**
 * Holds the folder until this process ends.
 *
 * @param folder The folder, as a file URL that ends with a slash.
 */
export function hold(folder: URL): void {
  try {
    // Never closed: that is the point.
    Deno.openSync(new URL(HELD, folder), { read: true }).lockSync(false);
  } catch {
    // On a disk without locks nothing can be held; the program runs all the same.
  }
}

/**
 * Says whether a process runs from the folder.
 *
 * @param folder The folder's path.
 * @returns `true` also if it cannot be told.
 */
export function isHeld(folder: string): boolean {
  try {
    using file = Deno.openSync(`${folder}/${HELD}`, { read: true });
    return !file.tryLockSync(true);
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
