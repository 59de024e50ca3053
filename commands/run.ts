/**
 * Arguments in, exit code out.
 *
 * @module
 */
import { ExitCode, proposeCompletions, run } from "@stricli/core";
import { exitCodeOf, MeshError } from "../lib/error.ts";
import { app } from "./app.ts";
import type { MeshContext } from "./define.ts";
import { failureDocument, Terminal, type TextSink } from "./terminal.ts";

/** The parser's own failures have exit codes below 0: these two are mistakes in what was typed. */
const MISTAKES: readonly number[] = [ExitCode.UnknownCommand, ExitCode.InvalidArgument];

/** Where a run talks to, and what it reads. */
export interface RunOptions {
  /** Results. */
  readonly stdout: TextSink;
  /** Everything else. */
  readonly stderr: TextSink;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Runs one command line.
 *
 * @param args The arguments after the program's name.
 * @param options Streams and environment.
 * @returns The exit code.
 */
export async function runCommand(args: readonly string[], options: RunOptions): Promise<number> {
  const terminal = new Terminal(options);
  const error = new Terminal({ ...options, stdout: options.stderr });
  let said = "";
  const process: { exitCode?: number | string | null } & MeshContext["process"] = {
    stdout: { write: (text) => terminal.raw(text), getColorDepth: () => terminal.color ? 4 : 1 },
    stderr: {
      write: (text) => {
        said += text;
        error.raw(text);
      },
      getColorDepth: () => 1,
    },
  };
  const context: MeshContext = {
    process,
    terminal,
    env: options.env,
    propose: (words) => proposeCompletions(app, words, context),
  };
  await run(app, args, context);
  const code = Number(process.exitCode ?? 0);
  if (code >= 0) return code;
  const failure = parserFailure(code, said);
  if (asksForJson(args)) terminal.withJson(true).document(failureDocument(failure));
  return exitCodeOf(failure);
}

/** What the parser said, in the two lines of `parser_text.ts`, as the error that it is. */
function parserFailure(code: number, said: string): MeshError {
  const [, message = "The command line cannot be run"] = /^mesh: (.*)$/m.exec(said) ?? [];
  const [, hint] = /^hint: (.*)$/m.exec(said) ?? [];
  return new MeshError(
    MISTAKES.includes(code) ? "usage" : "unexpected",
    message,
    hint === undefined ? {} : { hint },
  );
}

function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? undefined : end).includes("--json");
}
