/** Declares `mesh ogp stop`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** `mesh ogp stop`. */
export const stop = defineCommand<CommonFlags>({
  brief: "Stop the gateway that runs on this state directory",
  description:
    "Asks it to stop and waits up to ten seconds; what it is doing is finished or goes back to the queue.\n" +
    "If none runs there is nothing to do, and the exit code is 0 as well. Exit code 6 if it goes on.",
  examples: [["mesh ogp stop", "also one that was started in another terminal"]],
  action: () => import("./stop_action.ts"),
});
