/**
 * Puts the host's program where Node can run it. Its text is part of this program; what is on disk is
 * compared with that before each start, and written anew if it is not the same.
 *
 * @module
 */
import { openFileStore } from "../../store/file_store.ts";
import embedded from "./embedded.json" with { type: "json" };
import { PLUGINS } from "./places.ts";

/** The files of the program by name. */
const FILES: Readonly<Record<string, string>> = embedded;

/**
 * Puts the program in place.
 *
 * @param root The state directory.
 * @returns The path of its main file, in a folder that is named after the contents of all of them.
 * @throws {MeshError} `disk_full` or `io` if it cannot be written.
 */
export async function hostProgram(root: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(FILES));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
  const folder = `${PLUGINS}/host/${hash}`;
  const store = openFileStore(root);
  await Promise.all(
    Object.entries(FILES).map(async ([name, text]) => {
      const path = `${folder}/${name}`;
      const there = await Deno.readTextFile(`${root}/${path}`).catch(() => undefined);
      if (there !== text) await store.writeFile(path, text);
    }),
  );
  return `${root}/${folder}/main.ts`;
}
