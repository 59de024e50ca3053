/**
 * The program as it starts out of a file that unpacked itself: it holds the folder that it runs from, so
 * that a newer version does not tidy it away under a daemon that has yet to load half of itself.
 *
 * @module
 */
import { runCommand } from "../../commands/run.ts";
import { hold } from "./holding.ts";

if (import.meta.main) {
  hold(new URL("../", import.meta.url));
  Deno.exit(
    await runCommand(Deno.args, {
      stdout: Deno.stdout,
      stderr: Deno.stderr,
      env: (name) => Deno.env.get(name),
    }),
  );
}
