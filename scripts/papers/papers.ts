/**
 * All papers that are written from the program itself.
 *
 * @module
 */
import { app } from "../../commands/app.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { type CommandPaper, commandTree } from "./command_tree.ts";
import { completionFiles } from "./completions.ts";
import { configKeys, type SectionPaper } from "./config_keys.ts";
import { type VariablePaper, variables } from "./environment.ts";
import { type ExitCodePaper, exitCodes } from "./exit_codes.ts";
import { manPages } from "./man_pages.ts";
import { markdownPages } from "./markdown.ts";
import { unitFiles } from "./unit_files.ts";

/** What there is to tell. */
export interface Papers {
  /** The program's version. */
  readonly version: string;
  /** The program, with its commands. */
  readonly tree: CommandPaper;
  /** Its exit codes. */
  readonly exits: readonly ExitCodePaper[];
  /** The variables that it reads. */
  readonly variables: readonly VariablePaper[];
  /** The sections of its configuration. */
  readonly sections: readonly SectionPaper[];
}

/** The folders that hold nothing else than what is written here. */
export const FOLDERS: readonly string[] = [
  "docs/reference",
  "etc/man",
  "etc/completions",
  "etc/systemd/user",
  "etc/systemd/system",
  "etc/launchd",
];

/**
 * Writes all of them.
 *
 * @param root The project's folder, with `/` at its end.
 * @returns Their texts by path below it.
 */
export async function allPapers(root: string): Promise<Record<string, string>> {
  const read = (path: string) => Deno.readTextFile(root + path);
  const papers: Papers = {
    version: denoJson.version,
    tree: commandTree(app),
    exits: exitCodes(await read("lib/error.ts")),
    variables: variables(await read("scripts/permissions.ts")),
    sections: await configKeys(read),
  };
  return {
    ...within("docs/reference", markdownPages(papers)),
    ...within("etc/man", manPages(papers)),
    ...within("etc/completions", await completionFiles()),
    ...unitFiles(),
  };
}

function within(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]),
  );
}
