/** Declares `mesh ogp project create|join|list|contribute|query|status`. @module */
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { argument, inOrder, textFlag } from "../../positionals.ts";
import { PROJECT, type QueryFlags, QUERYING, SUMMARY, TYPE } from "./arguments.ts";

/** Flags of `create`. */
export interface CreateFlags extends CommonFlags {
  readonly description?: string;
  readonly members?: string;
  readonly open: boolean;
}

/** Flags of `join`. */
export interface JoinFlags extends CommonFlags {
  readonly create: boolean;
  readonly description?: string;
}

/** Flags of `contribute`. */
export interface ContributeFlags extends CommonFlags {
  readonly metadata?: string;
  readonly localOnly: boolean;
}

/** Flags of `status`. */
export interface StatusFlags extends CommonFlags {
  readonly local: boolean;
}

/** `mesh ogp project create`. */
export const create = defineCommand<CreateFlags, [project: string, name: string]>({
  brief: "Create a project",
  description:
    "It is kept here, with this gateway as its first member. Other gateways become members if you name them\n" +
    "with --members or invite them later; one that asks waits for you. Its id becomes a topic that approved\n" +
    "gateways may write to your agent about.",
  examples: [
    [
      'mesh ogp project create my-app "My Awesome App" --description "Expense tracking"',
      "ours alone, for now",
    ],
    ['mesh ogp project create shared-app "Shared App" --members stan,leo', "with these gateways"],
    ['mesh ogp project create ideas "Ideas" --open', "any approved gateway that asks gets in"],
  ],
  flags: {
    description: textFlag("text", "What it is about"),
    members: textFlag("list", "Gateways that are members from the start, by alias, id or name"),
    open: {
      kind: "boolean",
      brief: "Let in every approved gateway that asks",
      default: false,
      withNegated: false,
    },
  },
  positional: inOrder(PROJECT, argument("name", "Its name for people")),
  action: () => import("./create_action.ts"),
});

/** `mesh ogp project join`. */
export const join = defineCommand<JoinFlags, [project: string, name?: string]>({
  brief: "Join a project that is here, or create it",
  description:
    "This gateway is a member of every project that it keeps. To join one of another gateway:\n" +
    "mesh ogp project request-join.",
  examples: [
    ["mesh ogp project join my-app", "says so if it is here"],
    ['mesh ogp project join my-app "My App" --create', "and makes it if it is not"],
  ],
  flags: {
    create: {
      kind: "boolean",
      brief: "Create it if it is not here",
      default: false,
      withNegated: false,
    },
    description: textFlag("text", "What it is about, with --create"),
  },
  positional: inOrder(PROJECT, {
    ...argument("name", "Its name for people, with --create"),
    optional: true,
  }),
  action: () => import("./join_action.ts"),
});

/** `mesh ogp project list`. */
export const list = defineCommand<CommonFlags>({
  brief: "List the projects that are here",
  examples: [["mesh ogp project list", "with who waits to be let in"]],
  action: () => import("./list_action.ts"),
});

/** `mesh ogp project contribute`. */
export const contribute = defineCommand<
  ContributeFlags,
  [project: string, type: string, summary?: string]
>({
  brief: "Add an entry to a project",
  description:
    "It is kept here, where members can ask for it. To put it into a member's copy of the project, too:\n" +
    "mesh ogp project send-contribution.",
  examples: [
    [
      'mesh ogp project contribute my-app progress "Completed authentication system"',
      "what has been done",
    ],
    [
      'mesh ogp project contribute my-app decision "Using PostgreSQL for persistence"',
      "what was decided",
    ],
    [
      'mesh ogp project contribute my-app blocker "Waiting for API key approval"',
      "what is in the way",
    ],
  ],
  flags: {
    metadata: textFlag("json", "Anything else, for programs: a JSON object"),
    localOnly: {
      kind: "boolean",
      brief: "Keep it here; that is what happens anyway",
      default: false,
      withNegated: false,
    },
  },
  positional: inOrder(PROJECT, TYPE, SUMMARY),
  action: () => import("./contribute_action.ts"),
});

/** `mesh ogp project query`. */
export const query = defineCommand<QueryFlags, [project: string]>({
  brief: "Look for entries of a project",
  description: "Of what is kept here, the newest first.",
  examples: [
    ["mesh ogp project query my-app --limit 10", "the newest 10"],
    ["mesh ogp project query my-app --type progress", "what has been done"],
    ["mesh ogp project query my-app --author stan --search postgres", "by whom, about what"],
  ],
  flags: QUERYING,
  aliases: { n: "limit" },
  positional: inOrder(PROJECT),
  action: () => import("./query_action.ts"),
});

/** `mesh ogp project status`. */
export const status = defineCommand<StatusFlags, [project: string]>({
  brief: "Show how a project stands, over all of its members",
  description:
    "Asks the gateway of each member, at once, and puts what they tell beside what is kept here. One that\n" +
    "does not answer within 15 s is named and left out. An entry that two gateways keep counts at both.",
  examples: [
    ["mesh ogp project status my-app", "entry types, how many, by whom, what came last"],
    ["mesh ogp project status my-app --local", "only what is here; nobody is asked"],
  ],
  flags: {
    local: { kind: "boolean", brief: "Ask nobody", default: false, withNegated: false },
  },
  positional: inOrder(PROJECT),
  action: () => import("./status_action.ts"),
});
