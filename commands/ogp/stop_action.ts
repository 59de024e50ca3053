/** What `mesh ogp stop` does. @module */
import { GATEWAY } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stopDaemon } from "../stop_daemon.ts";

/**
 * Stops the gateway's daemons on a state directory.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  await stopDaemon(context, flags, { name: GATEWAY, title: "gateway", status: "mesh ogp status" });
}
