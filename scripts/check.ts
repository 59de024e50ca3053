/**
 * Everything that can be said about the sources without running the tests: format, lint, types, the
 * examples in doc comments, the docs of the public API, the order of imports. All steps run side by side
 * and to their end; a step that passes is one line, and one that fails shows what it said.
 *
 * Run it with `deno task check`.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Outcome, runDeno } from "./run_deno.ts";

/** One thing to check. */
export interface Step {
  /** What it is called in the output, one word. */
  readonly name: string;
  /** The arguments for Deno, the subcommand first. */
  readonly args: readonly string[];
}

/** What `deno task check` does. `-q` leaves out the progress, except where it takes the findings along. */
export const STEPS: readonly Step[] = [
  { name: "format", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint", "-q"] },
  { name: "types", args: ["check", "-q"] },
  {
    name: "examples",
    args: ["test", "-q", "--doc", "--permit-no-files", "-A"]
      .concat("mod.ts", "lib", "server", "commands", "scripts"),
  },
  { name: "docs", args: ["doc", "-q", "--lint", "mod.ts"] },
  { name: "imports", args: ["run", "-A", import.meta.resolve("./check_imports.ts"), "."] },
];

/** How a run of `deno test` ends; passed on, so that whoever counts tests can count the examples too. */
const CLOSING_LINE = /^(?:ok|FAILED) \| .*$/m;

/**
 * Runs all steps at once and reports them in order.
 *
 * @param steps What to check.
 * @param root The folder to run them in.
 * @param print Takes each piece of the report, without its line break.
 * @returns The names of the steps that failed.
 */
export async function check(
  steps: readonly Step[],
  root: string,
  print: (text: string) => void,
): Promise<string[]> {
  const runs = steps.map(async ({ name, args }) => {
    const start = performance.now();
    const outcome = await runDeno(args, { cwd: root });
    return { name, outcome, seconds: (performance.now() - start) / 1000 };
  });
  const failed: string[] = [];
  for (const run of runs) {
    const { name, outcome, seconds } = await run;
    const passed = outcome.code === 0;
    if (!passed) failed.push(name);
    print(`${passed ? "ok    " : "failed"}  ${name.padEnd(8)}  ${seconds.toFixed(1)} s`);
    const detail = passed ? CLOSING_LINE.exec(outcome.stdout)?.[0] : said(outcome);
    if (detail) print(detail);
  }
  return failed;
}

/** What a failed step said; its exit code if it said nothing. */
function said({ code, stdout, stderr }: Outcome): string {
  const texts = [stdout, stderr].map((text) => text.trim()).filter((text) => text !== "");
  return texts.length > 0 ? texts.join("\n") : `It said nothing and ended with exit code ${code}`;
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const failed = await check(STEPS, root, (text) => console.log(text));
  if (failed.length > 0) {
    console.error(`\ncheck: failed: ${failed.join(", ")}`);
    Deno.exit(1);
  }
}
