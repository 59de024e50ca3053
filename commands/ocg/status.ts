/** Declares `mesh ocg status`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** `mesh ocg status`. */
export const status = defineCommand<CommonFlags>({
  brief: "Show the channel gateway: whether it runs, its channels and their agents",
  description:
    "The daemon, each channel with the agent that its chats talk to, who waits to be let in, and which answers\n" +
    "are awaited, on one page. The link to the page to chat on is shown, too: whoever has it is let in. Tokens\n" +
    "of bots, keys and secrets are never shown.",
  examples: [
    ["mesh ocg status", "what is missing comes with the command for it"],
    ["mesh ocg status --json", "the same for programs: running is true or false"],
  ],
  action: () => import("./status_action.ts"),
});
