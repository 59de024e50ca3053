/**
 * Runs the tests of this folder against the real plugins: `deno task test:plugins`.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { runInstalled } from "../installed/run_tests.ts";
import { FOLDER_VARIABLE, installAll } from "./folder.ts";

if (import.meta.main) {
  await runInstalled({
    name: "mesh-plugins",
    variable: FOLDER_VARIABLE,
    install: (folder) => installAll(folder, (text) => console.error(text)),
    tests: new URL(".", import.meta.url),
  });
}
