/**
 * Installs the real plugins where they are not yet, and runs the tests of this folder against them. What is
 * said on the command line goes to `deno test`, such as `--filter weixin`.
 *
 * Run it with `deno task test:plugins`.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { fileURLToPath } from "node:url";
import { FOLDER_VARIABLE, installAll, namedFolder } from "./folder.ts";

/** Where they go unless the environment says otherwise. */
function defaultFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${cache}/mesh-plugins`;
}

if (import.meta.main) {
  const folder = namedFolder() ?? defaultFolder();
  await installAll(folder, (text) => console.error(text));
  const args = ["test", "--allow-all", "--no-check", ...Deno.args];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...args, fileURLToPath(new URL(".", import.meta.url))],
    env: { [FOLDER_VARIABLE]: folder, NO_COLOR: "1" },
  }).spawn().status;
  Deno.exit(code);
}
