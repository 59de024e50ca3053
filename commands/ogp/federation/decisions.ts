/** Declares `mesh ogp federation request|approve|reject|remove|scopes|grant`. @module */
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { argument, inOrder, PEER, textFlag } from "../../positionals.ts";

/** Flags of `request`. */
export interface RequestFlags extends CommonFlags {
  readonly alias?: string;
}

/** Flags of `grant`. */
export interface GrantingFlags extends CommonFlags {
  readonly intents?: string;
  readonly rate?: string;
  readonly topics?: string;
}

/** Flags of `approve`. */
export interface ApproveFlags extends GrantingFlags {
  readonly alias?: string;
}

const granting = {
  intents: textFlag("list", "What it may ask for: message,agent-comms"),
  rate: textFlag("limit", "How often, each: requests/seconds, such as 100/3600"),
  topics: textFlag("list", "Topics of agent-comms; each covers what is below it"),
};

/** `mesh ogp federation request`. */
export const request = defineCommand<RequestFlags, [url: string, id?: string]>({
  brief: "Ask another gateway for federation",
  description:
    "Fetches the gateway's card and sends it a signed request, which its owner approves or rejects there.\n" +
    "Its id comes from its key, unless one is given. Ask again as often as it takes.",
  examples: [
    ["mesh ogp federation request https://peer.example.com", "the id comes from its key"],
    ["mesh ogp federation request https://peer.example.com peer-alice", "call it peer-alice"],
    ["mesh ogp federation request nas.local --alias nas", "http, port 18790, and a short name"],
  ],
  flags: { alias: textFlag("name", "A short name for it") },
  positional: inOrder(
    argument("url", "Where the gateway listens"),
    { ...argument("peer-id", "What to call it here"), optional: true },
  ),
  action: () => import("./request_action.ts"),
});

/** `mesh ogp federation approve`. */
export const approve = defineCommand<ApproveFlags, [peer: string]>({
  brief: "Federate with a gateway that asks",
  description:
    "Compare its key with its owner first: over the phone or face to face, not by a message that came the\n" +
    "same way. Without flags it may use what it offered itself, each at 100 requests an hour.",
  examples: [
    ["mesh ogp federation approve peer-alice", "the usual grants"],
    [
      "mesh ogp federation approve peer-alice --intents message,agent-comms --rate 100/3600",
      "what it may ask for, and how often",
    ],
    [
      "mesh ogp federation approve peer-alice --intents agent-comms --topics memory-management",
      "about what",
    ],
  ],
  flags: { ...granting, alias: textFlag("name", "A short name for it") },
  positional: inOrder(PEER),
  action: () => import("./approve_action.ts"),
});

/** `mesh ogp federation reject`. */
export const reject = defineCommand<CommonFlags, [peer: string]>({
  brief: "Turn a request down, or take our own back",
  description:
    "A gateway that understands a signed no is told; OGP's own programs take any answer for a yes, and are\n" +
    "not. Whoever is rejected may ask again.",
  examples: [["mesh ogp federation reject peer-alice", "no"]],
  positional: inOrder(PEER),
  action: () => import("./reject_action.ts"),
});

/** `mesh ogp federation remove`. */
export const remove = defineCommand<CommonFlags, [peer: string]>({
  brief: "End the federation with a gateway",
  description:
    "From then on what it sends is refused. It is told, now or when it can be reached. Messages stay on\n" +
    "disk. Of a gateway that was never approved the requests are forgotten.",
  examples: [["mesh ogp federation remove peer-alice", "refuse what it sends from now on"]],
  positional: inOrder(PEER),
  action: () => import("./remove_action.ts"),
});

/** `mesh ogp federation scopes`. */
export const scopes = defineCommand<CommonFlags, [peer: string]>({
  brief: "Show what a gateway may do here, and what we may do there",
  examples: [["mesh ogp federation scopes peer-alice", "intents, rates, topics"]],
  positional: inOrder(PEER),
  action: () => import("./scopes_action.ts"),
});

/** `mesh ogp federation grant`. */
export const grant = defineCommand<GrantingFlags, [peer: string]>({
  brief: "Change what a gateway may do here",
  description:
    "With --intents exactly these are granted; without it those that are granted keep being so. --rate and\n" +
    "--topics change what they say and nothing else. It counts at once, and the gateway is told.",
  examples: [
    [
      "mesh ogp federation grant peer-alice --intents agent-comms --topics project-planning",
      "this intent, about this topic",
    ],
    ["mesh ogp federation grant peer-alice --rate 10/60", "as before, but 10 a minute"],
  ],
  flags: granting,
  positional: inOrder(PEER),
  action: () => import("./grant_action.ts"),
});
