/** Declares `mesh doctor`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh doctor`. */
export interface DoctorFlags extends CommonFlags {
  /** Where to write a report. */
  readonly bundle?: string;
}

/** `mesh doctor`. */
export const doctor = defineCommand<DoctorFlags>({
  brief: "Check that everything is as it should be",
  description:
    "Looks at the versions, the identity, the folders, the disk, the records, the clock, the ports, the\n" +
    "endpoint and the gateway's URL, every peer and gateway, requests, the queue, and the agents that get\n" +
    "messages, all at once. Each is ok, a warning or a failure, with the command that mends it. The exit\n" +
    "code is 1 if there is a failure.\n\n" +
    "--bundle writes a report to attach when you ask for help: findings, configuration, counts of records,\n" +
    "the ends of the logs. Secrets and the texts of messages stay out of it; names, addresses and keys are\n" +
    "replaced by host-1, name-1 and the like.",
  examples: [
    ["mesh doctor", "what is wrong, and the command that mends it"],
    ["mesh doctor --json", "the same for a program: ok and findings"],
    ["mesh doctor --bundle report.json", "and a report to attach when you ask for help"],
  ],
  flags: {
    bundle: {
      kind: "parsed",
      parse: String,
      placeholder: "file",
      brief: "Write a report to this file, which must not exist",
      optional: true,
    },
  },
  anyState: true,
  action: () => import("./doctor_action.ts"),
});
