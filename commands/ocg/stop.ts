/** Declares `mesh ocg stop`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** `mesh ocg stop`. */
export const stop = defineCommand<CommonFlags>({
  brief: "Stop all channels: the channel gateway that runs on this state directory",
  description:
    "Asks it to stop and waits up to ten seconds. Messages that are not answered yet are answered after the\n" +
    "next start. If none runs there is nothing to do, and the exit code is 0 as well. Exit code 6 if it\n" +
    "goes on. One channel alone is stopped by: mesh ocg channels stop --channel CHANNEL",
  examples: [["mesh ocg stop", "also one that was started in another terminal"]],
  action: () => import("./stop_action.ts"),
});
