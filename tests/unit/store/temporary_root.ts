/**
 * A folder of its own for a test.
 *
 * @module
 */

/** A folder that is there until it is disposed of. */
export interface TemporaryRoot extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/**
 * Makes an empty folder; `await using` removes it with all that is in it.
 *
 * @returns The folder.
 */
export async function temporaryRoot(): Promise<TemporaryRoot> {
  const path = await Deno.makeTempDir({ prefix: "store-" });
  const remove = () => Deno.remove(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: remove };
}

/**
 * All files below a folder, for a test to see what is left.
 *
 * @param path The folder.
 * @returns Their paths relative to it, ascending.
 */
export async function filesBelow(path: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(path)) {
    if (!entry.isDirectory) files.push(entry.name);
    else {
      const below = await filesBelow(`${path}/${entry.name}`);
      files.push(...below.map((name) => `${entry.name}/${name}`));
    }
  }
  return files.sort();
}

/**
 * Waits.
 *
 * @param ms Milliseconds.
 */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
