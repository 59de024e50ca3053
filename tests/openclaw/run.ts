/**
 * Installs OpenClaw where it is not yet, and runs the tests of this folder against it. What is said on the
 * command line goes to `deno test`, such as `--filter hooks`.
 *
 * Run it with `deno task test:openclaw`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { FOLDER_VARIABLE, install, namedFolder } from "./install.ts";

/** Where OpenClaw goes unless the environment says otherwise. */
function defaultFolder(): string {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "."}/.cache`;
  return `${cache}/mesh-openclaw`;
}

if (import.meta.main) {
  const folder = namedFolder() ?? defaultFolder();
  await install(folder);
  // One after the other: each of them has a gateway of its own, of 1 GB.
  const args = ["test", "--allow-all", "--no-check", ...Deno.args];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...args, fileURLToPath(new URL(".", import.meta.url))],
    env: { [FOLDER_VARIABLE]: folder, NO_COLOR: "1" },
  }).spawn().status;
  Deno.exit(code);
}
