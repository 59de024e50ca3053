/** What `mesh service start` does. @module */
import type { ActionContext } from "../define.ts";
import { openManager } from "./open_manager.ts";
import type { ServiceFlags } from "./routes.ts";
import { assertInstalled } from "./words.ts";

/**
 * Starts the service.
 *
 * @param context The terminal.
 * @param flags Which service.
 */
export default async function (context: ActionContext, flags: ServiceFlags): Promise<void> {
  const manager = await openManager(context, flags);
  await assertInstalled(manager, flags);
  await manager.start();
  context.terminal.document({ ok: true, unit: manager.unit });
  context.terminal.line(`The service ${manager.unit} has started.`);
}
