/** Declares `mesh peers list|show|verify|remove`. @module */
import { buildRouteMap } from "@stricli/core";
import { defineCommand, type MeshContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** Flags of `mesh peers verify`. */
export interface VerifyFlags extends CommonFlags {
  readonly matched: boolean;
}

const positional = {
  kind: "tuple",
  parameters: [{
    brief: "The peer's id, the beginning of one, or its name",
    parse: String,
    placeholder: "peer",
  }],
};

const list = defineCommand<CommonFlags>({
  brief: "List the agents that are trusted",
  examples: [["mesh peers list", "names, endpoints, fingerprints"]],
  action: () => import("./list_action.ts"),
});

const show = defineCommand<CommonFlags, [peer: string]>({
  brief: "Show one trusted agent",
  examples: [["mesh peers show stan", "all that is known of stan"]],
  positional,
  action: () => import("./show_action.ts"),
});

const verify = defineCommand<VerifyFlags, [peer: string]>({
  brief: "Compare keys with a peer's owner",
  description:
    "Prints a number of 60 digits that is the same on both sides. Read it to each other over the phone or\n" +
    "face to face: if it is the same, nobody is between you. That you compared it is remembered.",
  examples: [
    ["mesh peers verify stan", "print the number, and ask whether it matched"],
    ["mesh peers verify stan --matched", "it was compared, and matched"],
  ],
  flags: {
    matched: {
      kind: "boolean",
      brief: "Remember that the number matched, without asking",
      default: false,
      withNegated: false,
    },
  },
  positional,
  action: () => import("./verify_action.ts"),
});

const remove = defineCommand<CommonFlags, [peer: string]>({
  brief: "End the trust in an agent",
  description:
    "From then on its messages are refused. Nothing is sent to it. Messages stay on disk.",
  examples: [["mesh peers remove stan", "refuse what stan sends from now on"]],
  positional,
  action: () => import("./remove_action.ts"),
});

/** `mesh peers`. */
export const peers = buildRouteMap<"list" | "show" | "verify" | "remove", MeshContext>({
  routes: { list, show, verify, remove },
  docs: { brief: "The agents that are trusted" },
});
