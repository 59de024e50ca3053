/**
 * Runs the same Deno that runs the script, and keeps what it says.
 *
 * @module
 */

/** What a run of Deno left behind. */
export interface Outcome {
  /** Its exit code. */
  readonly code: number;
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What it wrote to standard error, without colours and without Deno's own stack. */
  readonly stderr: string;
}

/** How to run Deno. */
export interface RunOptions {
  /** The folder to run in; by default this process's own. */
  readonly cwd?: string;
  /** Environment variables to set beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Deno to its end, without standard input.
 *
 * @param args The arguments, the subcommand first.
 * @param options Folder and environment.
 * @returns Exit code and output.
 */
export async function runDeno(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return await runProgram(Deno.execPath(), args, options);
}

/**
 * Runs a program to its end, without standard input and with colours off.
 *
 * @param program The path of the program.
 * @param args Its arguments.
 * @param options Folder and environment.
 * @returns Exit code and output.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const output = await new Deno.Command(program, {
    args: [...args],
    env: { ...options.env, NO_COLOR: "1" },
    stdin: "null",
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  }).output();
  const decoder = new TextDecoder();
  return {
    code: output.code,
    stdout: decoder.decode(output.stdout),
    stderr: withoutBacktrace(decoder.decode(output.stderr)),
  };
}

/** With RUST_BACKTRACE set, Deno ends each error with its own stack, which tells our reader nothing. */
function withoutBacktrace(text: string): string {
  const start = text.lastIndexOf("\nStack backtrace:\n");
  return start === -1 ? text : text.slice(0, start);
}
