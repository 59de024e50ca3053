/**
 * Whether what was made starts.
 *
 * @module
 */
import config from "../../deno.json" with { type: "json" };
import { messageOf } from "../../lib/error.ts";
import { runProgram } from "../run_deno.ts";

/**
 * Asks a program for its version.
 *
 * @param program Its path.
 * @param env Variables beside those of this process.
 * @returns `undefined` if it answers with the version of these sources, else what it said instead.
 */
export async function whySilent(
  program: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const { code, stdout, stderr } = await runProgram(program, ["--version"], { env })
    .catch((error) => ({ code: -1, stdout: "", stderr: messageOf(error) }));
  return code === 0 && stdout.includes(config.version) ? undefined : stderr;
}
