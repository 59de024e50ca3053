/** Declares `mesh ogp agent-comms default|set-default|logging`. @module */
import { MeshError } from "../../../lib/error.ts";
import type { Level } from "../../../lib/ogp/policies/level.ts";
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { PEER } from "../../positionals.ts";
import { LEVEL } from "./arguments.ts";

/** Flags of `logging`. */
export interface LoggingFlags extends CommonFlags {
  readonly preview: boolean;
}

/** `mesh ogp agent-comms default`. */
export const defaultLevel = defineCommand<CommonFlags, [level: Level]>({
  brief: "Set the level of topics that no policy names",
  description:
    "It is summary until you set it. With off only what you open by topic reaches your agent; everything\n" +
    "else is turned away with a signed rejection.",
  examples: [
    ["mesh ogp agent-comms default summary", "an overview of anything"],
    ["mesh ogp agent-comms default off", "nothing that was not opened"],
  ],
  positional: { kind: "tuple", parameters: [LEVEL] },
  action: () => import("./default_action.ts"),
});

/** `mesh ogp agent-comms set-default`. */
export const setDefault = defineCommand<CommonFlags, [peer: string, level: Level]>({
  brief: "Set the same for one peer",
  description:
    "Counts where neither a topic of the peer's nor one for all is named: before the default for all.",
  examples: [["mesh ogp agent-comms set-default stan full", "stan may ask about anything else"]],
  positional: { kind: "tuple", parameters: [PEER, LEVEL] },
  action: () => import("./set_default_action.ts"),
});

/** `mesh ogp agent-comms logging`. */
export const logging = defineCommand<LoggingFlags, [onOff: "on" | "off"]>({
  brief: "Log who writes about what, or stop it",
  description:
    "The log is on until you switch it off. It keeps who, when, the topic, the level, and what became of\n" +
    "the message, for 90 days; with --preview also how its text begins.",
  examples: [
    ["mesh ogp agent-comms logging on", "without texts"],
    ["mesh ogp agent-comms logging on --preview", "with the first 100 characters"],
    ["mesh ogp agent-comms logging off", "no more entries"],
  ],
  flags: {
    preview: {
      kind: "boolean",
      brief: "With how the texts begin",
      default: false,
      withNegated: false,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [{
      brief: "on or off",
      parse: parseSwitch,
      placeholder: "on|off",
      proposeCompletions: (partial: string) =>
        ["on", "off"].filter((word) => word.startsWith(partial)),
    }],
  },
  action: () => import("./logging_action.ts"),
});

function parseSwitch(input: string): "on" | "off" {
  const word = input.toLowerCase();
  if (word === "on" || word === "off") return word;
  throw new MeshError("usage", `Cannot read "${input.slice(0, 40)}": on or off`);
}
