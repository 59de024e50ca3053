/**
 * `mesh up --background`.
 *
 * @module
 */
import { listRunning, UP } from "../lib/run/run_file.ts";
import { startInBackground } from "./background.ts";
import { logPath } from "../lib/log/log_path.ts";
import type { ActionContext } from "./define.ts";
import { stateDirectory } from "./state_directory.ts";
import { surfaceName, surfacesOf } from "./running_words.ts";
import type { UpFlags } from "./up.ts";
import { openUp } from "./up_parts.ts";

/**
 * Starts everything and returns when it listens.
 *
 * @param context The terminal.
 * @param flags What to run.
 * @throws {MeshError} Why it does not run, as it said itself; `exists` if it runs already.
 */
export async function upInBackground(context: ActionContext, flags: UpFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  // What can be seen to be wrong is said here, where somebody is looking.
  (await openUp(context, flags, root))[Symbol.dispose]();
  const only = flags.only ? ["--only", flags.only.join(",")] : [];
  const { pid } = await startInBackground({
    root,
    name: UP,
    title: "mesh up",
    stop: "mesh stop",
    args: ["up", "--log", "--state-dir", root, ...only],
  });
  const own = (await listRunning(root)).filter((one) => one.pid === pid);
  const surfaces = surfacesOf(own).map(({ name, host, port }) => ({ name, host, port }));
  const log = logPath(root, UP);
  terminal.document({ ok: true, pid, surfaces, log });
  const where = surfaces.map(({ name, port }) => `${surfaceName(name)} on port ${port}`).join(", ");
  terminal.line(`mesh up runs (process ${pid}): ${where}`);
  if (terminal.json) return;
  terminal.note("What happens: mesh logs -f. To end it: mesh stop");
}
