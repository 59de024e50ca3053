/**
 * The program: arguments in, exit code out.
 *
 * @module
 */
import { runCommand } from "./commands/run.ts";

if (import.meta.main) {
  Deno.exit(
    await runCommand(Deno.args, {
      stdout: Deno.stdout,
      stderr: Deno.stderr,
      env: (name) => Deno.env.get(name),
    }),
  );
}
