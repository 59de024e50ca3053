/** Declares `mesh pause` and `mesh resume`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh pause`. */
export interface PauseFlags extends CommonFlags {
  readonly reason?: string;
}

/** `mesh pause`. */
export const pause = defineCommand<PauseFlags>({
  brief: "Stop everything outgoing at once, until mesh resume",
  description:
    "For when agents talk themselves into something: from now on no program on this state directory\n" +
    "sends a message, an approval or a reply. What is written meanwhile is stored and queued. What comes\n" +
    "in is still taken. An attempt that is under way right now ends by itself, within seconds.",
  examples: [
    ["mesh pause", "stop"],
    ['mesh pause --reason "loop with stan"', "and say why, to whoever looks next"],
  ],
  flags: {
    reason: {
      kind: "parsed",
      parse: String,
      placeholder: "text",
      brief: "Why, shown while it is paused",
      optional: true,
    },
  },
  action: () => import("./pause_action.ts"),
});

/** `mesh resume`. */
export const resume = defineCommand<CommonFlags>({
  brief: "Let everything outgoing go on after mesh pause",
  examples: [["mesh resume", "what waited is sent by the daemon, or by: mesh queue retry"]],
  action: () => import("./resume_action.ts"),
});
