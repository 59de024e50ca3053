/** Declares `mesh ogp federation send|agent|messages|show|reply`. @module */
import { MeshError } from "../../../lib/error.ts";
import { defineCommand } from "../../define.ts";
import { type CommonFlags, parseDuration } from "../../flags.ts";
import { INBOX_ALIASES, type InboxFlags, inboxFlags } from "../../inbox_flags.ts";
import { argument, inOrder, PEER, textFlag } from "../../positionals.ts";

/** Flags of `send`. */
export interface SendFlags extends CommonFlags {
  readonly wait: boolean;
  readonly timeout?: number;
}

/** How much a message matters. */
export type Priority = "low" | "normal" | "high";

/** Flags of `agent`. */
export interface AgentFlags extends SendFlags {
  readonly priority: Priority;
  readonly conversation?: string;
}

/** Flags of `reply`. */
export interface ReplyFlags extends CommonFlags {
  readonly jsonData?: string;
  readonly error: boolean;
}

const PRIORITIES: readonly Priority[] = ["low", "normal", "high"];

const waiting = {
  wait: {
    kind: "boolean",
    brief: "Wait for the reply",
    default: false,
    withNegated: false,
  },
  timeout: {
    kind: "parsed",
    parse: parseDuration,
    placeholder: "time",
    brief: "How long to wait: 60000, 90s, 5m (default 60s)",
    optional: true,
  },
};

const RECEIPTS =
  "The message is stored, then sent. If the gateway cannot be reached it stays queued (exit code 8) and\n" +
  "the daemon tries again for four days. A refusal is exit code 4. With --wait a reply that does not come\n" +
  "in time is exit code 6; it is still taken when it comes.";

/** `mesh ogp federation send`. */
export const send = defineCommand<SendFlags, [peer: string, intent: string, json: string]>({
  brief: "Send a message to an approved gateway",
  description: RECEIPTS,
  examples: [
    [`mesh ogp federation send stan message '{"text":"Hello!"}'`, "a text"],
    [
      `mesh ogp federation send stan status-update '{"status":"completed"}'`,
      "what has become of something",
    ],
    [
      `mesh ogp federation send stan task-request '{"taskType":"analysis","description":"Logs"}' --wait`,
      "and wait for the reply",
    ],
  ],
  flags: waiting,
  positional: inOrder(
    PEER,
    argument("intent", "What is asked: message, task-request, status-update, …"),
    argument("json", "What is said: a JSON object"),
  ),
  action: () => import("./send_action.ts"),
});

/** `mesh ogp federation agent`. */
export const agent = defineCommand<
  AgentFlags,
  [peer: string, topic: string, message?: string]
>({
  brief: "Write to the agent of an approved gateway",
  description: `Sends an agent-comms message about a topic; its text is read from stdin if it is ` +
    `left out.\n${RECEIPTS}`,
  examples: [
    [
      'mesh ogp federation agent stan memory-management "How do you persist context?"',
      "ask its agent",
    ],
    [
      'mesh ogp federation agent stan task-delegation "Schedule standup" --priority high',
      "at once, please",
    ],
    [
      'mesh ogp federation agent stan queries "What is the status?" --wait --timeout 60000',
      "wait a minute for the reply",
    ],
  ],
  flags: {
    priority: {
      kind: "parsed",
      parse: parsePriority,
      placeholder: "level",
      brief: "low, normal or high",
      default: "normal",
      proposeCompletions: (partial: string) => PRIORITIES.filter((one) => one.startsWith(partial)),
    },
    conversation: textFlag("id", "The conversation that it belongs to"),
    ...waiting,
  },
  positional: inOrder(
    PEER,
    argument("topic", "What it is about"),
    { ...argument("message", "What to say (default: read from stdin)"), optional: true },
  ),
  action: () => import("./agent_action.ts"),
});

/** `mesh ogp federation messages`. */
export const messages = defineCommand<InboxFlags>({
  brief: "Read the messages that were received",
  description:
    "Oldest first, the newest 20 unless --limit says otherwise; --json prints all of them. With --follow\n" +
    "new messages are printed as they come, with --json one JSON document a line.",
  examples: [
    ["mesh ogp federation messages", "the newest 20"],
    ["mesh ogp federation messages --from stan --since 2d", "stan's, of the last two days"],
    ["mesh ogp federation messages --follow --json", "for a program; Ctrl-C ends it"],
  ],
  flags: inboxFlags("peer", "Only of this gateway: its alias, id, name or URL"),
  aliases: INBOX_ALIASES,
  action: () => import("./messages_action.ts"),
});

/** `mesh ogp federation show`. */
export const show = defineCommand<CommonFlags, [nonce: string]>({
  brief: "Show one message, with its receipt and reply",
  description:
    "One that was received, or one of ours. If the reply to one of ours has not come yet, the peer is asked\n" +
    "for it once more.",
  examples: [["mesh ogp federation show 3f2a", "the beginning of its nonce is enough"]],
  positional: inOrder(argument("nonce", "The message's nonce, or the beginning of it")),
  action: () => import("./show_action.ts"),
});

/** `mesh ogp federation reply`. */
export const reply = defineCommand<ReplyFlags, [nonce: string, text?: string]>({
  brief: "Answer a message that was received",
  description:
    "A message is answered once. The reply goes to the sender's gateway, or waits there to be fetched. The\n" +
    "text is read from stdin if neither it nor --json-data is given.",
  examples: [
    ['mesh ogp federation reply 3f2a "We use PostgreSQL"', "sent as {answer: …}"],
    [`mesh ogp federation reply 3f2a --json-data '{"status":"done"}'`, "data for a program"],
    ['mesh ogp federation reply 3f2a --error "No such task"', "it could not be done"],
  ],
  flags: {
    jsonData: textFlag("json", "Answer with this data instead of a text"),
    error: {
      kind: "boolean",
      brief: "The text says why it failed",
      default: false,
      withNegated: false,
    },
  },
  positional: inOrder(
    argument("nonce", "The message's nonce, or the beginning of it"),
    { ...argument("text", "What to answer (default: read from stdin)"), optional: true },
  ),
  action: () => import("./reply_action.ts"),
});

function parsePriority(input: string): Priority {
  const found = PRIORITIES.find((priority) => priority === input);
  if (found) return found;
  throw new MeshError("usage", `There is no priority "${input}": ${PRIORITIES.join(", ")}`);
}
