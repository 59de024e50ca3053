/**
 * Puts the program of the plugins' hosts where the binary has it: into `lib/ocg/plugins/embedded.json`. To be
 * run after one of its files has changed: `deno run -A scripts/plugin_host.ts`. A test tells if that was
 * forgotten.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const PLUGINS = fileURLToPath(new URL("../lib/ocg/plugins/", import.meta.url));

/** The file with all of it. */
export const EMBEDDED: string = `${PLUGINS}embedded.json`;

/**
 * The program as it is embedded.
 *
 * @returns The text of the file: names, in order, with their texts.
 */
export async function embeddedHost(): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(`${PLUGINS}host`), ({ name }) => name);
  const texts: Record<string, string> = {};
  for (const name of names.sort()) texts[name] = await Deno.readTextFile(`${PLUGINS}host/${name}`);
  return JSON.stringify(texts, null, 2) + "\n";
}

if (import.meta.main) await Deno.writeTextFile(EMBEDDED, await embeddedHost());
