/**
 * The program as a process: the compiled one that `MESH_BINARY` names, else the sources, run by the Deno
 * that runs the demo, with the permissions that a compiled one has.
 *
 * @module
 */

// Not run here, but loaded: its packages are then at hand before two processes want them at once.
import "../../main.ts";
import { PERMISSIONS } from "../permissions.ts";
import { expect } from "./failure.ts";

const PROGRAM = program();

/** What a process has said so far, and how it ended. */
export class MeshProcess {
  /** What was typed. */
  readonly typed: string;
  /** What it has written to standard output so far. */
  stdout = "";
  /** What it has written to standard error so far. */
  stderr = "";
  /** The exit code, once it has ended and all that it wrote is here. */
  readonly ended: Promise<number>;
  readonly #child: Deno.ChildProcess;
  #over = false;
  #changed = Promise.withResolvers<void>();

  /**
   * Starts the program.
   *
   * @param args Its arguments.
   * @param cwd The folder that it runs in.
   */
  constructor(args: readonly string[], cwd: string) {
    const [command, ...first] = PROGRAM;
    this.typed = ["mesh", ...args].map(quoted).join(" ");
    this.#child = new Deno.Command(command, {
      args: [...first, ...args],
      cwd,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.ended = this.#follow();
  }

  /** All that was typed and said, for a failure. */
  get transcript(): string {
    return `$ ${this.typed}\n${this.stdout}${this.stderr}`;
  }

  /**
   * Waits until something can be found in standard output.
   *
   * @param pattern What to look for.
   * @param patience Milliseconds.
   * @returns Where it was found.
   * @throws {Failure} if the process ends, or time passes, without it.
   */
  async hears(pattern: RegExp, patience: number): Promise<RegExpExecArray> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, patience);
    try {
      while (true) {
        const over = this.#over;
        const found = pattern.exec(this.stdout);
        if (found) return found;
        expect(!over, `It ended without saying ${pattern}`, this.transcript);
        expect(!late, `It did not say ${pattern} within ${patience / 1000} s`, this.transcript);
        await this.#changed.promise;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Waits for the end.
   *
   * @param patience Milliseconds.
   * @returns The exit code; `undefined` if it still runs.
   */
  async ends(patience: number): Promise<number | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), patience);
    });
    const code = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return code;
  }

  /** Sends a signal, unless it has ended. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #follow(): Promise<number> {
    const [{ code }] = await Promise.all([
      this.#child.status,
      this.#read(this.#child.stdout, (text) => this.stdout += text),
      this.#read(this.#child.stderr, (text) => this.stderr += text),
    ]);
    this.#over = true;
    this.#wake();
    return code;
  }

  async #read(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#wake();
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

function program(): readonly [string, ...string[]] {
  const binary = Deno.env.get("MESH_BINARY");
  if (binary) return [Deno.realPathSync(binary)];
  const main = new URL("../../main.ts", import.meta.url).href;
  return [Deno.execPath(), "run", "--quiet", ...PERMISSIONS, main];
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `"${arg.replace(/["\\$`]/g, "\\$&")}"`;
}
