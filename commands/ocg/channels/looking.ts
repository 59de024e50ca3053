/** Declares `mesh ocg channels list|status`. @module */
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { CHANNEL, type MaybeChannelFlags, switchFlag } from "./arguments.ts";

/** Flags of `list`. */
export interface ListFlags extends CommonFlags {
  readonly all: boolean;
}

/** `mesh ocg channels list`. */
export const list = defineCommand<ListFlags>({
  brief: "List the configured channels and how they are",
  description:
    "One line for each account of each channel in ocg.json: whether it runs, and which agent its chats talk\n" +
    "to. With --all also the channels that could be added.",
  examples: [
    ["mesh ocg channels list", "what is configured"],
    ["mesh ocg channels list --all", "also what is built in or installed and not configured"],
  ],
  flags: { all: switchFlag("Also show channels that are not configured") },
  action: () => import("./list_action.ts"),
});

/** `mesh ocg channels status`. */
export const status = defineCommand<MaybeChannelFlags>({
  brief: "Show how channels are: who the bot is, since when, what is wrong",
  examples: [
    ["mesh ocg channels status", "all of them"],
    ["mesh ocg channels status --channel telegram", "one of them"],
  ],
  flags: { channel: { ...CHANNEL, optional: true } },
  action: () => import("./status_action.ts"),
});
