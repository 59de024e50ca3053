/** Declares `mesh list-messages`. @module */
import { defineCommand } from "./define.ts";
import { type CommonFlags, parseCount, parseSince } from "./flags.ts";

/** Flags of `mesh list-messages`. */
export interface ListMessagesFlags extends CommonFlags {
  readonly from?: string;
  readonly since?: Date;
  readonly limit?: number;
  readonly follow: boolean;
}

/** `mesh list-messages`. */
export const listMessages = defineCommand<ListMessagesFlags>({
  brief: "Read the messages that were received",
  description:
    "Oldest first, the newest 20 unless --limit says otherwise; --json prints all of them. With --follow\n" +
    "new messages are printed as they come, with --json one JSON document a line.",
  examples: [
    ["mesh list-messages", "the newest 20"],
    ["mesh list-messages --from stan --since 2d", "stan's messages of the last two days"],
    ["mesh list-messages --follow", "wait for new ones; Ctrl-C ends it"],
  ],
  flags: {
    from: {
      kind: "parsed",
      parse: String,
      placeholder: "agent",
      brief: "Only of this agent: its id, the beginning of one, or its name",
      optional: true,
    },
    since: {
      kind: "parsed",
      parse: (input: string) => parseSince(input),
      placeholder: "time",
      brief: "Only since then: 2h, 3d, 2026-01-31",
      optional: true,
    },
    limit: {
      kind: "parsed",
      parse: parseCount,
      placeholder: "n",
      brief: "Only the newest n",
      optional: true,
    },
    follow: { kind: "boolean", brief: "Go on with new ones", default: false, withNegated: false },
  },
  aliases: { f: "follow", n: "limit" },
  action: () => import("./list_messages_action.ts"),
});
