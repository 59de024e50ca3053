/**
 * This program, started once more in the background. It has leave to start no other.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";

/** A process that goes on without us. */
export interface Detached {
  /** Its number. */
  readonly pid: number;
  /** How it ended, if it has: its exit code, or 128 and the number of the signal that ended it. */
  readonly exitCode: number | undefined;
}

/** A name that on Linux is always the running program, wherever it was installed. */
const RUNNING_PROGRAM = "/proc/self/exe";

/** What it is called on the `PATH` where there is no such name. */
const NAME = "mesh";

/** What a program that is run from its sources needs; a compiled one has its permissions in it. */
const FROM_SOURCES = ["net", "read", "write", "env", "sys", "run"].map((kind) => `--allow-${kind}`);

/**
 * Starts this program in a session of its own, so that neither the end of the terminal nor Ctrl-C in it
 * reaches it. It has our environment, no input, and no output: it has to keep a log itself.
 *
 * @param args Its arguments.
 * @returns The process.
 * @throws {MeshError} `unexpected` or `refused` if it cannot be started.
 */
export async function startItself(args: readonly string[]): Promise<Detached> {
  const source = ["run", "--quiet", "--no-prompt", ...FROM_SOURCES, Deno.mainModule];
  const command = new Deno.Command(await ownName(), {
    args: Deno.build.standalone ? [...args] : [...source, ...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  });
  try {
    const child = command.spawn();
    let exitCode: number | undefined;
    child.status.then(({ code }) => exitCode = code);
    child.unref();
    return {
      pid: child.pid,
      get exitCode() {
        return exitCode;
      },
    };
  } catch (error) {
    throw whyNot(error);
  }
}

async function ownName(): Promise<string> {
  if (Deno.build.os === "linux") return RUNNING_PROGRAM;
  const path = Deno.execPath();
  const { state } = await Deno.permissions.query({ name: "run", command: path });
  return state === "granted" ? path : NAME;
}

function whyNot(error: unknown): MeshError {
  const said = messageOf(error);
  const variable = /\b((?:LD|DYLD)_[A-Z_]+)\b/.exec(said)?.[1];
  if (variable !== undefined) {
    return new MeshError("refused", `Cannot start in the background while ${variable} is set`, {
      cause: error,
      hint: `env -u ${variable} mesh ogp start --background`,
    });
  }
  return new MeshError("unexpected", `Cannot start in the background: ${said}`, {
    cause: error,
    hint: `put this program on the PATH as ${NAME}, or let a service manager run: mesh ogp start`,
  });
}
