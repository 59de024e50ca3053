/** Declares `mesh ogp import`. @module */
import { defineCommand } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** Flags of `mesh ogp import`. */
export interface ImportFlags extends CommonFlags {
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly secretFile?: string;
}

/** `mesh ogp import`. */
export const importOgp = defineCommand<ImportFlags, [folder?: string]>({
  brief: "Take over from OGP's own program: its key, configuration and peers",
  description:
    "Reads the folder of OGP's own program, checks everything, and says of each thing whether it was\n" +
    "taken. The folder is only read. What is here already stays as it is, unless --force is given. The key\n" +
    "is taken if there is no identity here yet: peers then go on without noticing. An encrypted key is\n" +
    "opened with the token in the same folder's config.json, or with --secret-file. Stop the other program\n" +
    "first: two gateways with one key confuse their peers. Exit code 4 if something could not be taken.",
  examples: [
    ["mesh ogp import", "from $OGP_HOME, or ~/.ogp"],
    ["mesh ogp import ~/.ogp-hermes --dry-run", "look first, and change nothing"],
  ],
  flags: {
    dryRun: {
      kind: "boolean",
      brief: "Change nothing, only say what would be taken",
      default: false,
      withNegated: false,
    },
    force: {
      kind: "boolean",
      brief: "Replace peers and configuration that are here; never the key",
      default: false,
      withNegated: false,
    },
    secretFile: {
      kind: "parsed",
      parse: String,
      placeholder: "file",
      brief: "A file with the secret of an encrypted key; - is stdin",
      optional: true,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [{
      brief: "The folder of OGP's own program",
      parse: String,
      placeholder: "folder",
      optional: true,
    }],
  },
  action: () => import("./import_action.ts"),
});
