/** Declares `mesh ocg channels approve|people|forget`. @module */
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { argument, inOrder } from "../../positionals.ts";
import { ACCOUNT, CHANNEL, type MaybeChannelFlags } from "./arguments.ts";

/** Flags of `forget`. */
export interface ForgetFlags extends MaybeChannelFlags {
  readonly account?: string;
}

const channel = { ...CHANNEL, optional: true } as const;

/** `mesh ocg channels approve`. */
export const approve = defineCommand<CommonFlags, [code: string]>({
  brief: "Let the person in who got this code from the bot",
  description:
    "A stranger who writes to the bot gets a code that holds for a day. Whoever tells you the code is the\n" +
    "person who wrote, if you know the voice or hand that tells it. Let in, the person may talk to the agent\n" +
    "on this account of the channel, and is told so if the gateway runs.",
  examples: [["mesh ocg channels approve K7QM2XWP", "the code that a person told you"]],
  positional: inOrder(argument("code", "The code, in any case")),
  action: () => import("./approve_action.ts"),
});

/** `mesh ocg channels people`. */
export const people = defineCommand<MaybeChannelFlags>({
  brief: "List who may talk to the agent, and who asked to",
  examples: [
    ["mesh ocg channels people", "on all channels"],
    ["mesh ocg channels people --channel telegram", "on one"],
  ],
  flags: { channel },
  action: () => import("./people_action.ts"),
});

/** `mesh ocg channels forget`. */
export const forget = defineCommand<ForgetFlags, [person: string]>({
  brief: "Take back that a person was let in, or forget who asked",
  description:
    "From now on the person is a stranger, and gets a new code by writing. Who is named in ocg.json stays\n" +
    "named there.",
  examples: [
    ["mesh ocg channels forget 12345", "by the id that `people` shows"],
    ["mesh ocg channels forget K7QM2XWP", "by the code of somebody who waits"],
    ["mesh ocg channels forget 12345 --channel telegram --account ops", "on one account only"],
  ],
  flags: { channel, account: { ...ACCOUNT, brief: "Which account, if the person uses several" } },
  positional: inOrder(argument("person", "The person's id or code")),
  action: () => import("./forget_action.ts"),
});
