/**
 * Finds the program that a name stands for, as a shell would.
 *
 * @module
 */

/**
 * Looks for an executable file.
 *
 * @param name A name to look for on the path, or an absolute path.
 * @param path The folders to search, as `PATH` lists them; that of this process by default.
 * @returns The program's path, or `undefined` if there is none that may be executed.
 *
 * @example
 * ```ts
 * import { findProgram } from "./find_program.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await findProgram("sh", "/nowhere:/bin"), "/bin/sh");
 * assertEquals(await findProgram("no-such-program"), undefined);
 * ```
 */
export async function findProgram(
  name: string,
  path: string = Deno.env.get("PATH") ?? "",
): Promise<string | undefined> {
  const windows = Deno.build.os === "windows";
  if (/[/\\]/.test(name)) return await isExecutable(name) ? name : undefined;
  const endings = windows ? ["", ".exe", ".cmd", ".bat"] : [""];
  for (const folder of path.split(windows ? ";" : ":")) {
    if (folder === "") continue;
    for (const ending of endings) {
      const candidate = `${folder}/${name}${ending}`;
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}
