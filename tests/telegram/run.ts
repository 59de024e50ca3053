/**
 * Installs the Bot API server where it is not yet, and runs the tests of this folder against it. What is
 * said on the command line goes to `deno test`.
 *
 * Run it with `deno task test:telegram`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { FOLDER_VARIABLE, install, namedFolder } from "./install.ts";

/** Where it goes unless the environment says otherwise. */
function defaultFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${cache}/mesh-telegram-api`;
}

if (import.meta.main) {
  const folder = namedFolder() ?? defaultFolder();
  await install(folder);
  const args = ["test", "--allow-all", "--no-check", ...Deno.args];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...args, fileURLToPath(new URL(".", import.meta.url))],
    env: { [FOLDER_VARIABLE]: folder, NO_COLOR: "1" },
  }).spawn().status;
  Deno.exit(code);
}
