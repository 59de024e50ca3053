/**
 * The variables of the environment, from the list of those that the program may read.
 *
 * @module
 */

/** A variable. */
export interface VariablePaper {
  /** Its name. */
  readonly name: string;
  /** What it says. */
  readonly what: string;
}

/**
 * Reads the list.
 *
 * @param source The text of `scripts/permissions.ts`.
 * @returns The variables with their reasons, in order.
 * @throws {Error} if the list is not there.
 */
export function variables(source: string): VariablePaper[] {
  const [, list] = /^(?:export )?const ENVIRONMENT(?:: [^=]+)? = \[\n(.*?)^\];$/ms.exec(source) ??
    [];
  if (list === undefined) throw new Error("The list of variables is not where it was");
  const found = [...list.matchAll(/^ {2}"(\w+)", \/\/ (.+)$/gm)]
    .map(([, name = "", what = ""]) => ({ name, what }));
  const last = new Map<string, string>();
  let before = "";
  // "The same" is clear where the line before is in sight.
  for (const { name, what } of found) {
    const said = what.replace(/^the same(?=,|$| )/, before);
    last.set(name, said);
    before = said.replace(/ on Windows$|, under .*$/, "");
  }
  return [...last].map(([name, what]) => ({ name, what }));
}
