/**
 * Tests against programs that are not ours: installed where they are not yet, and tested with what is said
 * on the command line passed on to `deno test`, such as `--filter hooks`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

/** What is tested against. */
export interface InstalledProgram {
  /** The folder's name below the user's cache, unless the variable names another folder. */
  readonly name: string;
  /** The variable that tells the tests where it is. */
  readonly variable: string;
  /** Installs it, if it is not there. */
  readonly install: (folder: string) => Promise<unknown>;
  /** The URL of the folder with the tests. */
  readonly tests: URL;
}

/**
 * Installs the program, runs its tests and ends the process with their exit code.
 *
 * @param program What is tested against.
 */
export async function runInstalled(
  { name, variable, install, tests }: InstalledProgram,
): Promise<never> {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "."}/.cache`;
  const folder = Deno.env.get(variable) || `${cache}/${name}`;
  await install(folder);
  // One after the other: some of them need a gateway of 1 GB each.
  const args = ["test", "--allow-all", "--no-check", ...Deno.args, fileURLToPath(tests)];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { [variable]: folder, NO_COLOR: "1" },
  }).spawn().status;
  Deno.exit(code);
}
