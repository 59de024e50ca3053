/** Declares `mesh ogp project request-join|send-contribution|query-peer|status-peer`. @module */
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { argument, inOrder, PEER, textFlag } from "../../positionals.ts";
import { PROJECT, type QueryFlags, QUERYING, SUMMARY, TYPE } from "./arguments.ts";

/** Flags of `request-join`. */
export interface RequestJoinFlags extends CommonFlags {
  readonly description?: string;
}

/** Flags of `send-contribution`. */
export interface SendContributionFlags extends CommonFlags {
  readonly metadata?: string;
  readonly toAgent?: string;
}

/** `mesh ogp project request-join`. */
export const requestJoin = defineCommand<
  RequestJoinFlags,
  [peer: string, project: string, name: string]
>({
  brief: "Ask a gateway to be let into one of its projects",
  description:
    "Once it says yes there is a project of the same id here, with that gateway as a member: each gateway\n" +
    "keeps its own entries. If its owner has to decide first, type it again later (exit code 4 until then).",
  examples: [
    ['mesh ogp project request-join peer-alice mobile-app "Mobile App Project"', "may we?"],
  ],
  flags: { description: textFlag("text", "What it is about, for our side") },
  positional: inOrder(PEER, PROJECT, argument("name", "Its name for people")),
  action: () => import("./request_join_action.ts"),
});

/** `mesh ogp project send-contribution`. */
export const sendContribution = defineCommand<
  SendContributionFlags,
  [peer: string, project: string, type: string, summary?: string]
>({
  brief: "Add an entry to a project at another gateway",
  description:
    "It is stored in that gateway's copy of the project, not in ours. If the gateway cannot be reached it\n" +
    "stays queued (exit code 8) and the daemon tries again for four days. A refusal is exit code 4.",
  examples: [
    [
      'mesh ogp project send-contribution peer-alice shared-app progress "Deployed staging"',
      "for her team",
    ],
  ],
  flags: {
    metadata: textFlag("json", "Anything else, for programs: a JSON object"),
    toAgent: textFlag("persona", "Which of the gateway's agents it is for"),
  },
  positional: inOrder(PEER, PROJECT, TYPE, SUMMARY),
  action: () => import("./send_contribution_action.ts"),
});

/** `mesh ogp project query-peer`. */
export const queryPeer = defineCommand<QueryFlags, [peer: string, project: string]>({
  brief: "Look for entries of a project at another gateway",
  description: "Exit code 6 if it cannot be reached, 4 if it refuses, 3 if it has no such project.",
  examples: [["mesh ogp project query-peer peer-alice shared-app --limit 10", "the newest 10"]],
  flags: QUERYING,
  aliases: { n: "limit" },
  positional: inOrder(PEER, PROJECT),
  action: () => import("./query_peer_action.ts"),
});

/** `mesh ogp project status-peer`. */
export const statusPeer = defineCommand<CommonFlags, [peer: string, project: string]>({
  brief: "Show how a project stands at another gateway",
  description: "Exit code 6 if it cannot be reached, 4 if it refuses, 3 if it has no such project.",
  examples: [["mesh ogp project status-peer peer-alice shared-app", "as that gateway tells it"]],
  positional: inOrder(PEER, PROJECT),
  action: () => import("./status_peer_action.ts"),
});
