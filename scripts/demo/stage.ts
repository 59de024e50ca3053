/**
 * Where the demo takes place: a temporary folder and the processes in it, all of which are gone when it
 * has been cleared.
 *
 * @module
 */
import { expect } from "./failure.ts";
import { MeshProcess } from "./process.ts";
import type { Screen } from "./screen.ts";

/** How long a command may take, in milliseconds; far more than any takes. */
const PATIENCE = 20_000;

/** How long a process gets to end by itself before it is killed, in milliseconds. */
const GRACE = 5_000;

/** What a command left behind. */
export interface Answer {
  /** What it wrote to standard output. */
  readonly stdout: string;
  /** What was typed and all that it said, for a failure. */
  readonly transcript: string;
}

/** A folder and the processes that work in it. */
export class Stage {
  /** Where it is said what happens. */
  readonly screen: Screen;
  /** The folder; state directories are named relative to it. */
  readonly folder: string;
  readonly #processes = new Set<MeshProcess>();
  #closed = false;

  private constructor(screen: Screen, folder: string) {
    this.screen = screen;
    this.folder = folder;
  }

  /**
   * Makes the folder.
   *
   * @param screen Where it is said what happens.
   * @returns The stage; clear it afterwards.
   */
  static async open(screen: Screen): Promise<Stage> {
    return new Stage(screen, await Deno.makeTempDir({ prefix: "mesh-demo-" }));
  }

  /**
   * Runs a command to its end and shows it with its answer.
   *
   * @param args The command line.
   * @returns What it said.
   * @throws {Failure} if it does not end, or ends with another exit code than 0.
   */
  async run(...args: string[]): Promise<Answer> {
    const process = this.#start(args);
    this.screen.command(`$ ${process.typed}`);
    const code = await process.ends(PATIENCE);
    const { stdout, stderr, transcript } = process;
    expect(code !== undefined, `It did not end within ${PATIENCE / 1000} s`, transcript);
    expect(code === 0, `It ended with exit code ${code}`, transcript);
    this.#processes.delete(process);
    this.screen.answer(stdout + stderr);
    return { stdout, transcript };
  }

  /**
   * Starts a daemon, shows it, and waits until it listens.
   *
   * @param args The command line.
   * @returns The daemon.
   * @throws {Failure} if it does not listen.
   */
  async serve(...args: string[]): Promise<MeshProcess> {
    const process = this.#start(args);
    this.screen.command(`$ ${process.typed} &`);
    const [line] = await process.hears(/^.*listening on.*\n/m, PATIENCE);
    this.screen.answer(line);
    return process;
  }

  /**
   * Shows something that a daemon said.
   *
   * @param name Whose daemon it is.
   * @param daemon The daemon.
   * @param pattern What it must say, or must have said.
   * @returns What it said.
   * @throws {Failure} if it does not.
   */
  async hear(name: string, daemon: MeshProcess, pattern: RegExp): Promise<RegExpExecArray> {
    const found = await daemon.hears(pattern, PATIENCE);
    this.screen.answer(`[${name}'s daemon] ${found[0]}`);
    return found;
  }

  /**
   * Asks a daemon to stop.
   *
   * @param daemon The daemon.
   * @throws {Failure} if it does not, or not cleanly.
   */
  async stop(daemon: MeshProcess): Promise<void> {
    daemon.kill("SIGTERM");
    const code = await daemon.ends(PATIENCE);
    // Windows knows no way to ask: there the process was ended.
    const asked = Deno.build.os !== "windows";
    expect(!asked || code === 0, `It stopped with exit code ${code}`, daemon.transcript);
    this.#processes.delete(daemon);
  }

  /** Ends what still runs, removes the folder, and lets nothing new begin. */
  async clear(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#processes].map(async (process) => {
      process.kill("SIGTERM");
      if (await process.ends(GRACE) === undefined) process.kill("SIGKILL");
      await process.ended;
    }));
    await Deno.remove(this.folder, { recursive: true });
  }

  #start(args: readonly string[]): MeshProcess {
    expect(!this.#closed, "The demo is over");
    const process = new MeshProcess(args, this.folder);
    this.#processes.add(process);
    return process;
  }
}
