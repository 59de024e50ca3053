/** Declares `mesh status`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** `mesh status`. */
export const status = defineCommand<CommonFlags>({
  brief: "Show on one page who this node is, what runs, and what waits",
  description:
    "Reads the state directory and asks what runs on it; nobody else is asked. mesh doctor looks closer, and\n" +
    "mesh ogp status and mesh ocg status tell more of their own.",
  examples: [
    ["mesh status", "the page"],
    ["mesh status --json", "the same for a program"],
  ],
  action: () => import("./status_action.ts"),
});
