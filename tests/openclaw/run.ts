/**
 * Runs the tests of this folder against the real OpenClaw: `deno task test:openclaw`.
 *
 * @module
 */
import { runInstalled } from "../installed/run_tests.ts";
import { FOLDER_VARIABLE, install } from "./install.ts";

if (import.meta.main) {
  await runInstalled({
    name: "mesh-openclaw",
    variable: FOLDER_VARIABLE,
    install: install,
    tests: new URL(".", import.meta.url),
  });
}
