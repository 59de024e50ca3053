/**
 * The completion scripts as files, where shells and packages of distributions expect them. Each asks the
 * program itself, so that there is nothing in it that could go stale.
 *
 * @module
 */
import { runCommand } from "../../commands/run.ts";
import { SHELLS } from "../../commands/shells.ts";

const NAMES: Readonly<Record<typeof SHELLS[number], string>> = {
  bash: "mesh.bash",
  zsh: "_mesh",
  fish: "mesh.fish",
  pwsh: "mesh.ps1",
};

/**
 * Writes the scripts.
 *
 * @returns Their texts by file name.
 */
export async function completionFiles(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const shell of SHELLS) {
    const script = await printed(["completion", shell]);
    files[NAMES[shell]] = shell === "zsh" ? autoloaded(script) : script;
  }
  return files;
}

/** zsh loads a file of its function path when it is first needed, and calls what is in it. */
function autoloaded(script: string): string {
  return `#compdef mesh\n${script.replace(/^compdef _mesh mesh$/m, '_mesh "$@"')}`;
}

async function printed(args: readonly string[]): Promise<string> {
  let text = "";
  const sink = (write: (part: string) => void) => ({
    writeSync(bytes: Uint8Array) {
      write(new TextDecoder().decode(bytes));
      return bytes.length;
    },
    isTerminal: () => false,
  });
  await runCommand(args, {
    stdout: sink((part) => text += part),
    stderr: sink(() => {}),
    env: () => undefined,
  });
  return text;
}
