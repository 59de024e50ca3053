/** Declares `mesh approvals list|show|allow|deny`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { argument, inOrder } from "../positionals.ts";

/** Flags of `list`. */
export interface ListFlags extends CommonFlags {
  readonly all: boolean;
}

const MESSAGE = argument("message", "The message's id, or the beginning of it");

/** `mesh approvals list`. */
export const list = defineCommand<ListFlags>({
  brief: "List messages that wait for you",
  examples: [
    ["mesh approvals list", "what waits"],
    ["mesh approvals list --all", "and what was decided in the last month"],
  ],
  flags: {
    all: {
      kind: "boolean",
      brief: "Also what was decided",
      default: false,
      withNegated: false,
    },
  },
  action: () => import("./list_action.ts"),
});

/** `mesh approvals show`. */
export const show = defineCommand<CommonFlags, [message: string]>({
  brief: "Show a message that waits for you",
  examples: [["mesh approvals show 3f2a", "what it says, and until when you can decide"]],
  positional: inOrder(MESSAGE),
  action: () => import("./show_action.ts"),
});

/** `mesh approvals allow`. */
export const allow = defineCommand<CommonFlags, [message: string]>({
  brief: "Let your agent have a message",
  description: "Your agent is told that you were asked. Its answer is the reply.",
  examples: [["mesh approvals allow 3f2a", "your agent gets it"]],
  positional: inOrder(MESSAGE),
  action: () => import("./allow_action.ts"),
});

/** `mesh approvals deny`. */
export const deny = defineCommand<CommonFlags, [message: string]>({
  brief: "Decline a message politely",
  description:
    "Its sender gets the same words as for topics whose level is deny. Your agent gets nothing.",
  examples: [["mesh approvals deny 3f2a", "thank you, but no"]],
  positional: inOrder(MESSAGE),
  action: () => import("./deny_action.ts"),
});
