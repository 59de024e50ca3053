/** Declares `mesh completion` and the hidden `mesh complete` that its scripts call. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { SHELLS } from "./shells.ts";

/** `mesh completion`. */
export const completion = defineCommand<CommonFlags, [shell: string]>({
  brief: "Print a completion script for a shell",
  description:
    "Shells: bash, zsh, fish, pwsh. The script asks the program itself, so it never goes stale.",
  examples: [
    ['eval "$(mesh completion bash)"', "in ~/.bashrc"],
    ['eval "$(mesh completion zsh)"', "in ~/.zshrc, after compinit"],
    ["mesh completion fish | source", "in ~/.config/fish/config.fish"],
    ["mesh completion pwsh | Out-String | Invoke-Expression", "in $PROFILE"],
  ],
  positional: {
    kind: "tuple",
    parameters: [{
      brief: "bash, zsh, fish or pwsh",
      parse: String,
      placeholder: "shell",
      proposeCompletions: (partial: string) => SHELLS.filter((shell) => shell.startsWith(partial)),
    }],
  },
  anyState: true,
  action: () => import("./completion_action.ts"),
});

/** `mesh complete`: a line per proposal, name and explanation separated by a tab. */
export const complete = defineCommand<CommonFlags, string[]>({
  brief: "Propose how a command line may go on",
  examples: [["mesh complete -- peers sh", "prints: show"]],
  positional: {
    kind: "array",
    parameter: { brief: "The words so far", parse: String, placeholder: "word" },
  },
  anyState: true,
  action: () => import("./complete_action.ts"),
});
