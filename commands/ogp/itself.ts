/**
 * This program, started once more in the background.
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

/** What a program that is run from its sources needs; a compiled one has its permissions in it. */
const FROM_SOURCES = ["net", "read", "write", "env", "sys", "run"].map((kind) => `--allow-${kind}`);

/**
 * Starts this program in a session of its own, so that neither the end of the terminal nor Ctrl-C in it
 * reaches it. It has our environment, no input, and no output: it has to keep a log itself.
 *
 * @param args Its arguments.
 * @returns The process.
 * @throws {MeshError} `unexpected` if it cannot be started.
 */
export function startItself(args: readonly string[]): Detached {
  const source = ["run", "--quiet", "--no-prompt", ...FROM_SOURCES, Deno.mainModule];
  const command = new Deno.Command(Deno.execPath(), {
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
    throw new MeshError("unexpected", `Cannot start in the background: ${messageOf(error)}`, {
      cause: error,
      hint: "let a service manager run: mesh ogp start",
    });
  }
}
