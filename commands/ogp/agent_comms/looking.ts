/** Declares `mesh ogp agent-comms policies|activity`. @module */
import { defineCommand } from "../../define.ts";
import { type CommonFlags, parseCount } from "../../flags.ts";
import { inOrder, PEER } from "../../positionals.ts";

/** Flags of `activity`. */
export interface ActivityFlags extends CommonFlags {
  readonly last: number;
  readonly follow: boolean;
}

/** `mesh ogp agent-comms policies`. */
export const policies = defineCommand<CommonFlags, [peer?: string]>({
  brief: "Show what peers may talk about with your agent",
  description:
    "Without a peer: the policies for all peers, and those that peers have of their own. With one: what\n" +
    "counts for it, topic by topic, and where that comes from.",
  examples: [
    ["mesh ogp agent-comms policies", "all of them"],
    ["mesh ogp agent-comms policies stan", "what counts for stan"],
  ],
  positional: inOrder({ ...PEER, optional: true }),
  action: () => import("./policies_action.ts"),
});

/** `mesh ogp agent-comms activity`. */
export const activity = defineCommand<ActivityFlags, [peer?: string]>({
  brief: "Show who wrote about what, and what became of it",
  description:
    "The newest entries of the log, the oldest of them first. With --follow new ones are printed as they\n" +
    "come, with --json one JSON document a line. See also: mesh ogp agent-comms logging.",
  examples: [
    ["mesh ogp agent-comms activity", "the newest 50 entries"],
    ["mesh ogp agent-comms activity stan --last 20", "about stan"],
    ["mesh ogp agent-comms activity --follow", "as it happens; Ctrl-C ends it"],
  ],
  flags: {
    last: {
      kind: "parsed",
      parse: parseCount,
      placeholder: "n",
      brief: "At most the newest n",
      default: "50",
    },
    follow: {
      kind: "boolean",
      brief: "Go on with what is new",
      default: false,
      withNegated: false,
    },
  },
  positional: inOrder({ ...PEER, optional: true }),
  action: () => import("./activity_action.ts"),
});
