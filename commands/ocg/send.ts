/** Declares `mesh ocg send`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { textFlag } from "../positionals.ts";

/** Flags of `mesh ocg send`. */
export interface SendFlags extends CommonFlags {
  readonly channel: string;
  readonly to: string;
  readonly account?: string;
  readonly text?: string;
  readonly mediaUrl?: string;
  readonly replyTo?: string;
}

/** `mesh ocg send`. */
export const send = defineCommand<SendFlags>({
  brief: "Say something in a chat without having been asked",
  description:
    "By the gateway that runs on this state directory. --to is the chat as the platform calls it, or the\n" +
    "address that agents get in the header X-OCG-Target, such as telegram:direct:12345. A text that is too\n" +
    "long for one message is sent as several.",
  examples: [
    ['mesh ocg send --channel telegram --to 12345 --text "Dinner is ready"', "a text"],
    ["date | mesh ocg send --channel telegram --to 12345 --text -", "text from stdin"],
    [
      "mesh ocg send --channel discord --account ops --to 998 --media-url https://example.com/a.png",
      "a picture",
    ],
  ],
  flags: {
    channel: { ...textFlag("channel", "The channel, such as telegram"), optional: false },
    to: { ...textFlag("chat", "The chat: a person, a group or a thread"), optional: false },
    account: textFlag("account", "The channel's account, if it has several"),
    text: textFlag("text", "What to say; - reads it from stdin"),
    mediaUrl: textFlag("url", "Where a picture or file is"),
    replyTo: textFlag("message", "The id of the message that it answers"),
  },
  action: () => import("./send_action.ts"),
});
