/** Declares `mesh doctor`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** `mesh doctor`. */
export const doctor = defineCommand<CommonFlags>({
  brief: "Check that everything is as it should be",
  description:
    "Looks at the identity, the folders, the disk, the records, the clock, the port, this node's endpoint,\n" +
    "every peer, the contact requests and the queue, all at once. Each is ok, a warning or a failure, with\n" +
    "the command that mends it. The exit code is 1 if there is a failure.",
  examples: [
    ["mesh doctor", "what is wrong, and the command that mends it"],
    ["mesh doctor --json", "the same for a program: ok and findings"],
  ],
  action: () => import("./doctor_action.ts"),
});
