/**
 * Puts the texts of `etc/skills` where the program has them: into `lib/skills/embedded.json`, since a text
 * file is no module. To be run after one of them has changed: `deno run -A scripts/skills.ts`. A test tells
 * if that was forgotten.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The file with all of them. */
export const EMBEDDED: string = `${ROOT}lib/skills/embedded.json`;

/** The folder of the skills, one each. */
export const SKILLS: string = `${ROOT}etc/skills`;

/**
 * The skills as they are embedded.
 *
 * @returns The text of the file: names, in order, with their texts.
 */
export async function embeddedSkills(): Promise<string> {
  const folders = await Array.fromAsync(Deno.readDir(SKILLS), ({ name }) => name);
  const texts: Record<string, string> = {};
  for (const name of folders.sort()) {
    texts[name] = await Deno.readTextFile(`${SKILLS}/${name}/SKILL.md`);
  }
  return JSON.stringify(texts, null, 2) + "\n";
}

if (import.meta.main) await Deno.writeTextFile(EMBEDDED, await embeddedSkills());
