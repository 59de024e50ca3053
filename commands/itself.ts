/**
 * This program, started once more in the background.
 *
 * @module
 */
import { MeshError, messageOf } from "../lib/error.ts";

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
 * How this very program is started, wherever it came from: compiled, from the file that unpacks itself
 * (`scripts/portable`), or from its sources.
 *
 * @returns The program's path, and the arguments that come before the program's own.
 */
export function ownCommand(): string[] {
  if (Deno.build.standalone) return [Deno.execPath()];
  const portable = portableFile();
  if (portable !== undefined) return [portable];
  return [Deno.execPath(), "run", "--quiet", "--no-prompt", ...FROM_SOURCES, Deno.mainModule];
}

/**
 * The file that unpacked itself and then started this process, if that is how it was started. The variable
 * alone proves nothing: it may be inherited. So Deno has to lie where such a file puts it.
 *
 * @returns Its absolute path.
 */
export function portableFile(): string | undefined {
  const file = Deno.env.get("MESH_PORTABLE");
  if (!file) return undefined;
  const unpacked = new URL("../", Deno.mainModule);
  const deno = new URL("./deno", unpacked);
  return unpacked.protocol === "file:" && decodeURIComponent(deno.pathname) === Deno.execPath()
    ? file
    : undefined;
}

/**
 * Starts this program in a session of its own, so that neither the end of the terminal nor Ctrl-C in it
 * reaches it. It has our environment, no input, and no output: it has to keep a log itself.
 *
 * @param args Its arguments.
 * @returns The process.
 * @throws {MeshError} `unexpected` if it cannot be started.
 */
export function startItself(args: readonly string[]): Detached {
  const [program = "", ...rest] = ownCommand();
  const command = new Deno.Command(program, {
    args: [...rest, ...args],
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
