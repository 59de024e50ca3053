/** Declares `mesh skills install|list`. @module */
import { buildRouteMap } from "@stricli/core";
import { MeshError } from "../../lib/error.ts";
import { defineCommand, type MeshContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** The programs that skills are installed for. */
export type Host = "openclaw" | "claude";

/** Flags of `mesh skills list`. */
export interface ListFlags extends CommonFlags {
  readonly dir?: string;
}

/** Flags of `mesh skills install`. */
export interface InstallFlags extends ListFlags {
  readonly for?: Host | "all";
  readonly force: boolean;
}

const HOSTS = ["openclaw", "claude", "all"] as const;

const dir = {
  kind: "parsed",
  parse: String,
  placeholder: "dir",
  brief: "The folder of skills, instead of those of the programs",
  optional: true,
};

const install = defineCommand<InstallFlags, string[]>({
  brief: "Teach the agents on this machine to drive mesh",
  description:
    "Writes a SKILL.md for each skill where OpenClaw (~/.openclaw/skills) and Claude Code\n" +
    "(~/.claude/skills) look for them, if they are on this machine; --for writes them even if they are not.\n" +
    "Does what ogp-install-skills does for OGP's own program.\n\n" +
    "What this program has installed and nobody has changed is brought up to date. One that was edited, is\n" +
    "newer, or comes from elsewhere is kept (exit code 5), unless --force is given.",
  examples: [
    ["mesh skills install", "all of them, for what is here"],
    ["mesh skills install ogp ogp-expose --for claude", "two of them, for Claude Code"],
    ["mesh skills install --dir .claude/skills", "into a project"],
  ],
  flags: {
    for: {
      kind: "parsed",
      parse: parseHost,
      placeholder: "program",
      brief: `${HOSTS.join(", ")} (default: those that are on this machine)`,
      optional: true,
      proposeCompletions: (partial: string) => HOSTS.filter((one) => one.startsWith(partial)),
    },
    dir,
    force: {
      kind: "boolean",
      brief: "Write over what was edited or comes from elsewhere",
      default: false,
      withNegated: false,
    },
  },
  positional: {
    kind: "array",
    parameter: {
      brief: "Which skills (default: all)",
      parse: String,
      placeholder: "name",
    },
  },
  action: () => import("./install_action.ts"),
});

const list = defineCommand<ListFlags>({
  brief: "List the skills, and where they are installed",
  examples: [["mesh skills list", "what they are for, and whether they are up to date"]],
  flags: { dir },
  action: () => import("./list_action.ts"),
});

/** `mesh skills`. */
export const skills = buildRouteMap<"install" | "list", MeshContext>({
  routes: { install, list },
  docs: { brief: "Texts that teach agents to drive mesh" },
});

function parseHost(input: string): typeof HOSTS[number] {
  const found = HOSTS.find((host) => host === input);
  if (found) return found;
  throw new MeshError("usage", `There is no program "${input}": ${HOSTS.join(", ")}`);
}
