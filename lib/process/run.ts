/**
 * Runs a program of the owner's on something that a stranger may have written: no shell, no environment
 * but what is given, bounded output, bounded time, and nothing left behind when the time is over.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { Output } from "./output.ts";
import { GROUPS, ProcessGroup } from "./process_group.ts";

/** What to run, and how. */
export interface RunOptions {
  /** The program, a name on the path or an absolute path, and its arguments. */
  readonly argv: readonly string[];
  /** Its environment beside `PATH` and `HOME`; see {@linkcode environment} for what is left out. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What it reads on its standard input. Default nothing. */
  readonly stdin?: string | undefined;
  /** Its working directory. Default the home directory. */
  readonly cwd?: string | undefined;
  /** Milliseconds that it may run. */
  readonly timeoutMs: number;
  /** Most bytes that it may print. Default 256 KiB. */
  readonly maxStdout?: number | undefined;
  /** How many of the last bytes of its error output are kept. Default 4 KiB. */
  readonly maxStderr?: number | undefined;
  /** Milliseconds between being asked to end and being ended. Default 2,000. */
  readonly graceMs?: number | undefined;
  /** Ends it early. */
  readonly signal?: AbortSignal | undefined;
}

/** How a run ended. `stuck`: it cannot even be killed, and was left to the system. */
export type RunEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  | { readonly kind: "timeout" | "interrupted" | "too_much_output" | "stuck" };

/** What came of a run. */
export interface RunResult {
  /** How it ended. */
  readonly end: RunEnd;
  /** What it printed. */
  readonly stdout: string;
  /** The end of its error output. */
  readonly stderr: string;
}

const MAX_STDOUT = 256 * 1024;
const MAX_STDERR = 4096;
const GRACE_MS = 2000;
/** Milliseconds that output may still come after the program's end, from something that it started. */
const DRAIN_MS = 500;
/** Systems refuse to start a program with a variable of more than 128 KiB. */
const LONGEST_VARIABLE = 64 * 1024;
const DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

/**
 * Runs a program to its end.
 *
 * @param options What and how.
 * @returns How it ended and what it printed.
 * @throws {MeshError} `config_invalid` if it cannot be started: it is not there or may not be executed.
 *
 * @example
 * ```ts
 * import { runProgram } from "./run.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const argv = ["sh", "-c", 'read word; echo "$GREETING $word"'];
 * const options = { argv, env: { GREETING: "hello" }, stdin: "world\n", timeoutMs: 5000 };
 * const { end, stdout } = await runProgram(options);
 * assertEquals([end, stdout], [{ kind: "exited", code: 0 }, "hello world\n"]);
 * ```
 */
export async function runProgram(options: RunOptions): Promise<RunResult> {
  const { timeoutMs, signal, graceMs = GRACE_MS } = options;
  if (signal?.aborted) return { end: { kind: "interrupted" }, stdout: "", stderr: "" };
  const child = startProgram(options);
  const group = new ProcessGroup(child);
  const stuck = Promise.withResolvers<undefined>();
  let stopped: "timeout" | "interrupted" | "too_much_output" | undefined;
  let lastResort: ReturnType<typeof setTimeout> | undefined;
  const stop = (why: NonNullable<typeof stopped>) => {
    if (stopped) return;
    stopped = why;
    group.end(graceMs);
    lastResort = setTimeout(() => stuck.resolve(undefined), 2 * graceMs + DRAIN_MS);
  };
  const onAbort = () => stop("interrupted");
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop("timeout"), timeoutMs);
  const full = () => stop("too_much_output");
  const stdout = new Output(child.stdout, options.maxStdout ?? MAX_STDOUT, full);
  const stderr = new Output(child.stderr, options.maxStderr ?? MAX_STDERR);
  const input = feed(child.stdin, options.stdin ?? "");
  const status = await Promise.race([child.status, stuck.promise]);
  clearTimeout(timer);
  clearTimeout(lastResort);
  signal?.removeEventListener("abort", onAbort);
  group.settle();
  await drained([stdout.ended, stderr.ended]);
  await Promise.all([stdout.stop(), stderr.stop(), input.stop()]);
  return { end: endOf(status, stopped), stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * The environment of a program: `PATH` and `HOME` of this process, and what is given.
 *
 * @param given Variables. NUL characters are removed, and a variable of more than 64 KiB is left out,
 * because no program could be started with it.
 * @returns All variables.
 */
export function environment(
  given: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const home = Deno.env.get("HOME");
  const env: Record<string, string> = {
    PATH: Deno.env.get("PATH") ?? DEFAULT_PATH,
    ...(home === undefined ? {} : { HOME: home }),
  };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const text = value.replaceAll("\0", "").toWellFormed();
    if (new TextEncoder().encode(text).length <= LONGEST_VARIABLE) env[name] = text;
  }
  return env;
}

/**
 * Starts a program that leads a process group of its own, all three of its streams piped.
 *
 * @param options What to run, with which environment, where; nothing else of them is looked at.
 * @returns The process. Its output has to be read and it has to be ended; see `ProcessGroup`.
 * @throws {MeshError} `config_invalid` if it cannot be started.
 */
export function startProgram(
  { argv: [program = "", ...args], env, cwd }: Pick<RunOptions, "argv" | "env" | "cwd">,
): Deno.ChildProcess {
  const variables = environment(env);
  try {
    return new Deno.Command(program, {
      args,
      env: variables,
      clearEnv: true,
      cwd: cwd ?? variables.HOME ?? "/",
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      detached: GROUPS,
    }).spawn();
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "there is no such program or working directory"
      : cause instanceof Deno.errors.PermissionDenied
      ? "it may not be executed"
      : messageOf(cause);
    throw new MeshError("config_invalid", `Cannot run "${program}": ${why}`, { cause });
  }
}

/** Writes the input; a program that does not want it is no error. */
function feed(stdin: WritableStream<Uint8Array>, text: string): { stop(): Promise<void> } {
  const writer = stdin.getWriter();
  writer.closed.catch(() => {});
  const written = writer.write(new TextEncoder().encode(text))
    .then(() => writer.close())
    .catch(() => {});
  return {
    async stop() {
      await Promise.race([writer.abort().catch(() => {}), written]);
    },
  };
}

async function drained(ends: Promise<void>[]): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, DRAIN_MS);
  await Promise.race([Promise.all(ends), late.promise]);
  clearTimeout(timer);
}

function endOf(
  status: Deno.CommandStatus | undefined,
  stopped: "timeout" | "interrupted" | "too_much_output" | undefined,
): RunEnd {
  if (!status) return { kind: "stuck" };
  if (stopped) return { kind: stopped };
  const { code, signal } = status;
  return signal === null ? { kind: "exited", code } : { kind: "killed", signal };
}
