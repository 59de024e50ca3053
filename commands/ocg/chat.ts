/** Declares `mesh ocg chat`. @module */
import { MeshError } from "../../lib/error.ts";
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { textFlag } from "../positionals.ts";

/** Flags of `mesh ocg chat`. */
export interface ChatFlags extends CommonFlags {
  readonly agentUrl?: string;
  readonly model?: string;
  readonly history?: number;
}

/** Most turns that the configuration would take. */
const MOST_TURNS = 100;

function parseTurns(input: string): number {
  const turns = /^\d{1,3}$/.test(input) ? Number(input) : MOST_TURNS + 1;
  if (turns <= MOST_TURNS) return turns;
  throw new MeshError("usage", `Cannot read "${input}" as a number from 0 to ${MOST_TURNS}`);
}

/** `mesh ocg chat`. */
export const chat = defineCommand<ChatFlags>({
  brief: "Talk to the agent right in the terminal",
  description:
    "One conversation with the configured agent, answered as it would be on a channel; no daemon is needed.\n" +
    "Each line is a message; Ctrl-D ends it when everything is answered, Ctrl-C at once. How much of the\n" +
    'conversation the agent is told is "historyTurns" of ocg.json, or --history; nothing of it is kept.\n' +
    "Lines may be piped in. With --json there is a document a line for each answer.\n\n" +
    "The key in ocg.json is sent to the configured agent's address only, not to another --agent-url.",
  examples: [
    ["mesh ocg chat", "with the agent of ocg.json"],
    [
      "mesh ocg chat --agent-url http://127.0.0.1:11434/v1/chat/completions --model llama3.2",
      "with another",
    ],
    ['echo "What time is it?" | mesh ocg chat', "one question"],
  ],
  flags: {
    agentUrl: textFlag("url", "Talk to this agent instead of the configured one"),
    model: textFlag("model", "Its model"),
    history: {
      kind: "parsed",
      parse: parseTurns,
      placeholder: "turns",
      brief: "How many earlier questions with their answers the agent is told",
      optional: true,
    },
  },
  action: () => import("./chat_action.ts"),
});
