/** Declares `mesh ogp intent register|list|remove`. @module */
import { defineCommand } from "../../define.ts";
import { type CommonFlags, parseDuration } from "../../flags.ts";
import { argument, inOrder, textFlag } from "../../positionals.ts";

/** Flags of `register`. */
export interface RegisterFlags extends CommonFlags {
  readonly description?: string;
  readonly sessionKey?: string;
  readonly handler?: string;
  readonly schema?: string;
  readonly timeout?: number;
}

const NAME = argument("name", "The intent's name");

/** `mesh ogp intent register`. */
export const register = defineCommand<RegisterFlags, [name: string]>({
  brief: "Let gateways that you grant it ask for something of your own",
  description:
    "A message with this intent goes to your agent as every other, or to a program of yours: it gets the\n" +
    "message as JSON on its input and as OGP_INTENT, OGP_FROM, OGP_PAYLOAD and so on in its environment, and\n" +
    "what it prints is the reply. It runs without a shell and sees no other variables but PATH and HOME. Exit\n" +
    "code 75 asks to be called again later, any other but 0 is a failure. A payload that does not meet the\n" +
    "schema is refused. Registering a name again replaces what was registered. Nobody may use it before it is\n" +
    "granted.",
  examples: [
    [
      'mesh ogp intent register deployment --description "Deployment notifications"',
      "goes to your agent",
    ],
    [
      "mesh ogp intent register deployment --session-key agent:main:main",
      "into this session of OpenClaw",
    ],
    [
      "mesh ogp intent register deployment --handler ./deploy.sh --schema deploy.json",
      "goes to a program, if the payload is as it must be",
    ],
  ],
  flags: {
    description: textFlag("text", "What it is for"),
    sessionKey: textFlag("key", "The session of OpenClaw that its messages go to"),
    handler: textFlag("path", "The program that gets its messages"),
    schema: textFlag("file|json", "A JSON Schema that payloads must meet"),
    timeout: {
      kind: "parsed",
      parse: parseDuration,
      placeholder: "time",
      brief: "How long the program may run (default: 30s)",
      optional: true,
    },
  },
  positional: inOrder(NAME),
  action: () => import("./register_action.ts"),
});

/** `mesh ogp intent list`. */
export const list = defineCommand<CommonFlags>({
  brief: "List what other gateways can ask",
  examples: [["mesh ogp intent list", "what is built in, and your own"]],
  action: () => import("./list_action.ts"),
});

/** `mesh ogp intent remove`. */
export const remove = defineCommand<CommonFlags, [name: string]>({
  brief: "Take an intent of your own away",
  description: "Whoever was granted it is refused from now on. What was received stays.",
  examples: [["mesh ogp intent remove deployment", "nobody can ask for it any more"]],
  positional: inOrder(NAME),
  action: () => import("./remove_action.ts"),
});
