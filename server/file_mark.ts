/**
 * Noticing that a file is another one than before.
 *
 * @module
 */

/**
 * What tells one state of a file from the next: each change of ours puts a new file in place, and an editor's
 * changes its time.
 *
 * @param path The file.
 * @returns Different whenever the file is another; a word of its own if there is none.
 */
export async function fileMark(path: string): Promise<string> {
  try {
    const { ino, mtime, size } = await Deno.stat(path);
    return `${ino}:${mtime?.getTime()}:${size}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    throw error;
  }
}
