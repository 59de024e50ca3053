/** What `mesh ocg stop` does. @module */
import { OCG } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stopDaemon } from "../stop_daemon.ts";

/**
 * Stops the daemons of channels on a state directory.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const title = "channel gateway";
  await stopDaemon(context, flags, { name: OCG, title, status: "mesh ocg status" });
}
