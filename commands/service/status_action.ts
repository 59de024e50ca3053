/** What `mesh service status` does. @module */
import type { ActionContext } from "../define.ts";
import { openManager } from "./open_manager.ts";
import type { ServiceFlags } from "./routes.ts";
import { assertInstalled, showStatus } from "./words.ts";

/** The exit code if it does not run, as that of the service manager's own command. */
const DOWN = 3;

/**
 * Shows the service.
 *
 * @param context The terminal.
 * @param flags Which service.
 * @returns 0 if it runs.
 */
export default async function (context: ActionContext, flags: ServiceFlags): Promise<number> {
  const manager = await openManager(context, flags);
  await assertInstalled(manager, flags);
  const status = await manager.status();
  showStatus(context.terminal, manager, status);
  return status.running ? 0 : DOWN;
}
