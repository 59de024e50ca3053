import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { SURFACES } from "../../../../commands/config/surfaces.ts";

const LIB = fileURLToPath(new URL("../../../../lib", import.meta.url));

/** The sections that the sources declare. */
async function declared(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) names.push(...await declared(path));
    else if (name.endsWith(".ts")) {
      const text = await Deno.readTextFile(path);
      const found = text.matchAll(/new ConfigSection<\w+>\(\s*\w+,\s*"(\w+)"/g);
      names.push(...[...found].map(([, section = ""]) => section));
    }
  }
  return names;
}

Deno.test("every section of config.json can be shown and set", async () => {
  assertEquals(SURFACES.map(({ name }) => name).sort(), (await declared(LIB)).sort());
});
