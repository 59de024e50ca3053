/** Declares `mesh doctor`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** `mesh doctor`. */
export const doctor = defineCommand<CommonFlags>({
  brief: "Check that everything is as it should be",
  description:
    "Looks at the versions, the identity, the folders, the disk, the records, the clock, the ports, the\n" +
    "endpoint and the gateway's URL, every peer and gateway, requests, the queue, and the agents that get\n" +
    "messages, all at once. Each is ok, a warning or a failure, with the command that mends it. The exit\n" +
    "code is 1 if there is a failure.",
  examples: [
    ["mesh doctor", "what is wrong, and the command that mends it"],
    ["mesh doctor --json", "the same for a program: ok and findings"],
  ],
  action: () => import("./doctor_action.ts"),
});
