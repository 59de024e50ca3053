/** What `mesh ocg restart` does. @module */
import { OCG } from "../../lib/run/run_file.ts";
import type { ActionContext } from "../define.ts";
import { stateDirectory } from "../state_directory.ts";
import { stopAll } from "../stop_daemon.ts";
import { OcgConfigFile } from "../../server/ocg_config.ts";
import { startChannelsInBackground } from "./background.ts";
import { listenArguments } from "./listen_arguments.ts";
import type { ListenFlags } from "./start.ts";

/**
 * Stops the channels and starts them again.
 *
 * @param context The terminal.
 * @param flags Where callbacks are taken, if not where they were.
 */
export default async function (context: ActionContext, flags: ListenFlags): Promise<void> {
  const root = stateDirectory(flags, context.env);
  // A gateway that runs is not stopped for one that could not start.
  await new OcgConfigFile(root, context.env).read();
  const [before] = await stopAll(root, { name: OCG, title: "channel gateway" });
  const args = listenArguments(flags);
  await startChannelsInBackground(context, flags, args.length > 0 ? args : before?.args ?? []);
}
