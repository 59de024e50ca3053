/**
 * Runs the tests of this folder against a Bot API server that is not ours: `deno task test:telegram`.
 *
 * @module
 */
import { runInstalled } from "../installed/run_tests.ts";
import { FOLDER_VARIABLE, install } from "./install.ts";

if (import.meta.main) {
  await runInstalled({
    name: "mesh-telegram-api",
    variable: FOLDER_VARIABLE,
    install: install,
    tests: new URL(".", import.meta.url),
  });
}
