/** What `mesh completion` does. @module */
import { MeshError } from "../lib/error.ts";

import type { ActionContext } from "./define.ts";
import type { CommonFlags } from "./flags.ts";
import { SHELLS } from "./shells.ts";

/** Each script hands the words up to the cursor to `mesh complete` and offers what it prints. */
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_mesh() {
  local IFS=$'\\n'
  COMPREPLY=()
  local line
  while IFS=$'\\t' read -r line _; do
    COMPREPLY+=("$line")
  done < <("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _mesh mesh
`,
  zsh: `_mesh() {
  local -a proposals
  local name brief
  while IFS=$'\\t' read -r name brief; do
    proposals+=("\${name//:/\\\\:}:$brief")
  done < <("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#proposals} )); then _describe mesh proposals; else _files; fi
}
compdef _mesh mesh
`,
  fish: `function __mesh_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c mesh -n 'test (count (__mesh_complete)) -gt 0' -f -a '(__mesh_complete)'
`,
  pwsh: `Register-ArgumentCompleter -Native -CommandName mesh -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -eq '') { $words += '' }
  mesh complete -- @words 2>$null | ForEach-Object {
    $name, $brief = $_ -split "\`t", 2
    if (-not $brief) { $brief = $name }
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $brief)
  }
}
`,
};

/**
 * Prints a script.
 *
 * @param context The terminal.
 * @param _flags None of its own.
 * @param shell Which shell.
 */
export default function (
  { terminal }: ActionContext,
  _flags: CommonFlags,
  shell: string,
): Promise<void> {
  const script = SCRIPTS[shell];
  if (script === undefined) {
    throw new MeshError("usage", `There is no completion script for "${shell}"`, {
      hint: `one of: ${SHELLS.join(", ")}`,
    });
  }
  terminal.raw(script);
  return Promise.resolve();
}
