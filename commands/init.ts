/** Declares `mesh init`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh init`. */
export interface InitFlags extends CommonFlags {
  readonly endpoint?: string;
  readonly agentId?: string;
  readonly displayName?: string;
  readonly force: boolean;
}

/** `mesh init`. */
export const init = defineCommand<InitFlags>({
  brief: "Make this node's identity: a key pair and a card",
  description:
    "Makes an Ed25519 key pair and the card that others find. Without --endpoint the address of this\n" +
    "machine in the local network is guessed. An identity that is there is kept, unless --force is given:\n" +
    "then it is moved to the folder backups first.",
  examples: [
    ["mesh init", "guess the endpoint from the LAN address"],
    [
      'mesh init --display-name "Stan" --endpoint http://192.168.1.20:8787',
      "name the node and say where it listens",
    ],
  ],
  flags: {
    endpoint: {
      kind: "parsed",
      parse: String,
      placeholder: "url",
      brief: "Where others reach this node",
      optional: true,
    },
    agentId: {
      kind: "parsed",
      parse: String,
      placeholder: "id",
      brief: "The agent's id (default: random)",
      optional: true,
    },
    displayName: {
      kind: "parsed",
      parse: String,
      placeholder: "name",
      brief: "The agent's name for people",
      optional: true,
    },
    force: {
      kind: "boolean",
      brief: "Replace an identity that is there; it is kept as a backup",
      default: false,
      withNegated: false,
    },
  },
  action: () => import("./init_action.ts"),
});
