/**
 * What is looked at before any command works on a state directory: whether this program knows its layout.
 *
 * @module
 */
import { codeOf } from "../lib/error.ts";
import { checkStateVersion, STATE_VERSION } from "../lib/state_version/state_version.ts";
import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { stateDirectory } from "./state_directory.ts";

/**
 * Refuses a state directory that a newer version has written, and brings one of an older version up to date.
 *
 * @param context The terminal and the environment.
 * @param flags The command's flags.
 * @throws {MeshError} `newer_state` for a newer one, and what a migration throws.
 */
export async function prepareState(
  { terminal, env }: Pick<ActionContext, "terminal" | "env">,
  flags: CommonFlags,
): Promise<void> {
  const root = namedRoot(flags, env);
  if (root === undefined || checkStateVersion(root) === STATE_VERSION) return;
  const { migrateState } = await import("../lib/state_version/migrate.ts");
  for (const { what, backup } of await migrateState(root)) {
    terminal.note(`The state is brought up to date: ${what}. As it was: ${backup}`);
  }
}

/** A command that needs no state directory can do without a home, too; one that does says so itself. */
function namedRoot(flags: CommonFlags, env: ActionContext["env"]): string | undefined {
  try {
    return stateDirectory(flags, env);
  } catch (error) {
    if (codeOf(error) === "usage") return undefined;
    throw error;
  }
}
