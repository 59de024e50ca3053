/**
 * Runs on a terminal, at which somebody types.
 *
 * @module
 */
import type { RunOptions } from "./program.ts";

/** Whether there is `script` of util-linux, which runs a program on a terminal of its own. */
export const HAS_TERMINAL: boolean = await hasScript();

/**
 * A run on a terminal. When everything is typed, Ctrl-D is.
 *
 * @param text What is typed: no quotes, `\n` ends a line.
 * @returns How to start it.
 */
export function typing(text: string): RunOptions {
  return {
    env: { NO_COLOR: "", TERM: "xterm" },
    wrap: (command) => {
      const line = command.map((word) => `'${word}'`).join(" ");
      const typed = `printf "$1" | exec script --quiet --return --command "$2" /dev/null`;
      return ["sh", "-c", typed, "sh", text.replaceAll("\n", "\\n"), line];
    },
  };
}

async function hasScript(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    return (await new Deno.Command("script", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
