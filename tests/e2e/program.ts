/**
 * The program under test as real processes: the compiled one that `MESH_BINARY` names, else the sources,
 * run by the Deno that runs the tests.
 *
 * @module
 */

// Not run here, but loaded: its packages are then at hand before the first child process needs them.
import "../../main.ts";
import { PERMISSIONS } from "../../scripts/permissions.ts";

/** How the program is started. */
export const PROGRAM: { readonly name: string; readonly command: readonly string[] } = program();

const BASE_ENVIRONMENT = await baseEnvironment();

/** How long a run may take in milliseconds, unless told otherwise; far more than any takes. */
const PATIENCE = 30_000;

/** How to start a run. */
export interface RunOptions {
  /** What it reads from standard input; nothing by default. */
  readonly stdin?: string | Uint8Array;
  /** Variables beside those of every run. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that it runs in. */
  readonly cwd?: string;
  /** A program to run it in, such as `script`: its command, and the whole command line to run. */
  readonly wrap?: (command: readonly string[]) => readonly string[];
}

/** What a run left behind. */
export interface Outcome {
  /** The exit code; 128 and the signal's number if a signal ended it. */
  readonly code: number;
  /** The signal that ended it, if one did. */
  readonly signal: Deno.Signal | null;
  /** All of standard output. */
  readonly stdout: string;
  /** All of standard error. */
  readonly stderr: string;
}

/** One process of the program. Dispose of it: whatever happens in a test, the process ends with it. */
export class Run implements AsyncDisposable {
  /** What it has written to standard output so far. */
  stdout = "";
  /** What it has written to standard error so far. */
  stderr = "";
  /** Ends with the process, when all that it wrote is here. */
  readonly ended: Promise<Outcome>;
  readonly #args: readonly string[];
  readonly #child: Deno.ChildProcess;
  #changed = Promise.withResolvers<void>();
  #over = false;

  /**
   * Starts the program.
   *
   * @param args Its arguments.
   * @param options Input and environment.
   */
  constructor(args: readonly string[], { stdin, env, cwd, wrap }: RunOptions = {}) {
    this.#args = args;
    const whole = [...PROGRAM.command, ...args];
    const [command = "", ...rest] = wrap ? wrap(whole) : whole;
    this.#child = new Deno.Command(command, {
      args: rest,
      clearEnv: true,
      env: { ...BASE_ENVIRONMENT, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdin: stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.ended = this.#follow(stdin);
  }

  /** The process' number. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Sends a signal; one that has ended gets none. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It ended a moment ago.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /**
   * Waits until something can be found in what the process has written.
   *
   * @param what What is waited for, for the failure's text.
   * @param find Looks for it; `undefined` is not yet.
   * @param patience Milliseconds.
   * @returns What was found.
   */
  async until<T>(what: string, find: () => T | undefined, patience = PATIENCE): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), patience);
    });
    try {
      while (true) {
        const over = this.#over;
        const found = find();
        if (found !== undefined) return found;
        if (over) throw new Error(this.transcript(`ended before ${what}`));
        if (await Promise.race([this.#changed.promise, late]) === "late") {
          throw new Error(this.transcript(`${what} did not come within ${patience} ms`));
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Waits for the end.
   *
   * @param patience Milliseconds; after that it is a failure, and the process is killed.
   * @returns What the run left behind.
   */
  async end(patience = PATIENCE): Promise<Outcome> {
    await this.until("its end", () => this.#over || undefined, patience).catch((error) => {
      this.kill("SIGKILL");
      throw error;
    });
    return await this.ended;
  }

  /** All that is known of the run, for a failure's text. */
  transcript(problem: string): string {
    const said = [["stdout", this.stdout], ["stderr", this.stderr]]
      .map(([name, text]) => `--- ${name}\n${text}`).join("\n");
    return `mesh ${this.#args.join(" ")}: ${problem}\n${said}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.ended;
  }

  async #follow(stdin: string | Uint8Array | undefined): Promise<Outcome> {
    const [{ code, signal }] = await Promise.all([
      this.#child.status,
      this.#read(this.#child.stdout, (text) => this.stdout += text),
      this.#read(this.#child.stderr, (text) => this.stderr += text),
      stdin === undefined ? undefined : this.#write(stdin),
    ]);
    this.#over = true;
    this.#wake();
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }

  async #read(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#wake();
    }
  }

  async #write(input: string | Uint8Array): Promise<void> {
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    const writer = this.#child.stdin.getWriter();
    // A program may end without reading everything.
    await writer.write(bytes).catch(() => {});
    await writer.close().catch(() => {});
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/**
 * Runs the program to its end.
 *
 * @param args Its arguments.
 * @param options Input and environment, and the exit code that is expected (default: 0).
 * @returns What it left behind.
 */
export async function run(
  args: readonly string[],
  { code = 0, ...options }: RunOptions & { readonly code?: number } = {},
): Promise<Outcome> {
  await using process = new Run(args, options);
  const outcome = await process.end();
  if (outcome.code === code) return outcome;
  throw new Error(process.transcript(`exit code ${outcome.code} instead of ${code}`));
}

/**
 * Puts into a new home what Deno needs to find the packages that it has: the choice of a registry.
 *
 * @param home The folder that will be a run's home.
 */
export async function prepareHome(home: string): Promise<void> {
  const own = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE");
  if (own === undefined) return;
  await Deno.copyFile(`${own}/.npmrc`, `${home}/.npmrc`).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

function program(): typeof PROGRAM {
  const binary = Deno.env.get("MESH_BINARY");
  if (binary) return { name: `the compiled program "${binary}"`, command: [binary] };
  const main = new URL("../../main.ts", import.meta.url).href;
  return {
    name: `main.ts run by Deno ${Deno.version.deno}`,
    // What a compiled program may do, and no more.
    command: [Deno.execPath(), "run", "--quiet", ...PERMISSIONS, main],
  };
}

/** The tests' own environment, without what would change the program's ways. */
async function baseEnvironment(): Promise<Record<string, string>> {
  const env = { ...Deno.env.toObject(), NO_COLOR: "1" };
  for (const name of ["MESH_STATE_DIR", "OPENCLAW_AGENT_MESH_DIR", "RUST_BACKTRACE"]) {
    delete (env as Record<string, string>)[name];
  }
  if (PROGRAM.command.length === 1) return env;
  // Each run gets a home of its own; Deno's cache stays where it is.
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
  return { ...env, DENO_DIR: denoDir, DENO_NO_UPDATE_CHECK: "1" };
}
