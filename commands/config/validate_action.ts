/** What `mesh config validate` does. @module */
import { readConfigFile } from "../../lib/config/config_file.ts";
import { nearest } from "../../lib/config/nearest.ts";
import { exitCodeOf, MeshError, messageOf } from "../../lib/error.ts";
import { readOcgConfig } from "../../lib/ocg/config_file.ts";
import type { FileStore } from "../../lib/store/file_store.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openState } from "../node.ts";
import { safeText } from "../terminal.ts";
import { SURFACES } from "./surfaces.ts";

/** Something that is wrong. */
interface Problem {
  readonly message: string;
  readonly hint: string | null;
}

/**
 * Checks all configuration.
 *
 * @param context The terminal.
 * @param flags The state directory.
 * @returns 0, or the exit code of a configuration that cannot be used.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<number> {
  const { terminal, env } = context;
  const { root, store } = openState(context, flags);
  const problems = await ownProblems(store);
  const warnings: string[] = [];
  await collect(problems, async () => {
    warnings.push(...(await readOcgConfig(root, env)).warnings);
  });
  terminal.document({ ok: problems.length === 0, problems, warnings });
  for (const warning of warnings) terminal.warn(safeText(warning));
  for (const { message, hint } of problems) {
    terminal.line(safeText(message));
    if (hint !== null) terminal.line(`  fix: ${safeText(hint)}`);
  }
  if (problems.length === 0) terminal.line("The configuration can be used.");
  return problems.length === 0 ? 0 : exitCodeOf(new MeshError("config_invalid", ""));
}

async function ownProblems(store: FileStore): Promise<Problem[]> {
  const problems: Problem[] = [];
  const names = SURFACES.map(({ name }) => name);
  let sections: readonly string[] = [];
  await collect(problems, async () => {
    sections = [...(await readConfigFile(`${store.root}/config.json`))?.keys() ?? []];
  });
  // A file that is no JSON has no sections to look at.
  if (problems.length > 0) return problems;
  for (const section of sections) {
    if (names.includes(section) || section.startsWith("$")) continue;
    const meant = nearest(section, names);
    problems.push({
      message: `config.json: there is no section "${section}"`,
      hint: meant === undefined ? `one of: ${names.join(", ")}` : `did you mean "${meant}"?`,
    });
  }
  for (const { open } of SURFACES) await collect(problems, () => open(store).read());
  return problems;
}

async function collect(problems: Problem[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const hint = error instanceof MeshError ? error.hint ?? null : null;
    problems.push({ message: messageOf(error), hint });
  }
}
