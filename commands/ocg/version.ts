/** Declares `mesh ocg version`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** `mesh ocg version`. */
export const version = defineCommand<CommonFlags>({
  brief: "Print the version",
  examples: [["mesh ocg version", "that of mesh: the channel gateway is a part of it"]],
  action: () => import("./version_action.ts"),
});
