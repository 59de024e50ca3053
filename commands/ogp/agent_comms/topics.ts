/** Declares `mesh ogp agent-comms configure|add-topic|set-topic|remove-topic|reset`. @module */
import type { Level } from "../../../lib/ogp/policies/level.ts";
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { argument, inOrder, PEER, textFlag } from "../../positionals.ts";
import { globalFlag, LEVEL, levelFlag, NOTES, TOPIC } from "./arguments.ts";

/** Flags of `configure`. */
export interface ConfigureFlags extends CommonFlags {
  readonly global: boolean;
  readonly topics?: string;
  readonly level: Level;
  readonly notes?: string;
}

/** Flags of `add-topic` and `set-topic`. */
export interface TopicFlags extends CommonFlags {
  readonly level?: Level;
  readonly notes?: string;
}

/** Flags of `remove-topic`. */
export interface RemoveTopicFlags extends CommonFlags {
  readonly global: boolean;
}

/** `mesh ogp agent-comms configure`. */
export const configure = defineCommand<ConfigureFlags, string[]>({
  brief: "Set the level of topics, for some peers or for all",
  description:
    "Either names peers, separated by commas, or says --global for those who have no policy of their own for\n" +
    "a topic. If one of the peers is not known, nothing is changed.",
  examples: [
    [
      'mesh ogp agent-comms configure --global --topics "general,testing" --level summary',
      "for all peers",
    ],
    [
      'mesh ogp agent-comms configure stan --topics "memory-management" --level full ' +
      '--notes "Trusted collaborator"',
      "for one",
    ],
    [
      'mesh ogp agent-comms configure stan,leo,alice --topics "testing,debugging" --level full',
      "for several",
    ],
  ],
  flags: {
    global: globalFlag("For all peers that have none of their own"),
    topics: textFlag("list", "The topics, separated by commas; each covers what is below it"),
    level: levelFlag("summary"),
    notes: NOTES,
  },
  positional: {
    kind: "array",
    parameter: argument("peers", "The gateways, separated by commas: alias, id, name or URL"),
  },
  action: () => import("./configure_action.ts"),
});

/** `mesh ogp agent-comms add-topic`. */
export const addTopic = defineCommand<TopicFlags, [peer: string, topic: string]>({
  brief: "Set the level of a topic for a peer",
  examples: [
    ["mesh ogp agent-comms add-topic stan calendar --level escalate", "you are asked first"],
    ["mesh ogp agent-comms add-topic stan personal --level deny", "declined politely"],
  ],
  flags: { level: levelFlag("summary"), notes: NOTES },
  positional: inOrder(PEER, TOPIC),
  action: () => import("./set_topic_action.ts"),
});

/** `mesh ogp agent-comms set-topic`. */
export const setTopic = defineCommand<TopicFlags, [peer: string, topic: string, level?: Level]>({
  brief: "Change the level of a topic for a peer",
  description: "The level may also be given with --level. A topic without a policy gets one.",
  examples: [
    ["mesh ogp agent-comms set-topic stan calendar off", "not any more"],
    ["mesh ogp agent-comms set-topic stan calendar --level full", "the same, with a flag"],
  ],
  flags: { level: levelFlag(), notes: NOTES },
  positional: {
    kind: "tuple",
    parameters: [PEER, TOPIC, { ...LEVEL, optional: true }],
  },
  action: () => import("./set_topic_action.ts"),
});

/** `mesh ogp agent-comms remove-topic`. */
export const removeTopic = defineCommand<RemoveTopicFlags, [first: string, second?: string]>({
  brief: "Take the policy of a topic away",
  description:
    "From then on the next policy counts: the one for all peers, or a default. With --global it is the one\n" +
    "for all peers that is taken away, and only the topic is named.",
  examples: [
    ["mesh ogp agent-comms remove-topic stan personal", "of a peer"],
    ["mesh ogp agent-comms remove-topic --global testing", "of all peers"],
  ],
  flags: { global: globalFlag("Of the policies for all peers") },
  positional: inOrder(
    { ...PEER, brief: "The gateway; with --global the topic" },
    { ...TOPIC, optional: true },
  ),
  action: () => import("./remove_topic_action.ts"),
});

/** `mesh ogp agent-comms reset`. */
export const reset = defineCommand<CommonFlags, [peer: string]>({
  brief: "Take all policies of a peer away",
  description: "From then on the policies for all peers count for it.",
  examples: [["mesh ogp agent-comms reset stan", "as if nothing had been said about stan"]],
  positional: inOrder(PEER),
  action: () => import("./reset_action.ts"),
});
