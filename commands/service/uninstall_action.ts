/** What `mesh service uninstall` does. @module */
import { codeOf, messageOf } from "../../lib/error.ts";
import { unitFile } from "../../lib/service/unit_file.ts";
import { lookAtMarked, removeMarked } from "../../lib/store/marked_file.ts";
import type { ActionContext } from "../define.ts";
import { safeText } from "../terminal.ts";
import { openManager } from "./open_manager.ts";
import type { ServiceFlags } from "./routes.ts";

/**
 * Removes the service.
 *
 * @param context The terminal.
 * @param flags Which service.
 */
export default async function (context: ActionContext, flags: ServiceFlags): Promise<void> {
  const { terminal } = context;
  const manager = await openManager(context, flags);
  const { unit, path } = manager;
  const state = await lookAtMarked(unitFile(path));
  // One of somebody else's is not ended, either.
  const ours = state === "same" || state === "other";
  const unheard = ours ? await tryTo(() => manager.disable()) : undefined;
  const removed = await removeMarked(unitFile(path));
  const forgotten = ours ? await tryTo(() => manager.forget()) : undefined;
  const problem = unheard ?? forgotten;
  terminal.document({ ok: true, unit, path, removed, problem: problem ?? null });
  terminal.line(
    removed
      ? `The service ${unit} is removed: ${safeText(path)}`
      : `The service ${unit} is not installed.`,
  );
  if (problem) terminal.warn(`${safeText(problem)}; what runs of it goes on until it is stopped`);
}

/** Without its manager, the file goes all the same. */
async function tryTo(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
  } catch (error) {
    if (codeOf(error) !== "unavailable") throw error;
    return messageOf(error);
  }
}
