/** What `mesh config path` does. @module */
import { findOcgConfig } from "../../lib/ocg/config_file.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stateDirectory } from "../state_directory.ts";
import { safeText } from "../terminal.ts";

/**
 * Shows where the files are.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal, env } = context;
  const root = stateDirectory(flags, env);
  const files = [
    { name: "config.json", path: `${root}/config.json` },
    { name: "ocg.json", path: await findOcgConfig(root, env) },
    { name: "identity.json", path: `${root}/identity.json` },
  ];
  const found = await Promise.all(files.map(async (file) => ({
    ...file,
    exists: await Deno.stat(file.path).then(() => true, () => false),
  })));
  terminal.document({ state_dir: root, files: found });
  for (const { path, exists } of found) {
    terminal.line(safeText(path) + (exists ? "" : "  (not there: defaults)"));
  }
}
