/** Declares `mesh ogp federation list|status|ping|whoami|alias|tag|untag`. @module */
import { MeshError } from "../../../lib/error.ts";
import type { Standing } from "../../../lib/ogp/peers.ts";
import { defineCommand } from "../../define.ts";
import { type CommonFlags, parseDuration } from "../../flags.ts";
import { argument, inOrder, PEER, textFlag } from "../../positionals.ts";

/** Flags of `list`. */
export interface ListFlags extends CommonFlags {
  readonly status?: Standing;
  readonly tag?: string;
}

/** Flags of `ping`. */
export interface PingFlags extends CommonFlags {
  readonly timeout: number;
}

const STANDINGS: readonly Standing[] = ["pending", "approved", "rejected", "removed"];

/** `mesh ogp federation list`. */
export const list = defineCommand<ListFlags>({
  brief: "List the gateways that are known",
  examples: [
    ["mesh ogp federation list", "all, with standing and when they were last seen"],
    ["mesh ogp federation list --status pending", "who waits for a decision"],
    ["mesh ogp federation list --status approved --tag work", "approved ones with a tag"],
  ],
  flags: {
    status: {
      kind: "parsed",
      parse: parseStanding,
      placeholder: "status",
      brief: `Only ${STANDINGS.slice(0, -1).join(", ")} or ${STANDINGS.at(-1)} ones`,
      optional: true,
      proposeCompletions: (partial: string) => STANDINGS.filter((one) => one.startsWith(partial)),
    },
    tag: textFlag("tag", "Only those with this tag"),
  },
  action: () => import("./list_action.ts"),
});

/** `mesh ogp federation status`. */
export const status = defineCommand<CommonFlags>({
  brief: "Show how the federation is doing, on one page",
  description:
    "How many peers there are, which requests wait for you, who cannot be reached, what waits to be\n" +
    "delivered, and how much of today's budgets is used.",
  examples: [["mesh ogp federation status", "what needs care comes with the command for it"]],
  action: () => import("./status_action.ts"),
});

/** `mesh ogp federation ping`. */
export const ping = defineCommand<PingFlags, [url: string]>({
  brief: "Test the way to a gateway",
  description:
    "Asks the gateway whether it is there and for its card, and compares the card's key with what is on\n" +
    "record. Takes the name of a gateway that is known, too. Exit code 6 if it does not answer.",
  examples: [
    ["mesh ogp federation ping https://peer.example.com", "before asking it for federation"],
    ["mesh ogp federation ping peer-alice", "one that is known"],
  ],
  flags: {
    timeout: {
      kind: "parsed",
      parse: parseDuration,
      placeholder: "time",
      brief: "For each of the two questions",
      default: "5s",
    },
  },
  positional: inOrder(argument("url", "Where the gateway listens, or its name")),
  action: () => import("./ping_action.ts"),
});

/** `mesh ogp federation whoami`. */
export const whoami = defineCommand<CommonFlags>({
  brief: "Show what other gateways know this one by",
  description: "Read the key to a peer's owner, so that it can be compared there.",
  examples: [["mesh ogp federation whoami", "URL, key, fingerprint, ids"]],
  action: () => import("./whoami_action.ts"),
});

/** `mesh ogp federation alias`. */
export const alias = defineCommand<CommonFlags, [peer: string, name?: string]>({
  brief: "Give a gateway a short name, or take it away",
  examples: [
    ["mesh ogp federation alias 302a300506032b6570032100dcf1329a stan", "call it stan"],
    ["mesh ogp federation alias stan", "take the name away"],
  ],
  positional: inOrder(PEER, { ...argument("alias", "The name"), optional: true }),
  action: () => import("./alias_action.ts"),
});

const tagged = {
  kind: "array",
  parameters: [PEER],
  parameter: argument("tag", "The gateway, then the tags"),
};

/** `mesh ogp federation tag`. */
export const tag = defineCommand<CommonFlags, string[]>({
  brief: "Label a gateway",
  examples: [["mesh ogp federation tag stan work berlin", "list them: list --tag work"]],
  positional: tagged,
  action: () => import("./tag_action.ts"),
});

/** `mesh ogp federation untag`. */
export const untag = defineCommand<CommonFlags, string[]>({
  brief: "Take labels off a gateway",
  examples: [["mesh ogp federation untag stan berlin", "the other tags stay"]],
  positional: tagged,
  action: () => import("./untag_action.ts"),
});

function parseStanding(input: string): Standing {
  const found = STANDINGS.find((standing) => standing === input);
  if (found) return found;
  throw new MeshError("usage", `There is no status "${input}": ${STANDINGS.join(", ")}`);
}
