/**
 * Owners who type `mesh ogp project …`, for tests.
 *
 * @module
 */
import { command, type Owner, type Said } from "../ogp/household.ts";

/** Types `mesh ogp project …` and gives back how it ended. */
export async function project(who: Pick<Owner, "root">, ...args: string[]): Promise<Said> {
  return await command(who.root, "ogp", "project", ...args);
}

/** The same with `--json`; the exit code has to be the one that is expected. */
export async function document(
  who: Pick<Owner, "root">,
  args: readonly string[],
  code = 0,
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
): Promise<any> {
  const said = await project(who, ...args, "--json");
  if (said.code === code) return JSON.parse(said.out);
  throw new Error(`${args.join(" ")} ended with ${said.code}: ${said.out}${said.err}`);
}

/** Types several commands of which each has to succeed. */
export async function types(who: Pick<Owner, "root">, ...lines: string[][]): Promise<void> {
  for (const line of lines) await document(who, line);
}
