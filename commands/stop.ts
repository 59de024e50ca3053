/** Declares `mesh stop`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** `mesh stop`. */
export const stop = defineCommand<CommonFlags>({
  brief: "Stop everything that runs on this state directory",
  description:
    "mesh up, mesh serve, mesh ogp start, mesh ocg start and mesh ogp expose, wherever they were started.\n" +
    "What they were doing is finished or goes on with the next start. A service that ends this way stays down\n" +
    "until it comes up by itself again, with the machine or the session, or by: mesh service start",
  examples: [["mesh stop", "what ran, and that it has stopped"]],
  action: () => import("./stop_action.ts"),
});
