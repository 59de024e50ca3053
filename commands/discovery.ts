/** Declares `mesh discovery`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** `mesh discovery`. */
export const discovery = defineCommand<CommonFlags>({
  brief: "Show this node's card, as others find it",
  examples: [
    ["mesh discovery", "name, endpoint, fingerprint"],
    ["mesh discovery --json", "the answer that this node gives to a scan"],
  ],
  action: () => import("./discovery_action.ts"),
});
