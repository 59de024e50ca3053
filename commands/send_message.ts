/** Declares `mesh send-message`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh send-message`. */
export interface SendMessageFlags extends CommonFlags {
  readonly to: string;
  readonly text?: string;
  readonly file?: string;
  readonly send: boolean;
}

/** `mesh send-message`. */
export const sendMessage = defineCommand<SendMessageFlags>({
  brief: "Write to a trusted agent",
  description:
    "With --send the message is stored, then sent. If the agent cannot be reached it stays queued (exit\n" +
    "code 8) and `mesh serve` tries again for four days. Without --send the signed message is printed, to\n" +
    "be carried by hand to: mesh receive-message FILE.",
  examples: [
    ['mesh send-message --to stan --text "Hello" --send', "send it now"],
    ["git log -1 | mesh send-message --to stan --file - --send", "text from stdin"],
    ['mesh send-message --to stan --text "Hello" > message.json', "carry it by hand"],
  ],
  flags: {
    to: {
      kind: "parsed",
      parse: String,
      placeholder: "agent",
      brief: "The agent's id, the beginning of one, or its name",
    },
    text: {
      kind: "parsed",
      parse: String,
      placeholder: "text",
      brief: "What to say",
      optional: true,
    },
    file: {
      kind: "parsed",
      parse: String,
      placeholder: "file",
      brief: "Read the text from a file; - is stdin",
      optional: true,
    },
    send: {
      kind: "boolean",
      brief: "Send it, instead of printing it",
      default: false,
      withNegated: false,
    },
  },
  action: () => import("./send_message_action.ts"),
});
