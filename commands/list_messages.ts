/** Declares `mesh list-messages`. @module */
import { defineCommand } from "./define.ts";
import { INBOX_ALIASES, type InboxFlags, inboxFlags } from "./inbox_flags.ts";

/** `mesh list-messages`. */
export const listMessages = defineCommand<InboxFlags>({
  brief: "Read the messages that were received",
  description:
    "Oldest first, the newest 20 unless --limit says otherwise; --json prints all of them. With --follow\n" +
    "new messages are printed as they come, with --json one JSON document a line.",
  examples: [
    ["mesh list-messages", "the newest 20"],
    ["mesh list-messages --from stan --since 2d", "stan's messages of the last two days"],
    ["mesh list-messages --follow", "wait for new ones; Ctrl-C ends it"],
  ],
  flags: inboxFlags("agent", "Only of this agent: its id, the beginning of one, or its name"),
  aliases: INBOX_ALIASES,
  action: () => import("./list_messages_action.ts"),
});
