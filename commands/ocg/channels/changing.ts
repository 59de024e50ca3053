/** Declares `mesh ocg channels add|remove|login`. @module */
import { defineCommand } from "../../define.ts";
import { textFlag } from "../../positionals.ts";
import { ACCOUNT, CHANNEL, type ChannelFlags, switchFlag } from "./arguments.ts";

/** Flags of `add`. */
export interface AddFlags extends ChannelFlags {
  readonly token?: string;
  readonly botToken?: string;
  readonly allowFrom?: string;
  readonly agentUrl?: string;
  readonly model?: string;
  readonly set?: readonly string[];
  readonly check: boolean;
  readonly force: boolean;
}

/** Flags of `remove`. */
export interface RemoveFlags extends ChannelFlags {
  readonly yes: boolean;
}

/** `mesh ocg channels add`. */
export const add = defineCommand<AddFlags>({
  brief: "Add a channel, or a further account of one, to ocg.json",
  description:
    "What is in ocg.json stays as it is; a gateway that runs takes the new account at once. The token is\n" +
    "tried with the platform where that can be done, and kept in any case.\n\n" +
    "A command line can be seen by others on this machine: --token - takes the token from standard input,\n" +
    "and asks for it on a terminal. --set KEY=VALUE sets any key of the channel's: true, false, and what\n" +
    "begins with { or [ are read as JSON, all else as text; KEY:=VALUE is JSON; KEY=- is read from standard\n" +
    "input; a.b=VALUE goes into the object a.\n\n" +
    "Nobody may write to the agent until you say so: name people with --allow-from, or let the bot give\n" +
    "strangers a code that you approve: mesh ocg channels approve CODE",
  examples: [
    ['mesh ocg channels add --channel telegram --bot-token "123:abc"', "a bot of BotFather's"],
    ["mesh ocg channels add --channel telegram --token - < token.txt", "nobody sees the token"],
    [
      'mesh ocg channels add --channel discord --token "..." --account ops',
      "a second account",
    ],
    [
      'mesh ocg channels add --channel qqbot --token "AppID:AppSecret"',
      "a plugin's, see: mesh ocg plugins",
    ],
  ],
  flags: {
    channel: CHANNEL,
    account: { ...ACCOUNT, brief: "The account's name (default: default)" },
    token: textFlag("token", "What the bot proves itself with; - reads or asks for it"),
    botToken: textFlag("token", "The same, as Telegram calls it"),
    allowFrom: textFlag("ids", "Who may talk: ids on the platform, by commas; * for everybody"),
    agentUrl: textFlag("url", "The agent, if not the one of all channels"),
    model: textFlag("model", "Its model, if not the one of all channels"),
    set: {
      kind: "parsed",
      parse: String,
      placeholder: "key=value",
      brief: "Any key of the channel's; may be repeated",
      optional: true,
      variadic: true,
    },
    check: { kind: "boolean", brief: "Try the token with the platform", default: true },
    force: switchFlag("Change an account that is there"),
  },
  action: () => import("./add_action.ts"),
});

/** `mesh ocg channels remove`. */
export const remove = defineCommand<RemoveFlags>({
  brief: "Remove a channel, or one of its accounts, from ocg.json",
  description:
    "It is stopped first, if a gateway runs. Its keys are gone afterwards; who was let in stays let in, in case\n" +
    "the channel comes back (see: mesh ocg channels people).",
  examples: [
    ["mesh ocg channels remove --channel telegram", "with all of its accounts"],
    ["mesh ocg channels remove --channel discord --account ops --yes", "one, without a question"],
  ],
  flags: { channel: CHANNEL, account: ACCOUNT, yes: switchFlag("Do not ask") },
  action: () => import("./remove_action.ts"),
});

/** `mesh ocg channels login`. */
export const login = defineCommand<ChannelFlags>({
  brief: "Log in to a channel by scanning a code",
  description:
    "Shows the code of a plugin's platform, such as WeChat, until it was scanned, and adds the channel. A\n" +
    'gateway that runs starts it. With --json there is a document a line: {"kind": "code", "url": …} for\n' +
    'each code, and one with "ok" at the end.',
  examples: [
    ["mesh ocg channels login --channel openclaw-weixin", "with WeChat on your phone"],
    ["mesh ocg channels login --channel dingtalk-connector", "with DingTalk"],
  ],
  flags: { channel: CHANNEL, account: { ...ACCOUNT, brief: "The account (default: default)" } },
  action: () => import("./login_action.ts"),
});
