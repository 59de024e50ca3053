/**
 * The end of a log, however long it is.
 *
 * @module
 */

/** Most bytes that are read. */
const MOST = 256 * 1024;

/**
 * Reads the last lines of a file.
 *
 * @param path The file.
 * @param most How many lines.
 * @returns The lines without their ends, oldest first; one that was cut in two is left out.
 * @throws What the system says.
 */
export async function readTail(path: string, most: number): Promise<string[]> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  const from = Math.max(0, size - MOST);
  await file.seek(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(Math.min(size, MOST));
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n");
  if (from > 0) lines.shift();
  return lines.filter((line) => line !== "").slice(-most);
}
