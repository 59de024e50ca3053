/** Declares `mesh link`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh link`. */
export interface LinkFlags extends CommonFlags {
  readonly dir?: string;
  readonly remove: boolean;
}

/** `mesh link`. */
export const link = defineCommand<LinkFlags>({
  brief: "Make ogp and ocg commands of their own",
  description:
    "Writes small programs ogp, ogp-install-skills and ocg that start this one, so that scripts and skills\n" +
    "written for the programs of those names run unchanged. They lie beside mesh, or in ~/.local/bin if that\n" +
    "cannot be written to. A program of that name that is not ours is left alone (exit code 5).",
  examples: [
    ["mesh link", "from now on, ogp status is mesh ogp status"],
    ["mesh link --dir ~/bin", "in a folder of your own"],
    ["mesh link --remove", "take them away again"],
  ],
  flags: {
    dir: {
      kind: "parsed",
      parse: String,
      placeholder: "dir",
      brief: "The folder for them",
      optional: true,
    },
    remove: {
      kind: "boolean",
      brief: "Take them away",
      default: false,
      withNegated: false,
    },
  },
  action: () => import("./link_action.ts"),
});
