/** Declares `mesh ogp status`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** `mesh ogp status`. */
export const status = defineCommand<CommonFlags>({
  brief: "Show this gateway: what it is, whether it runs, what it has to do",
  description:
    "Configuration, identity, daemon, peers, queue and today's budgets on one page. If no daemon of this\n" +
    "state directory runs, the configured port is asked who has it: this gateway, started by somebody\n" +
    "else, another gateway, or something else. Tokens are never shown.",
  examples: [
    ["mesh ogp status", "what is missing comes with the command for it"],
    ["mesh ogp status --json", "the same for programs: daemon.running is true or false"],
  ],
  action: () => import("./status_action.ts"),
});
