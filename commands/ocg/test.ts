/** Declares `mesh ocg test`. @module */
import { defineCommand } from "../define.ts";
import { type CommonFlags, parseDuration } from "../flags.ts";
import { textFlag } from "../positionals.ts";

/** Flags of `mesh ocg test`. */
export interface TestFlags extends CommonFlags {
  readonly channel?: string;
  readonly agentUrl?: string;
  readonly model?: string;
  readonly text: string;
  readonly timeout: number;
}

/** `mesh ocg test`. */
export const test = defineCommand<TestFlags>({
  brief: "Ask the agent one question the way a chat would, and show what comes back",
  description:
    "Sends one question through everything that a message of a person goes through, with a chat in memory\n" +
    "in place of a platform: no daemon is needed and nobody on a channel notices. Channels that talk to the\n" +
    "same agent are tested once. Says how long the first words took and, if there is no answer, why and what\n" +
    "to do. The question may cost what a question costs.",
  examples: [
    ["mesh ocg test", "every agent that is configured"],
    ["mesh ocg test --channel telegram", "the agent of one channel"],
    ["mesh ocg test --agent-url http://127.0.0.1:8080/v1/chat/completions", "one that is not"],
  ],
  flags: {
    channel: textFlag("channel", "Only the agent of this channel"),
    agentUrl: textFlag("url", "Test this agent instead of those that are configured"),
    model: textFlag("model", "Its model"),
    text: {
      kind: "parsed",
      parse: String,
      placeholder: "text",
      brief: "The question",
      default: "This is a test. Please answer with one short sentence.",
    },
    timeout: {
      kind: "parsed",
      parse: parseDuration,
      placeholder: "time",
      brief: "How long to wait for each answer",
      default: "2m",
    },
  },
  action: () => import("./test_action.ts"),
});
