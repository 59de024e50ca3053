/** Declares `mesh ogp project invite|remove|delete`. @module */
import { defineCommand } from "../../define.ts";
import type { CommonFlags } from "../../flags.ts";
import { inOrder, PEER } from "../../positionals.ts";
import { PROJECT } from "./arguments.ts";

/** Flags of `delete`. */
export interface DeleteFlags extends CommonFlags {
  readonly force: boolean;
}

const force = {
  kind: "boolean",
  brief: "Do not ask back",
  default: false,
  withNegated: false,
};

/** `mesh ogp project invite`. */
export const invite = defineCommand<CommonFlags, [project: string, peer: string]>({
  brief: "Let a gateway into a project",
  description:
    "It is a member at once, whether or not it has asked: it may read all that is kept here of the project,\n" +
    "and contribute. To have the project on its side as well, its owner types request-join.",
  examples: [["mesh ogp project invite my-app stan", "stan may read and contribute"]],
  positional: inOrder(PROJECT, PEER),
  action: () => import("./invite_action.ts"),
});

/** `mesh ogp project remove`. */
export const remove = defineCommand<DeleteFlags, [project: string, peer?: string]>({
  brief: "Take a gateway out of a project, or remove the project",
  description:
    "With a gateway: it is no member any more, or its asking is turned down; what it contributed stays.\n" +
    "Without one: the same as delete.",
  examples: [
    ["mesh ogp project remove my-app stan", "stan may not read or contribute any more"],
    ["mesh ogp project remove my-app --force", "the project and all of its entries"],
  ],
  flags: { force },
  positional: inOrder(PROJECT, { ...PEER, optional: true }),
  action: () => import("./remove_action.ts"),
});

/** `mesh ogp project delete`. */
export const deleteProject = defineCommand<DeleteFlags, [project: string]>({
  brief: "Delete a project with all of its entries",
  description:
    "Only what is kept here. Asks back on a terminal; without one it wants --force. Grants that name the\n" +
    "project as a topic stay as they are.",
  examples: [["mesh ogp project delete my-app --force", "without being asked"]],
  flags: { force },
  positional: inOrder(PROJECT),
  action: () => import("./delete_action.ts"),
});
