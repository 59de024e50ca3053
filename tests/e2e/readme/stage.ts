/**
 * A machine on which the README is typed: a home of its own, the program on its path, ports that nobody else
 * has, and whatever the text says that others do in the meantime.
 *
 * @module
 */
import { freePort } from "../ports.ts";
import { prepareHome, PROGRAM } from "../program.ts";
import type { Typed } from "./blocks.ts";
import { Comparison } from "./compare.ts";

/** Milliseconds that a command may take. */
const PATIENCE = 120_000;

/** Ports that the text shows. */
const PORTS = ["8787", "8790", "18790", "8788", "3457"] as const;

/** The answers that a person would give to the questions of `mesh ogp setup`, below the home directory. */
export const ANSWERS = "answers.json";

/** Where the text relies on a default port, somebody else may have it here; and nobody is here to answer. */
const REWRITTEN: readonly (readonly [from: RegExp, to: string])[] = [
  [/^mesh serve(?!.*--port)/, "mesh serve --port 8787"],
  [/^mesh ogp setup$/, `mesh ogp setup --non-interactive --answers "$HOME/${ANSWERS}"`],
];

/** What became of a command. */
export interface Outcome {
  /** The exit code. */
  readonly code: number;
  /** What it printed, on both streams as on a terminal. */
  readonly printed: string;
}

/** The machine. Dispose of it: what runs on it ends. */
export class Stage implements AsyncDisposable {
  /** The home directory, which commands are run in. */
  readonly home: string;
  /** What stands for what. */
  readonly comparison = new Comparison();
  /** What was started with `&`, by its command line. */
  readonly #jobs = new Map<string, Deno.ChildProcess>();
  readonly #env: Record<string, string>;

  private constructor(home: string, env: Record<string, string>) {
    this.home = home;
    this.#env = env;
  }

  /** Sets the machine up. */
  static async open(): Promise<Stage> {
    const home = await Deno.realPath(await Deno.makeTempDir({ prefix: "mesh-readme-" }));
    await prepareHome(home);
    await Deno.mkdir(`${home}/bin`);
    const words = PROGRAM.command.map((word) => `'${word}'`).join(" ");
    const script = `#!/bin/sh\nexec ${words} "$@"\n`;
    await Deno.writeTextFile(`${home}/bin/mesh`, script, { mode: 0o755 });
    const inherited = Deno.env.toObject();
    for (const name of Object.keys(inherited)) {
      if (/^(?:MESH|OGP|OCG|OPENCLAW|CLAUDE)_/.test(name)) delete inherited[name];
    }
    const stage = new Stage(home, {
      ...inherited,
      HOME: home,
      PATH: `${home}/bin:${inherited.PATH}`,
      DENO_DIR: inherited.DENO_DIR ?? `${inherited.HOME}/.cache/deno`,
      NO_COLOR: "1",
    });
    for (const port of PORTS) stage.comparison.know(port, String(freePort()));
    return stage;
  }

  /** A port that the text shows, as it is here. */
  port(shown: typeof PORTS[number]): string {
    return this.comparison.translate(shown);
  }

  /**
   * Types a command, and compares what it prints with what is shown.
   *
   * @param typed The command.
   * @throws If it fails, or says something else.
   */
  async type({ line, shown }: Typed): Promise<void> {
    const whole = REWRITTEN.reduce((text, [from, to]) => text.replace(from, to), line);
    const command = this.comparison.translate(whole);
    if (command.endsWith("&")) return await this.#begin(line, command.slice(0, -1).trim());
    const { code, printed } = await this.run(command);
    // The receipt "queued" has an exit code of its own.
    const fine = code === 0 || code === 8 && /^Queued/m.test(printed);
    if (!fine) throw new Error(`$ ${command}\nended with exit code ${code}:\n${printed}`);
    if (shown.length === 0) return;
    const difference = this.comparison.difference(shown, printed.trimEnd().split("\n"));
    if (difference !== undefined) {
      throw new Error(`$ ${command}\n${difference}\n--- all of it:\n${printed}`);
    }
  }

  /** Runs a command line to its end. */
  async run(command: string): Promise<Outcome> {
    const signal = AbortSignal.timeout(PATIENCE);
    const { code, stdout } = await this.#shell(`{ ${command}\n} 2>&1`, "piped", signal).output();
    return { code, printed: new TextDecoder().decode(stdout) };
  }

  /** Ends what was started with `&` on a state directory. */
  async end(stateDir: string): Promise<void> {
    for (const [line, job] of this.#jobs) {
      if (!line.includes(`--state-dir ${stateDir}`)) continue;
      this.#jobs.delete(line);
      await stopped(job);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("mesh ogp stop");
    for (const job of this.#jobs.values()) await stopped(job);
    await Deno.remove(this.home, { recursive: true });
  }

  async #begin(line: string, command: string): Promise<void> {
    this.#jobs.set(line, this.#shell(`exec ${command}`, "null").spawn());
    const [root = ""] = /--state-dir \S+/.exec(command) ?? [];
    const { code, printed } = await this.run(`mesh service ready ${root} --timeout 60s`);
    if (code !== 0) throw new Error(`$ ${command} &\ndoes not listen: ${printed}`);
  }

  #shell(script: string, stdout: "piped" | "null", signal?: AbortSignal): Deno.Command {
    return new Deno.Command("sh", {
      args: ["-c", script],
      clearEnv: true,
      env: this.#env,
      cwd: this.home,
      stdin: "null",
      stdout,
      stderr: "null",
      ...(signal ? { signal } : {}),
    });
  }
}

async function stopped(job: Deno.ChildProcess): Promise<void> {
  try {
    job.kill("SIGTERM");
  } catch (error) {
    // It ended by itself.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
  await job.status;
}
