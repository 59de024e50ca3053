/** Declares `mesh config …`. @module */
import { buildRouteMap } from "@stricli/core";
import { defineCommand, type MeshContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** Flags of `mesh config show`. */
export interface ShowFlags extends CommonFlags {
  readonly effective: boolean;
}

/** Flags of `mesh config set`. */
export interface SetFlags extends CommonFlags {
  readonly unset: boolean;
}

const KEY = { brief: "The key, such as ogp.gatewayUrl", parse: String, placeholder: "key" };

const path = defineCommand<CommonFlags>({
  brief: "Show where the configuration is",
  examples: [
    ["mesh config path", "config.json, ocg.json and identity.json, and whether they are there"],
  ],
  action: () => import("./path_action.ts"),
});

const show = defineCommand<ShowFlags, [section?: string]>({
  brief: "Show what is configured, and where each value comes from",
  description:
    "Each value with its source: the file, a variable of the environment, a flag, or a default. Without\n" +
    "--effective only what somebody has said. Secrets are shown as: set.",
  examples: [
    ["mesh config show", "what you have configured"],
    ["mesh config show ogp --effective", "all keys of a section, with their defaults"],
  ],
  flags: {
    effective: {
      kind: "boolean",
      brief: "With all that nobody has said, too",
      default: false,
      withNegated: false,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [{
      brief: "Only keys that begin with this, such as ogp or notify.targets",
      parse: String,
      placeholder: "section",
      optional: true,
    }],
  },
  action: () => import("./show_action.ts"),
});

const get = defineCommand<CommonFlags, [key: string]>({
  brief: "Print one value, whatever its source",
  description:
    "Texts are printed as they are, everything else as JSON. A secret is printed as: set.",
  examples: [["mesh config get ogp.daemonPort", "prints: 18790"]],
  positional: { kind: "tuple", parameters: [KEY] },
  action: () => import("./get_action.ts"),
});

const set = defineCommand<SetFlags, [key: string, value?: string]>({
  brief: "Change one value, and say when it counts",
  description:
    "Nothing is written that is not valid. The value is JSON, or a text without quotes; - reads it from\n" +
    "standard input, so that a secret is not in the shell's history.",
  examples: [
    ["mesh config set ogp.gatewayUrl https://anna.example.com", "where peers reach this gateway"],
    ["mesh config set notify.default local", "who gets messages"],
    [
      `mesh config set notify.targets.local '{"type":"agent","url":"http://127.0.0.1:11434"}'`,
      "a whole target",
    ],
    ["mesh config set ocg.channels.telegram.botToken - < token", "a secret"],
    ["mesh config set ogp.email --unset", "back to the default"],
  ],
  flags: {
    unset: {
      kind: "boolean",
      brief: "Take the value out, so that the default counts",
      default: false,
      withNegated: false,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [
      KEY,
      { brief: "The value; - reads it", parse: String, placeholder: "value", optional: true },
    ],
  },
  action: () => import("./set_action.ts"),
});

const validate = defineCommand<CommonFlags>({
  brief: "Check that all that is configured can be used",
  description: "Everything that is wrong is told at once, and the exit code is 2 if anything is.",
  examples: [["mesh config validate", "after config.json was edited"]],
  action: () => import("./validate_action.ts"),
});

const routes = { path, show, get, set, validate };

/** `mesh config`. */
export const config = buildRouteMap<keyof typeof routes, MeshContext>({
  routes,
  docs: {
    brief: "Look at the configuration, and change it",
    fullDescription:
      "Looks at the configuration, and changes it. The sections of config.json are called by their names,\n" +
      "such as ogp and notify; ocg stands for ocg.json, and identity for what others see of this node.\n\n" +
      "EXAMPLES\n" +
      "  mesh config show                           # what you have configured\n" +
      "  mesh config set ogp.email anna@example.com # change it",
  },
});
